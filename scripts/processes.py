"""Child processes of a command: started apart from the terminal, watched, and stopped in order."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import requests

READY_WITHIN_S = 60
STOP_WITHIN_S = 25
LOG_TAIL = 2000


class StartFailed(RuntimeError):
    """A child ended, or did not become ready in time; the text ends with its last words."""


@dataclass(frozen=True)
class Process:
    """A child with a name and a log. It has a session of its own: Ctrl-C reaches the parent only."""

    name: str
    child: subprocess.Popen[bytes]
    log: Path

    @classmethod
    def start(cls, name: str, command: Sequence[str], logs: Path, **environment: str) -> Self:
        log = logs / f"{name}.log"
        with log.open("ab") as output:
            child = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env={**os.environ, **environment},
                start_new_session=True,
            )
        return cls(name, child, log)

    def last_words(self) -> str:
        return self.log.read_text(errors="replace")[-LOG_TAIL:]


def free_port(wanted: int, taken: Collection[int] = ()) -> int:
    """The wanted port of the loopback address, or any free one when that is in use."""
    for port in (wanted, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            found: int = probe.getsockname()[1]
            if found not in taken:
                return found
    return free_port(0, taken)


def wait_until_ready(address: str, processes: Sequence[Process]) -> None:
    """Wait for a 200; StartFailed when a child ends before or the time is over."""
    end = time.monotonic() + READY_WITHIN_S
    while time.monotonic() < end:
        for process in processes:
            if process.child.poll() is not None:
                raise StartFailed(f"{process.name} ended at once:\n{process.last_words()}")
        try:
            if requests.get(address, timeout=2).status_code == 200:
                return
        except requests.RequestException:
            pass
        time.sleep(0.1)
    raise StartFailed(f"{address} did not become ready:\n{processes[-1].last_words()}")


def wait_until_one_ends(processes: Sequence[Process]) -> Process:
    while True:
        for process in processes:
            if process.child.poll() is not None:
                return process
        time.sleep(0.5)


def stop_all(processes: Sequence[Process]) -> None:
    """Ask each to stop, the last started first; kill the whole group of one that does not."""
    for process in reversed(processes):
        if process.child.poll() is None:
            process.child.terminate()
    end = time.monotonic() + STOP_WITHIN_S
    for process in reversed(processes):
        try:
            process.child.wait(max(0.1, end - time.monotonic()))
        except subprocess.TimeoutExpired:
            os.killpg(process.child.pid, signal.SIGKILL)
            process.child.wait()
