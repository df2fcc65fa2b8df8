"""The system that is measured: a city of its own, and the backend as `make run` starts it."""

import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import click
import psutil
from alembic import command
from psycopg import connect
from pydantic import BaseModel, ConfigDict, SecretStr, ValidationError

from backend.config import PROJECT, Settings
from backend.core import embedded_postgres
from backend.core.clock import day_in_china
from backend.main import Parts, alembic_config, assemble
from scripts.demonstration.load import load_demonstration
from scripts.processes import Children, Process, free_port, guarded_children, wait_until_ready
from scripts.run import WEB_THREADS, WEB_WORKERS, start_backend, start_simulator
from scripts.running import SEED
from scripts.wechat_simulator.persons import openid_of

DATABASE = "bench"
ANY_PORT = 0


class Loaded(BaseModel):
    """Which city the database holds. Scores are of the day, so a city of yesterday is loaded anew."""

    model_config = ConfigDict(frozen=True)

    city: str
    residents: int
    day: str
    migrations: str

    @classmethod
    def read(cls, path: Path) -> "Loaded | None":
        try:
            return cls.model_validate_json(path.read_bytes())
        except (FileNotFoundError, ValidationError):
            return None


@dataclass(frozen=True)
class Stage:
    """Everything started: the backend, the hello application beside it, and the database."""

    parts: Parts
    folder: Path
    children: Children
    database_url: str
    addresses: Mapping[str, str]
    simulator: str

    @property
    def backend(self) -> str:
        return self.addresses["backend"]

    def cpu_seconds(self, name: str) -> float:
        """Processor time used so far by the workers of the server of that name."""
        (server,) = (process for process in self.children.started if process.name == name)
        return sum(_cpu_seconds(worker) for worker in _workers(server))

    def memory_bytes(self, name: str) -> list[int]:
        """What each worker of that server holds for itself."""
        (server,) = (process for process in self.children.started if process.name == name)
        return [worker.memory_full_info().uss for worker in _workers(server)]


@contextmanager
def set_up(folder: Path, *, residents: int, compares: bool = True) -> Iterator[Stage]:
    """Start everything, what the backend is compared with too, and stop it in the end."""
    folder.mkdir(parents=True, exist_ok=True)
    os.environ["DATA_DIR"] = str(folder.resolve())
    # Each request says an address of its own, as a proxy would: limits count by address.
    os.environ["TRUSTED_PROXIES"] = "1"
    os.environ["NO_PROXY"] = os.environ["no_proxy"] = "127.0.0.1,localhost"
    settings = Settings(log_level="WARNING")
    url = prepare_database(settings, residents=residents)
    os.environ["DATABASE_URL"] = url
    with guarded_children(folder) as children:
        simulator = _start_simulator(children, settings)
        settings = Settings(log_level="WARNING")
        addresses = {"backend": f"http://127.0.0.1:{(port := free_port(ANY_PORT))}"}
        start_backend(children, settings, port)
        if compares:
            addresses |= _start_compared(children)
        wait_until_ready(f"{addresses['backend']}/readyz", children.started)
        parts = assemble(settings)
        try:
            yield Stage(parts, folder, children, url, addresses, simulator)
        finally:
            parts.engine.dispose()


def prepare_database(settings: Settings, *, residents: int) -> str:
    """The address of the bench's database, with its city in it."""
    server = embedded_postgres.start(settings.data_dir / "postgres")
    url = server.replace("/postgres?", f"/{DATABASE}?")
    wanted = Loaded(
        city=settings.city,
        residents=residents,
        day=day_in_china(datetime.now(UTC)).isoformat(),
        migrations=_digest_of_migrations(),
    )
    mark = settings.data_dir / "loaded.json"
    if Loaded.read(mark) != wanted:
        mark.unlink(missing_ok=True)
        with connect(server, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)")
            connection.execute(f"CREATE DATABASE {DATABASE}")
        load(settings, url, residents=residents)
        mark.write_text(wanted.model_dump_json())
    return url


def load(settings: Settings, url: str, *, residents: int) -> None:
    command.upgrade(alembic_config(url), "head")
    parts = assemble(settings.model_copy(update={"database_url": SecretStr(url)}))
    started = datetime.now(UTC)
    with parts.sessions.begin() as db:
        load_demonstration(
            db,
            parts.city,
            residents=residents,
            seed=SEED,
            openid_of=lambda user: openid_of(settings.wechat_appid, user),
            now=started,
        )
    parts.engine.dispose()
    with connect(url, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")
    click.echo(f"load {(datetime.now(UTC) - started).total_seconds():.1f} s")


def start_beside(children: Children, name: str, port: int, *target: str) -> None:
    """Another application for comparison, under the same server."""
    command_line = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1"]
    command_line += ["--port", str(port), "--workers", str(WEB_WORKERS)]
    command_line += ["--blocking-threads", str(WEB_THREADS), "--log-level", "warning", *target]
    children.start(name, command_line)


def _start_compared(children: Children) -> dict[str, str]:
    """The least that a server does, and this backend without its quick ways."""
    ports = {name: free_port(ANY_PORT) for name in ("hello", "plain")}
    addresses = {name: f"http://127.0.0.1:{port}" for name, port in ports.items()}
    start_beside(children, "hello", ports["hello"], "scripts.bench.hello:app")
    start_beside(children, "plain", ports["plain"], "--factory", "scripts.bench.plain:create_server")
    wait_until_ready(f"{addresses['hello']}/hello", children.started)
    wait_until_ready(f"{addresses['plain']}/readyz", children.started)
    return addresses


def _start_simulator(children: Children, settings: Settings) -> str:
    port = free_port(ANY_PORT)
    address = f"http://127.0.0.1:{port}"
    os.environ["WECHAT_BASE_URL"] = f"{address}/"
    start_simulator(children, settings, port)
    wait_until_ready(f"{address}/__sim/users", children.started)
    return address


def _digest_of_migrations() -> str:
    versions = sorted((PROJECT / "backend" / "migrations" / "versions").glob("*.py"))
    return sha256(b"".join(path.read_bytes() for path in versions)).hexdigest()


def _workers(server: Process) -> list[psutil.Process]:
    return psutil.Process(server.child.pid).children(recursive=True)


def _cpu_seconds(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)
