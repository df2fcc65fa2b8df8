"""A town of its own, in which versions are written, tried and approved as days pass."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from backend.core.actor import Actor, ActorKind
from backend.core.clock import ShiftedClock
from backend.scoring.city_model import list_models
from backend.scoring.versions.approving import approve_version
from backend.scoring.versions.drafting import begin_version
from backend.scoring.versions.models import ScoreModelVersion, ShadowRun
from backend.scoring.versions.shadow import ShadowRunner, begin_shadow_run
from tests.backend.scoring.bulk.conftest import Town, town
from tests.factories.console import new_account
from tests.factories.score_models import new_content, new_text

__all__ = ["town"]


@dataclass
class Office:
    """The office of a town: who writes, and two who approve."""

    town: Town
    folder: Path
    people: list[Actor] = field(default_factory=list)

    def __post_init__(self) -> None:
        engine, sessions = self.town.parts.engine, self.town.parts.sessions
        self.runner = ShadowRunner(engine, sessions, folder=self.folder, clock=self.town.clock)
        with sessions.begin() as db:
            for name in ("writes", "approves", "approves-too"):
                account = new_account(db, f"{name}-{self.folder.name}@example.gov.cn", "score_keeper")
                self.people.append(Actor(ActorKind.OFFICE, account.id))

    @property
    def now(self) -> datetime:
        return self.town.clock.now()

    def next_day(self) -> date:
        """On which a version may take effect after all others."""
        with self.town.sessions() as db:
            newest = list_models(db, self.town.parts.city)[-1].effective_on
        return max(newest, self.now.date()) + timedelta(days=30)

    @contextmanager
    def before_midnight_of(self, day: date, ahead: timedelta) -> Iterator[None]:
        """So long before the day begins in China."""
        clock: ShiftedClock = self.town.clock
        midnight = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(hours=8)
        before, clock.ahead = clock.ahead, midnight - ahead - datetime.now(UTC)
        try:
            yield
        finally:
            clock.ahead = before

    def begin(self, change: Callable[[dict[str, Any]], dict[str, Any]], **head: Any) -> UUID:
        city = self.town.parts.city
        with self.town.parts.sessions.begin() as db:
            text = new_text(db, city, **change(new_content(db, city, **head)))
            return begin_version(db, city, document=text, actor=self.people[0], now=self.now).id

    def begin_run(self, version_id: UUID) -> UUID:
        with self.town.parts.sessions.begin() as db:
            revision = db.get_one(ScoreModelVersion, version_id).revision
            city, author = self.town.parts.city, self.people[0]
            run = begin_shadow_run(db, city, version_id, revision=revision, actor=author, now=self.now)
            return run.id

    def try_on_the_city(self, version_id: UUID, **how: Any) -> ShadowRun:
        run_id = self.begin_run(version_id)
        self.runner.run(self.town.parts.city, run_id, **how)
        with self.town.sessions() as db:
            return db.get_one(ShadowRun, run_id)

    def approve(self, db: Session, version_id: UUID, person: Actor) -> ScoreModelVersion:
        revision = db.get_one(ScoreModelVersion, version_id).revision
        city = self.town.parts.city
        return approve_version(db, city, version_id, revision=revision, actor=person, now=self.now)

    def settle(self, version_id: UUID) -> None:
        """All the way: tried, and approved by two."""
        self.try_on_the_city(version_id)
        for person in self.people[1:]:
            with self.town.parts.sessions.begin() as db:
                self.approve(db, version_id, person)


@pytest.fixture
def office(town: Town, tmp_path_factory: pytest.TempPathFactory) -> Office:
    return Office(town, tmp_path_factory.mktemp("shadow"))
