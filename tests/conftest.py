"""What whole-application tests stand on: a real PostgreSQL, the WeChat simulator, the application.

`TEST_DATABASE_URL` and `TEST_REDIS_URL` name servers; without them there is an embedded PostgreSQL and
no Redis. Tests that stand on these servers carry the mark `server`, so that they can run on both.

Tests commit for real and never clean up; each makes its own people, shops and incentives, so they do
not meet. That way reading requests keep their read-only transactions, as in production.
"""

import os
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from alembic import command
from psycopg import connect as connect_plain
from pydantic import SecretStr
from redis import Redis
from sqlalchemy.orm import Session

from backend.config import Settings
from backend.core import embedded_postgres
from backend.core.clock import ShiftedClock
from backend.main import Parts, alembic_config, assemble, create_app
from backend.web.application import Application
from backend.web.limits import limiter
from backend.wechat.doors import Doors
from tests.factories.journey import Visitor
from tests.scripts.wechat_simulator.running import APPID, SECRET, Simulator, running_simulator

PROJECT = Path(__file__).resolve().parent.parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what stands on the servers, near or far: that is the second leg's share."""
    for item in items:
        if {"postgres_url", "redis_url"} & set(getattr(item, "fixturenames", ())):
            item.add_marker("server")


@pytest.fixture(scope="session")
def postgres_url() -> str:
    """The server's address: TEST_DATABASE_URL, or an embedded server shared by all test processes."""
    given = os.environ.get("TEST_DATABASE_URL")
    return given or embedded_postgres.start(PROJECT / ".data" / "test-postgres")


@pytest.fixture(scope="session")
def redis_url() -> str | None:
    """A database of its own for each test process on the server of TEST_REDIS_URL, emptied; or none."""
    given = os.environ.get("TEST_REDIS_URL")
    if given is None:
        return None
    number = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    url = f"{given.rpartition('/')[0]}/{number}"
    with Redis.from_url(url) as connection:
        connection.flushdb()
    return url


@pytest.fixture(scope="session")
def new_database(postgres_url: str) -> Iterator[Callable[[str], str]]:
    """Make an empty database of a given name; all are dropped in the end."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    made: list[str] = []

    def make(name: str) -> str:
        # Two runs at once must not drop each other's.
        full_name = f"test_{worker}_{os.getpid()}_{name}"
        with connect_plain(postgres_url, autocommit=True) as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{full_name}" WITH (FORCE)')
            connection.execute(f'CREATE DATABASE "{full_name}"')
        made.append(full_name)
        return postgres_url.replace("/postgres?", f"/{full_name}?")

    yield make
    with connect_plain(postgres_url, autocommit=True) as connection:
        for full_name in made:
            connection.execute(f'DROP DATABASE IF EXISTS "{full_name}" WITH (FORCE)')


@pytest.fixture(scope="session")
def database_url(new_database: Callable[[str], str]) -> str:
    """A database at the newest revision, for the whole run of this process."""
    url = new_database("city")
    command.upgrade(alembic_config(url), "head")
    return url


@pytest.fixture(scope="session")
def simulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulator]:
    with running_simulator(tmp_path_factory.mktemp("wechat")) as running:
        yield running


@pytest.fixture(scope="session")
def settings(
    database_url: str,
    redis_url: str | None,
    simulator: Simulator,
    tmp_path_factory: pytest.TempPathFactory,
) -> Settings:
    return Settings(
        database_url=SecretStr(database_url),
        redis_url=SecretStr(redis_url) if redis_url else None,
        data_dir=tmp_path_factory.mktemp("data"),
        wechat_base_url=f"{simulator.base_url}/",
        wechat_appid=APPID,
        wechat_secret=SecretStr(SECRET),
        pool_size=16,
        log_level="WARNING",
    )


@pytest.fixture(scope="session")
def shifted_clock() -> ShiftedClock:
    return ShiftedClock()


@pytest.fixture
def clock(shifted_clock: ShiftedClock) -> Iterator[ShiftedClock]:
    """The application's clock; set `ahead` to move it. Back to the present after the test."""
    yield shifted_clock
    shifted_clock.ahead = timedelta()


@pytest.fixture(scope="session")
def parts(settings: Settings, shifted_clock: ShiftedClock) -> Iterator[Parts]:
    assembled = assemble(settings, clock=shifted_clock)
    yield assembled
    assembled.engine.dispose()


@pytest.fixture(scope="session")
def app(parts: Parts) -> Application:
    application = create_app(parts=parts)
    # Limits are tested where they are switched on again; elsewhere hundreds of requests are normal.
    limiter.enabled = False
    return application


@pytest.fixture(autouse=True)
def no_fault_of_an_earlier_test(request: pytest.FixtureRequest) -> None:
    """A fault that one test ordered, or a door that it closed, would hold the next test back."""
    if "app" in request.fixturenames:
        request.getfixturevalue("simulator").no_more_faults()
        client = request.getfixturevalue("app").extensions["wechat"]._client
        client.doors = Doors(clock=client.clock, monotonic=client.monotonic)


@pytest.fixture
def db(parts: Parts) -> Iterator[Session]:
    """A session to set things up (commit them) and to look at what the application did."""
    with parts.sessions() as session:
        yield session


@pytest.fixture
def visitor(app: Application, simulator: Simulator) -> Callable[[], Visitor]:
    """Make somebody new with a phone; see `tests.factories.journey`."""
    return lambda: Visitor(app.test_client(), simulator)
