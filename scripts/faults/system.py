"""The system that is broken: every part a process that can be killed and started again."""

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psutil
import psycopg
import requests
from alembic import command
from pydantic import SecretStr

from backend.config import Settings
from backend.main import Parts, alembic_config, assemble
from scripts.processes import Children, Process, guarded_children, wait_until_ready
from scripts.processes import free_port as port_near
from scripts.run import start_backend, start_simulator
from scripts.servers import ANY_PORT, PostgresServer, RedisServer, passable_folder

DATABASE = "city"
HEARTBEAT_S = 0.2
STALLED_AFTER_S = 1.5
WAIT_S = 90


class NeverHappened(RuntimeError):
    """Something waited for did not come about in time."""


@dataclass
class System:
    """Where everything is. `parts` is what this process itself sees of the backend: city, keys, database."""

    folder: Path
    children: Children
    postgres: PostgresServer
    redis: RedisServer
    settings: Settings
    backend: str
    simulator: str
    web: Process
    worker: Process
    parts: Parts

    @property
    def database_url(self) -> str:
        return self.postgres.url(DATABASE)

    def web_workers(self) -> list[psutil.Process]:
        """The web processes that live, the longest living first."""
        born = {}
        for one in psutil.Process(self.web.child.pid).children():
            with suppress(psutil.NoSuchProcess):
                if one.status() != psutil.STATUS_ZOMBIE:
                    born[one] = one.create_time()
        return sorted(born, key=lambda one: born[one])

    def has_answered(self, worker: psutil.Process) -> bool:
        """Each web process keeps its figures in a file of its own from its first answer on."""
        return (self.settings.data_dir / "metrics" / f"counter_{worker.pid}.db").exists()

    def start_worker(self) -> None:
        self.worker = _start_worker(self.children)

    def is_ready(self) -> bool:
        try:
            return requests.get(f"{self.backend}/readyz", timeout=5).status_code == 200
        except requests.RequestException:
            return False

    def jobs_left(self) -> int:
        """Jobs that wait for nothing but a worker, are being done, or failed."""
        with psycopg.connect(self.database_url) as connection:
            row = connection.execute(
                "SELECT count(*) FROM jobs.procrastinate_jobs WHERE status IN ('doing', 'failed')"
                " OR (status = 'todo' AND coalesce(scheduled_at, now()) <= now())"
            ).fetchone()
        assert row is not None
        return int(row[0])

    def logs(self) -> Iterator[Path]:
        """What the backend and the workers wrote, from earlier starts as well."""
        for path in self.folder.glob("*.log"):
            if path.name.startswith(("backend", "worker")):
                yield path


def wait_for(happened: Callable[[], bool], what: str, *, within_s: float = WAIT_S) -> float:
    """Wait until it happened; gives the seconds it took."""
    began = time.monotonic()
    while not happened():
        if time.monotonic() - began > within_s:
            raise NeverHappened(f"{within_s:.0f} 秒内没有等到：{what}")
        time.sleep(0.02)
    return time.monotonic() - began


def wait_for_more(number: Callable[[], int], what: str, *, within_s: float = WAIT_S) -> None:
    """Wait until the number has grown."""
    before = number()
    wait_for(lambda: number() > before, what, within_s=within_s)


@contextmanager
def running_system(*, server: str = "scripts.faults.web") -> Iterator[System]:
    """An empty city at the newest revision, running; it is gone at the end. `server` starts granian."""
    with passable_folder("faults-") as folder, guarded_children(folder) as children:
        postgres = PostgresServer.create(children, folder / "postgres")
        with psycopg.connect(postgres.url(), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {DATABASE}")
        redis = RedisServer.create(children, folder)
        simulator_port = port_near(ANY_PORT)
        simulator = f"http://127.0.0.1:{simulator_port}"
        settings = _settings(folder, postgres, redis, simulator)
        _tell_children(settings)
        command.upgrade(alembic_config(postgres.url(DATABASE)), "head")
        start_simulator(children, settings, simulator_port)
        wait_until_ready(f"{simulator}/__sim/users", children.started)
        parts = assemble(Settings(log_level="WARNING"))
        backend_port = port_near(ANY_PORT)
        backend = f"http://127.0.0.1:{backend_port}"
        start_backend(children, settings, backend_port, server=server)
        web = children.started[-1]
        worker = _start_worker(children)
        wait_until_ready(f"{backend}/readyz", children.started)
        yield System(folder, children, postgres, redis, settings, backend, simulator, web, worker, parts)
        parts.engine.dispose()


def _settings(folder: Path, postgres: PostgresServer, redis: RedisServer, simulator: str) -> Settings:
    """As in a trial, but nothing of it comes from the environment of whoever breaks things."""
    for name in Settings.model_fields:
        os.environ.pop(name.upper(), None)
    data = folder / "data"
    data.mkdir()
    return Settings(
        data_dir=data,
        database_url=SecretStr(postgres.url(DATABASE)),
        redis_url=SecretStr(redis.url()),
        wechat_base_url=f"{simulator}/",
        log_level="INFO",
    )


def _tell_children(settings: Settings) -> None:
    os.environ["NO_PROXY"] = os.environ["no_proxy"] = "127.0.0.1,localhost"
    for name, value in settings:
        if name in settings.model_fields_set:
            plain = value.get_secret_value() if isinstance(value, SecretStr) else value
            os.environ[name.upper()] = str(plain)


def _start_worker(children: Children) -> Process:
    command_line = [sys.executable, "-m", "scripts.worker"]
    command_line += ["--heartbeat", str(HEARTBEAT_S), "--stalled-after", str(STALLED_AFTER_S)]
    return children.start("worker", command_line)
