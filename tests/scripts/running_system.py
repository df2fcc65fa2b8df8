"""The whole system as `make run` starts it, with data and ports of its own."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import requests

from backend.config import PROJECT, Settings

API = "/api/v1"
STARTED = "Ctrl-C"
# Settings of whoever runs the tests must not reach the system.
ENVIRONMENT = {name: value for name, value in os.environ.items() if name.lower() not in Settings.model_fields}


def start_command(data_dir: Path, *options: str) -> list[str]:
    return [sys.executable, "-m", "scripts.run", "--data-dir", str(data_dir), "--residents", "30", *options]


def unused_port() -> int:
    """A port whose neighbour is likely to be unused too."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return min(port, 65000)


@dataclass(frozen=True)
class System:
    """A running system; `said` is what it printed until it was ready."""

    process: subprocess.Popen[str]
    data_dir: Path
    said: str

    @property
    def where(self) -> dict[str, Any]:
        """What `run.json` says."""
        content: dict[str, Any] = json.loads((self.data_dir / "run.json").read_text())
        return content

    def request(self, method: str, path: str, **options: Any) -> requests.Response:
        with requests.Session() as http:
            http.trust_env = False
            return http.request(method, f"{self.where['backend']}{path}", timeout=30, **options)

    def sign_in(self, user: str, audience: str = "resident", **more: str) -> requests.Response:
        """Sign in with a fresh code of the simulator."""
        with requests.Session() as http:
            http.trust_env = False
            login = http.post(f"{self.where['simulator']}/__sim/login", json={"user": user}, timeout=30)
        code = login.json()["code"]
        return self.request("POST", f"{API}/{audience}/session", json={"code": code, **more})

    def processes(self) -> list[psutil.Process]:
        """The command, all below it, and PostgreSQL, which is nobody's child."""
        family = psutil.Process(self.process.pid)
        databases = [
            process
            for process in psutil.process_iter(["cmdline"])
            if str(self.data_dir / "postgres") in (process.info["cmdline"] or [])
        ]
        return [family, *family.children(recursive=True), *databases]

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Give the signal and wait for the end; gives the exit code."""
        self.process.send_signal(number)
        return self.process.wait(timeout=60)


@contextmanager
def running_system(data_dir: Path, *options: str) -> Iterator[System]:
    """Start it and wait until it says it is ready; it is stopped in the end if the test did not."""
    with subprocess.Popen(
        start_command(data_dir, *(options or ("--port", str(unused_port())))),
        cwd=PROJECT,
        env=ENVIRONMENT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    ) as process:
        try:
            assert process.stdout is not None
            said = ""
            while STARTED not in said:
                line = process.stdout.readline()
                assert line, f"it ended instead of starting: {said}"
                said += line
            yield System(process, data_dir, said)
        finally:
            if process.poll() is None:
                process.terminate()
                process.wait(timeout=60)


def still_running(processes: Sequence[psutil.Process], *, within_s: float = 5) -> list[psutil.Process]:
    """Those of the processes, and of their sessions, that have not ended after a while."""
    sessions = {process.pid for process in processes}
    end = time.monotonic() + within_s
    while (left := _alive(processes, sessions)) and time.monotonic() < end:
        time.sleep(0.2)
    return left


def _alive(processes: Sequence[psutil.Process], sessions: set[int]) -> list[psutil.Process]:
    found = list(processes)
    for process in psutil.process_iter():
        with suppress(ProcessLookupError):
            if os.getsid(process.pid) in sessions:
                found.append(process)
    return [process for process in found if _is_alive(process)]


def _is_alive(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
