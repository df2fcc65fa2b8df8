"""Processes of one machine without Redis share a token through a file."""

import os
import stat
import subprocess
import sys
from pathlib import Path
from time import monotonic

import pytest

from backend.wechat import tokens
from backend.wechat.file_tokens import FileTokens
from backend.wechat.transport import CallFailed
from tests.backend.wechat.conftest import QUOTA, STABLE, ClientMaker, all_at_once
from tests.backend.wechat.test_access_token import call, own_fetches, revoke
from tests.scripts.wechat_simulator.running import ROOT, Simulator


@pytest.fixture
def token_file(tmp_path: Path) -> Path:
    return tmp_path / "data" / "wechat_token.json"


def test_four_processes_fetch_one_token(simulator: Simulator, token_file: Path) -> None:
    simulator.fault(STABLE, "delay", delay_ms=300)
    command = [sys.executable, "-m", "tests.backend.wechat.token_user", simulator.base_url, str(token_file)]
    processes = [
        subprocess.Popen([*command, "5"], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _ in range(4)
    ]
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        process.communicate("go\n", timeout=30)
    assert [process.returncode for process in processes] == [0] * 4
    assert len(simulator.calls(STABLE)) == 1
    assert [made["errcode"] for made in simulator.calls(QUOTA)] == [0] * 20


def test_without_the_file_each_process_would_fetch_its_own(
    make_client: ClientMaker, simulator: Simulator
) -> None:
    """The control: nothing else holds them back."""
    clients = [make_client() for _ in range(4)]
    all_at_once(4, lambda number: call(clients[number]))
    assert own_fetches(simulator) == 4


def test_a_revoked_token_is_replaced_once_for_all(
    make_client: ClientMaker, simulator: Simulator, token_file: Path
) -> None:
    clients = [make_client(tokens=FileTokens(token_file)) for _ in range(4)]
    call(clients[0])
    revoke(simulator)
    assert all_at_once(20, lambda number: call(clients[number % 4])) == [0] * 20
    assert own_fetches(simulator) == 2


def test_only_the_owner_can_read_it(make_client: ClientMaker, token_file: Path) -> None:
    assert call(make_client(tokens=FileTokens(token_file))) == 0
    assert stat.S_IMODE(token_file.stat().st_mode) == 0o600


def test_it_ends_with_the_life_of_the_token(token_file: Path) -> None:
    now = [1000.0]
    kept = FileTokens(token_file, now=lambda: now[0])
    with kept.lock():
        kept.set("key", "value", 30)
    assert FileTokens(token_file, now=lambda: now[0]).get("key") == "value"
    now[0] += 30
    assert kept.get("key") is None


@pytest.mark.parametrize("content", ["", "{", "[]", '{"key": 1}', '{"key": ["a"]}', '{"key": ["a", "b"]}'])
def test_a_spoilt_file_counts_as_none(
    make_client: ClientMaker, simulator: Simulator, token_file: Path, content: str
) -> None:
    token_file.parent.mkdir()
    token_file.write_text(content)
    assert call(make_client(tokens=FileTokens(token_file))) == 0
    assert own_fetches(simulator) == 1


def test_who_waits_for_the_lock_waits_a_bounded_time(
    token_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tokens, "WAIT_SECONDS", 0.2)
    began = monotonic()
    with FileTokens(token_file).lock(), pytest.raises(CallFailed), FileTokens(token_file).lock():
        pass
    assert monotonic() - began < 2


def test_a_holder_that_died_holds_nobody_up(token_file: Path) -> None:
    token_file.parent.mkdir()
    script = (
        "import pathlib, sys, time\n"
        "from backend.wechat.file_tokens import FileTokens\n"
        "with FileTokens(pathlib.Path(sys.argv[1])).lock():\n"
        "    print('held', flush=True)\n"
        "    time.sleep(60)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script, str(token_file)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        os.kill(holder.pid, 9)
    with FileTokens(token_file).lock():
        pass
