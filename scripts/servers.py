"""PostgreSQL and Redis of the system, for tests and fault tests: on free ports, in a folder that goes.

The programs come from the system's packages. Both listen on 127.0.0.1 only; PostgreSQL wants a
password, and keeps its promise to have written what it committed (`fsync` is on).
"""

import os
import pwd
import re
import secrets
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

import psutil
import psycopg
from redis import Redis, RedisError

from scripts.processes import Children, Process, StartFailed, free_port

POSTGRES_HOMES = Path("/usr/lib/postgresql")
POSTGRES_USER = "postgres"
OLDEST_POSTGRES = 15
ANY_PORT = 0
READY_WITHIN_S = 60
MOST_CONNECTIONS = 200
MISSING = "请安装 {}，再运行一次。Debian 和 Ubuntu 上用 root 运行 make test 会自动安装。"


class ProgramMissing(RuntimeError):
    """The system has no such server; the text says which package brings it."""


@contextmanager
def passable_folder(prefix: str) -> Iterator[Path]:
    """A temporary folder that other users may pass: PostgreSQL, started by root, runs as another."""
    with tempfile.TemporaryDirectory(prefix=prefix) as name:
        folder = Path(name)
        folder.chmod(0o711)
        yield folder


@dataclass
class PostgresServer:
    """A PostgreSQL of its own in `folder`, stopped with the other children."""

    children: Children
    folder: Path
    port: int
    password: str = field(repr=False)
    process: Process | None = None

    @classmethod
    def create(cls, children: Children, folder: Path) -> Self:
        """Make the files of a new server and start it."""
        password = secrets.token_urlsafe(16)
        _initialise(folder, password)
        server = cls(children, folder, free_port(ANY_PORT), password)
        server.start()
        return server

    def url(self, database: str = "postgres") -> str:
        return (
            f"postgresql://{POSTGRES_USER}:{self.password}@127.0.0.1:{self.port}/{database}?sslmode=disable"
        )

    def start(self) -> None:
        """Start it, and wait until it answers: after a crash, until it has recovered."""
        command = [str(_program("postgres")), "-D", str(self.folder), "-p", str(self.port)]
        for setting in (
            "listen_addresses=127.0.0.1",
            f"unix_socket_directories={self.folder}",
            f"max_connections={MOST_CONNECTIONS}",
            "fsync=on",
        ):
            command += ["-c", setting]
        self.process = self.children.start("postgres", command, user=_run_as(), stop_signal=signal.SIGINT)
        _wait(self._answers, self.process)

    def kill(self) -> None:
        """Kill it with all its processes, as a machine that loses power would."""
        assert self.process is not None
        main = psutil.Process(self.process.child.pid)
        # The main process first, or it would begin to recover from the loss of the others.
        for process in (main, *main.children(recursive=True)):
            with suppress(psutil.NoSuchProcess):
                process.kill()
        self.children.stop(self.process)

    def _answers(self) -> bool:
        try:
            psycopg.connect(self.url(), connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True


@dataclass
class RedisServer:
    """A Redis of its own that keeps nothing on disk, stopped with the other children."""

    children: Children
    folder: Path
    port: int
    process: Process | None = None

    @classmethod
    def create(cls, children: Children, folder: Path) -> Self:
        server = cls(children, folder, free_port(ANY_PORT))
        server.start()
        return server

    def url(self, number: int = 0) -> str:
        return f"redis://127.0.0.1:{self.port}/{number}"

    def start(self) -> None:
        command = [str(_program("redis-server")), "--port", str(self.port), "--bind", "127.0.0.1"]
        command += ["--save", "", "--appendonly", "no", "--dir", str(self.folder)]
        self.process = self.children.start("redis", command)
        _wait(self._answers, self.process)

    def kill(self) -> None:
        assert self.process is not None
        self.process.child.kill()
        self.children.stop(self.process)

    @contextmanager
    def stalled(self) -> Iterator[None]:
        """Connected, and silent: stopped by a signal, going on at the end."""
        assert self.process is not None
        self.process.child.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self.process.child.send_signal(signal.SIGCONT)

    def flush(self) -> None:
        with Redis.from_url(self.url()) as connection:
            connection.flushall()

    def _answers(self) -> bool:
        try:
            with Redis.from_url(self.url(), socket_timeout=2) as connection:
                return bool(connection.ping())
        except RedisError:
            return False


def _initialise(folder: Path, password: str) -> None:
    user = _run_as()
    folder.mkdir(mode=0o700)
    if user:
        shutil.chown(folder, user, user)
    word = folder.parent / f"{folder.name}.password"
    word.touch(mode=0o600)
    word.write_text(password)
    if user:
        shutil.chown(word, user, user)
    command = [str(_program("initdb")), "-D", str(folder), "-U", POSTGRES_USER, f"--pwfile={word}"]
    command += ["-A", "scram-sha-256", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]
    try:
        made = subprocess.run(
            command, user=user, group=user, cwd=folder, capture_output=True, text=True, check=False
        )
    finally:
        word.unlink()
    if made.returncode:
        raise StartFailed(f"PostgreSQL 没有建成：{made.stderr[-2000:]}")


def _run_as() -> str | None:
    """PostgreSQL refuses to run as root; its package brings a user for it."""
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam(POSTGRES_USER).pw_name
    except KeyError:
        raise ProgramMissing(MISSING.format("postgresql")) from None


def _program(name: str) -> Path:
    """The newest installed PostgreSQL's program, or one on the path."""
    if name == "redis-server":
        found = shutil.which(name)
        if found is None:
            raise ProgramMissing(MISSING.format("redis-server"))
        return Path(found)
    homes = {
        int(home.name): home / "bin" / name
        for home in POSTGRES_HOMES.glob("*")
        if re.fullmatch(r"\d+", home.name) and (home / "bin" / name).exists()
    }
    if homes and max(homes) >= OLDEST_POSTGRES:
        return homes[max(homes)]
    on_path = shutil.which(name)
    if on_path is None:
        raise ProgramMissing(MISSING.format(f"postgresql（{OLDEST_POSTGRES} 或更新）"))
    return Path(on_path)


def _wait(answers: Callable[[], bool], process: Process) -> None:
    end = time.monotonic() + READY_WITHIN_S
    while not answers():
        if process.child.poll() is not None or time.monotonic() > end:
            raise StartFailed(f"{process.name} 没有启动。{process.last_words()}")
        time.sleep(0.05)
