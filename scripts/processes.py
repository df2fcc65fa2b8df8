"""Child processes of a command: started apart from the terminal, watched, and stopped in order."""

import fcntl
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import IO, Self

import requests

READY_WITHIN_S = 180
STOP_WITHIN_S = 25
LOG_TAIL = 2000


class StartFailed(RuntimeError):
    """A child ended, or did not become ready in time; the text ends with its last words."""


class LockTaken(RuntimeError):
    """Another process holds the lock."""


@dataclass(frozen=True)
class Process:
    """A child with a name and a log. It has a session of its own: Ctrl-C reaches the parent only.

    `stop_signal` asks it to stop in its own best way.
    """

    name: str
    child: subprocess.Popen[bytes]
    log: Path
    stop_signal: signal.Signals = signal.SIGTERM

    @classmethod
    def start(
        cls,
        name: str,
        command: Sequence[str],
        logs: Path,
        *,
        user: str | None = None,
        stop_signal: signal.Signals = signal.SIGTERM,
        **environment: str,
    ) -> Self:
        """Start it with a fresh log; the log of the time before is kept beside it."""
        log = logs / f"{name}.log"
        if log.exists():
            log.replace(logs / f"{name}.previous.log")
        with log.open("wb") as output:
            child = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env={**os.environ, **environment},
                start_new_session=True,
                user=user,
                group=user,
                extra_groups=[] if user else None,
            )
        return cls(name, child, log, stop_signal)

    def last_words(self) -> str:
        return f"日志 {self.log} 的末尾：\n{self.log.read_text(errors='replace')[-LOG_TAIL:]}"


class Guard:
    """A watcher that outlives this process: when it is killed outright, its children are stopped.

    It also holds `lock` until then, so that nobody starts beside children that are still ending.
    `postgres` is the folder of an embedded server to stop with them.
    """

    def __init__(self, *, lock: IO[str], postgres: Path | None) -> None:
        self._watcher = subprocess.Popen(
            [sys.executable, "-m", "scripts.guard", *([str(postgres)] if postgres else [])],
            stdin=subprocess.PIPE,
            pass_fds=[lock.fileno()],
            start_new_session=True,
            text=True,
        )

    def __enter__(self) -> Self:
        return self

    def watch(self, process: Process) -> None:
        self._tell(str(process.child.pid))

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """All children are gone by now, so there is nothing left to watch."""
        self._tell("done")
        with suppress(BrokenPipeError):
            assert self._watcher.stdin is not None
            self._watcher.stdin.close()
        self._watcher.wait()

    def _tell(self, line: str) -> None:
        assert self._watcher.stdin is not None
        with suppress(BrokenPipeError):
            print(line, file=self._watcher.stdin, flush=True)


@dataclass(frozen=True)
class Children:
    """The children of a command in the order of their start; the guard knows each of them."""

    guard: Guard
    logs: Path
    started: list[Process] = field(default_factory=list)

    def start(
        self,
        name: str,
        command: Sequence[str],
        *,
        user: str | None = None,
        stop_signal: signal.Signals = signal.SIGTERM,
        **environment: str,
    ) -> Process:
        process = Process.start(name, command, self.logs, user=user, stop_signal=stop_signal, **environment)
        self.started.append(process)
        self.guard.watch(process)
        return process

    def stop(self, *processes: Process) -> None:
        """Stop these, and watch them no longer."""
        stop_all(processes)
        for process in processes:
            self.started.remove(process)


@contextmanager
def guarded_children(folder: Path) -> Iterator[Children]:
    """Children with their logs in `folder`, all of them stopped in the end, whatever the end is."""
    with held(folder / "children.lock") as lock, Guard(lock=lock, postgres=None) as guard:
        children = Children(guard, folder)
        try:
            yield children
        finally:
            stop_all(children.started)


@contextmanager
def held(path: Path) -> Iterator[IO[str]]:
    """Hold a lock file, which the kernel frees when its last holder dies; LockTaken when it is held."""
    with path.open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise LockTaken from None
        yield lock


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


@contextmanager
def held_port(wanted: int, taken: Collection[int] = ()) -> Iterator[int]:
    """A free port as of `free_port`, which nobody else is given meanwhile.

    The backend's server takes a port that another of its kind has, too (SO_REUSEPORT): of two systems
    started at once each would get half of the other's requests. This holds it in the same way, unheard.
    """
    with socket.socket() as holder:
        holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        holder.bind(("127.0.0.1", free_port(wanted, taken)))
        yield int(holder.getsockname()[1])


def wait_until_ready(address: str, processes: Sequence[Process]) -> None:
    """Wait for a 200; StartFailed when a child ends before or the time is over."""
    end = time.monotonic() + READY_WITHIN_S
    while time.monotonic() < end:
        for process in processes:
            if process.child.poll() is not None:
                raise StartFailed(
                    f"{process.name} 启动后就停了，日志在 {process.log}：\n{process.last_words()}"
                )
        try:
            if requests.get(address, timeout=2).status_code == 200:
                return
        except requests.RequestException:
            pass
        time.sleep(0.1)
    last = processes[-1]
    raise StartFailed(f"{address} 一直没有就绪。{last.last_words()}")


def wait_until_one_ends(processes: Sequence[Process]) -> Process:
    while True:
        for process in processes:
            if process.child.poll() is not None:
                return process
        time.sleep(0.5)


def stop_all(processes: Sequence[Process]) -> None:
    """Ask each to stop, the last started first; kill what is left of its group after a while."""
    for process in reversed(processes):
        if process.child.poll() is None:
            process.child.send_signal(process.stop_signal)
    end = time.monotonic() + STOP_WITHIN_S
    for process in reversed(processes):
        with suppress(subprocess.TimeoutExpired):
            process.child.wait(max(0.1, end - time.monotonic()))
        # Also when the child itself has ended: one that crashed may leave workers behind.
        with suppress(ProcessLookupError):
            os.killpg(process.child.pid, signal.SIGKILL)
        process.child.wait()
