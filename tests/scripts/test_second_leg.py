"""The second leg: servers of the system on ports of their own, gone at the end, whatever the end is."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from backend.config import PROJECT
from tests.scripts.running_system import ENVIRONMENT, still_running

LOOK_AROUND = """
import os, sys, time
from pathlib import Path
import psycopg
from redis import Redis

def test_what_is_there():
    with psycopg.connect(os.environ["TEST_DATABASE_URL"]) as connection:
        version, fsync = connection.execute("SELECT version(), current_setting('fsync')").fetchone()
        listening = connection.execute("SHOW listen_addresses").fetchone()[0]
    assert int(version.split()[1].split(".")[0]) >= 15
    assert (fsync, listening) == ("on", "127.0.0.1")
    with Redis.from_url(os.environ["TEST_REDIS_URL"]) as redis:
        assert redis.ping()
    Path({seen!r}).touch()
    time.sleep({wait})
    assert {passes}
"""


def start(folder: Path, *, passes: bool, wait: int = 0) -> subprocess.Popen[str]:
    folder.chmod(0o711)  # PostgreSQL runs as another user
    test, seen = folder / "test_look_around.py", folder / "seen"
    test.write_text(LOOK_AROUND.format(seen=str(seen), wait=wait, passes=passes))
    return subprocess.Popen(
        [sys.executable, "-m", "scripts.second_leg", "-q", "-p", "no:cacheprovider", str(test)],
        cwd=PROJECT,
        # One that is killed leaves its folder behind: in here.
        env={**ENVIRONMENT, "TMPDIR": str(folder)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


@pytest.mark.parametrize(("passes", "code"), [(True, 0), (False, 1)])
def test_it_runs_the_tests_on_both_servers_and_gives_their_outcome(
    data_dir: Path, passes: bool, code: int
) -> None:
    with start(data_dir, passes=passes) as leg:
        said, _ = leg.communicate(timeout=90)
    assert (data_dir / "seen").exists(), said
    assert leg.returncode == code, said


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_nothing_is_left_behind_when_it_is_stopped(data_dir: Path, number: signal.Signals) -> None:
    with start(data_dir, passes=True, wait=60) as leg:
        end = time.monotonic() + 60
        while not (data_dir / "seen").exists():
            assert time.monotonic() < end
            time.sleep(0.05)
        family = psutil.Process(leg.pid).children(recursive=True)
        assert {"postgres", "redis-server"} <= {process.name() for process in family}
        servers = [process for process in family if process.name() in ("postgres", "redis-server")]
        leg.send_signal(number)
        assert still_running(servers, within_s=60) == []
        # The tests themselves are in the session of whoever started them.
        os.killpg(leg.pid, signal.SIGKILL)
