"""`make run`: it starts everything, keeps the data, and leaves nothing behind, however it ends."""

import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from backend.config import PROJECT
from scripts.running import Running
from tests.scripts.running_system import (
    API,
    ENVIRONMENT,
    running_system,
    start_command,
    still_running,
    unused_port,
)

# The longest path a socket may have is shorter than this.
LONG_NAME = "a-folder-with-a-long-name-" * 5


@pytest.fixture
def deep(data_dir: Path) -> Path:
    """A data folder with a long path, in a folder for its owner only."""
    private = data_dir / LONG_NAME
    private.mkdir(mode=0o700)
    return private / "data"


def test_the_whole_journey_goes_as_told_and_the_city_is_still_there_after_a_restart(deep: Path) -> None:
    with running_system(deep) as system:
        where = system.where
        assert set(where) == {"city", "backend", "simulator", "people", "clerks"}
        assert len(where["people"]) >= 5
        assert all(set(person) == {"user", "name", "id_number", "shows"} for person in where["people"])
        assert all(set(clerk) == {"user", "shop", "invite"} for clerk in where["clerks"])
        assert len({clerk["shop"] for clerk in where["clerks"]}) >= 2
        person, clerk = where["people"][0], where["clerks"][0]
        assert system.sign_in(person["user"]).json()["resident"]["bound"] is False

        told = subprocess.run(
            [sys.executable, "-m", "scripts.demo", "--data-dir", str(deep)],
            cwd=PROJECT,
            env=ENVIRONMENT,
            capture_output=True,
            text=True,
            timeout=170,
        )
        assert told.returncode == 0, told.stdout + told.stderr
        assert told.stdout.rstrip().endswith("步，全部如所说。")
        began = system.processes()
        assert len(began) >= 7
        assert system.stop(signal.SIGINT) == 0
        assert still_running(began) == []

    assert not stat.S_IMODE(deep.parent.stat().st_mode) & (stat.S_IROTH | stat.S_IWOTH)
    assert stat.S_IMODE((deep / "run.json").stat().st_mode) == 0o600
    with running_system(deep) as system:
        assert system.where["clerks"] == where["clerks"]
        assert system.sign_in(person["user"]).json()["resident"]["bound"] is True
        joined = system.sign_in(clerk["user"], "merchant")
        assert joined.json()["clerk"]["shop"]["name"] == clerk["shop"]
        began = system.processes()
        assert system.stop(signal.SIGTERM) == 0
        assert still_running(began) == []


def test_a_second_run_needs_a_folder_of_its_own_and_finds_its_own_ports(data_dir: Path) -> None:
    port = str(unused_port())
    with running_system(data_dir / "one", "--port", port) as one:
        same_folder = refused(data_dir / "one")
        assert "已有系统在运行" in same_folder
        assert one.where["backend"] in same_folder
        with running_system(data_dir / "two", "--port", port) as two:
            addresses = [system.where[name] for system in (one, two) for name in ("backend", "simulator")]
            assert len(set(addresses)) == 4
            assert f"端口 {port} 已被占用" in two.said
            assert two.request("GET", f"{API}/public/city").status_code == 200
        assert one.request("GET", f"{API}/public/city").status_code == 200


def test_a_killed_run_takes_everything_with_it(data_dir: Path) -> None:
    with running_system(data_dir) as system:
        began = system.processes()
        system.stop(signal.SIGKILL)
        assert still_running(began, within_s=40) == []
    with running_system(data_dir) as system:
        began = system.processes()
        assert system.stop(signal.SIGHUP) == 0
        assert still_running(began) == []


def test_data_of_another_city_is_left_alone(data_dir: Path) -> None:
    Running(city="luoyang", backend="", simulator="", people=[], clerks=[]).write(data_dir)
    assert "另一个城市（luoyang）" in refused(data_dir)
    assert not (data_dir / "postgres").exists()


def test_a_city_that_does_not_exist_is_named(data_dir: Path) -> None:
    assert "没有找到城市文件夹" in refused(data_dir, "--city", "atlantis")


def refused(data_dir: Path, *options: str) -> str:
    """What it says when it does not start."""
    ended = subprocess.run(
        start_command(data_dir, *options),
        cwd=PROJECT,
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert ended.returncode == 1, ended.stdout + ended.stderr
    assert "Traceback" not in ended.stderr
    return ended.stderr
