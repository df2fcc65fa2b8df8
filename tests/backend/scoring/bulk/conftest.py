"""A city of its own with people, records and scores of today, and somebody to score all of them at once."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy.orm import Session

from backend.core.clock import ShiftedClock
from backend.core.database import connect, request_sessions, system_sessions
from backend.main import Parts, alembic_config
from backend.scoring.bulk.engines import DuckDB
from backend.scoring.bulk.running import CityScorer
from scripts.demonstration.load import load_demonstration
from scripts.wechat_simulator.persons import openid_of
from tests.scripts.wechat_simulator.running import APPID

RESIDENTS = 400
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Town:
    """Days pass by moving `clock`; `scorer` brings everybody up to the day."""

    parts: Parts
    clock: ShiftedClock
    scorer: CityScorer
    folder: Path

    def address(self) -> tuple[str, str, str]:
        """What another process needs to score this town on the same day."""
        url = self.parts.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
        return url, str(self.folder), str(self.clock.ahead.total_seconds())

    def sessions(self) -> Session:
        return self.parts.sessions()


@pytest.fixture(scope="module")
def town(
    parts: Parts, new_database: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Town]:
    url = new_database("bulk")
    command.upgrade(alembic_config(url), "head")
    engine = connect(url, pool_size=4)
    clock = ShiftedClock()
    sessions = system_sessions(engine)
    filled = replace(
        parts, engine=engine, sessions=sessions, request_sessions=request_sessions(engine), clock=clock
    )
    with sessions.begin() as db:
        load_demonstration(
            db,
            parts.city,
            residents=RESIDENTS,
            seed=7,
            openid_of=lambda user: openid_of(APPID, user),
            now=datetime.now(UTC),
        )
    folder = tmp_path_factory.mktemp("score-runs")
    yield Town(
        filled, clock, CityScorer(engine, sessions, engine=DuckDB(), folder=folder, clock=clock), folder
    )
    engine.dispose()


@pytest.fixture(autouse=True)
def next_day(request: pytest.FixtureRequest) -> None:
    """Each test that has the town finds everybody's score a day old."""
    if "town" in request.fixturenames:
        request.getfixturevalue("town").clock.ahead += DAY
