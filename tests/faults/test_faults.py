"""The short form of `make faults`: everything that can break is broken under load, and then counted."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from backend.config import PROJECT
from scripts.check_invariants.checking import statements
from scripts.faults.__main__ import FAULTS, SHORT
from tests.scripts.running_system import ENVIRONMENT

LONGEST_S = 900


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What the command wrote about each fault."""
    summary: Path = tmp_path_factory.mktemp("faults") / "summary.json"
    told = subprocess.run(
        [sys.executable, "-m", "scripts.faults", "--json", str(summary)],
        cwd=PROJECT,
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
        timeout=LONGEST_S,
    )
    assert summary.exists(), told.stdout + told.stderr
    content: dict[str, Any] = json.loads(summary.read_text())
    return content


@pytest.mark.parametrize("fault", FAULTS)
def test_after_the_fault_nothing_is_lost_and_nothing_happened_twice(
    results: dict[str, Any], fault: str
) -> None:
    result = results[fault]
    assert result["problems"] == []
    assert result["held"]
    invariants = result["invariants"]
    # The statements, the scores and the months computed anew, and the answers that clients saw.
    assert invariants["checked"] == len(statements()) + 3
    assert invariants["broken"] == 0


def test_so_much_was_broken_as_was_ordered(results: dict[str, Any]) -> None:
    assert results["web-workers"]["figures"]["kills"] == SHORT.kills
    assert results["web-workers"]["figures"]["redeem"] >= SHORT.kills
    assert results["job-worker"]["figures"]["kills"] == SHORT.worker_kills
    assert results["database"]["figures"]["kills"] == SHORT.database_kills
    assert results["lost-answers"]["figures"]["answers_lost"] == 3 * SHORT.lost_answers


def test_every_success_that_a_client_saw_was_looked_for(results: dict[str, Any]) -> None:
    looked = results["web-workers"]["invariants"]["findings"][-1]
    assert looked["name"] == "answers"
    figures = results["web-workers"]["figures"]
    assert looked["looked"] >= figures["redeem"] - figures["repeated_on_purpose"]
