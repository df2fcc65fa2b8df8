"""The bench works: everything is prepared, sent, answered and counted. How fast it is, no test can say."""

import os
import re
import subprocess
import sys
from pathlib import Path

from backend.config import PROJECT
from scripts.bench.figures import RATIOS, TOLERATED_FALL, fallen, read_baseline
from tests.scripts.running_system import ENVIRONMENT

SCENES = ("hello", "incentive_list", "score_page", "sign_in", "claim_hot", "claim_spread", "redeem")
CONTROL = "claim_hot_plain"
CEILINGS = ("bare_hot_row", "statement_claim", "statement_claim_hot", "statement_redeem")


def test_a_short_run_measures_everything_and_all_counts_fit(data_dir: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "scripts.bench", "--short", "--data-dir", str(data_dir)],
        cwd=PROJECT,
        env={**ENVIRONMENT, "PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    told = dict(re.findall(r"^(\w+) ([\d.e+-]+) (?:/s|ratio)$", ended.stdout, re.MULTILINE))
    assert set(told) == {*SCENES, CONTROL, *CEILINGS, *(ratio.name for ratio in RATIOS)}
    assert all(float(value) > 0 for value in told.values())


def test_the_baseline_has_every_ratio_and_a_fall_is_noticed() -> None:
    baseline = read_baseline()
    assert set(baseline) == {ratio.name for ratio in RATIOS}
    assert fallen(baseline, baseline) == []
    name = RATIOS[0].name
    barely = {**baseline, name: baseline[name] * (1.001 - TOLERATED_FALL)}
    below = {**baseline, name: baseline[name] * (0.999 - TOLERATED_FALL)}
    assert (fallen(barely, baseline), fallen(below, baseline)) == ([], [name])
