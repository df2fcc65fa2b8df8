"""A score of the past is found again, whatever has become of records and rules since."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from backend.city import City
from backend.core.clock import day_in_china
from backend.scoring.city_model import own_model
from backend.scoring.engine.compute import compute_score
from backend.scoring.engine.model import RecordStatus
from backend.scoring.models import CreditRecord, CreditRecordVersion, ScoreMonth
from backend.scoring.queries import list_months, records_of
from backend.scoring.records import set_record_status
from backend.scoring.replay import records_at, replay_month
from backend.scoring.service import refresh_score
from tests.backend.scoring.conftest import NewScored

STEP = timedelta(days=31)


@dataclass
class Past:
    """A resident whose months pass; `now` is the moment they have come to."""

    db: Session
    city: City
    resident_id: UUID
    now: datetime

    def pass_month(self) -> ScoreMonth:
        self.now += STEP
        refresh_score(self.db, city=self.city, resident_id=self.resident_id, now=self.now)
        return list_months(self.db, self.resident_id, before=None, limit=1)[0]

    def mark(self, indicator: str, status: RecordStatus) -> None:
        """Some days after the last month's score."""
        record = self.record(indicator)
        set_record_status(self.db, record_id=record.id, status=status, now=self.now + timedelta(days=3))
        self.db.flush()

    def deliver(self, indicator: str) -> None:
        moment = self.now + timedelta(days=2)
        self.db.add(
            CreditRecord(
                resident_id=self.resident_id,
                indicator=indicator,
                occurred_on=moment.date() - timedelta(days=200),
                quantity=1,
                status=RecordStatus.ACTIVE,
                received_at=moment,
            )
        )
        self.db.flush()

    def record(self, indicator: str) -> CreditRecord:
        mine = (CreditRecord.resident_id == self.resident_id) & (CreditRecord.indicator == indicator)
        return self.db.scalars(select(CreditRecord).where(mine)).one()

    def enact(self, version: str, **changes: Any) -> None:
        """A new version of the score model, in force from the next day on."""
        newest = self.city.score_models[-1]
        effective_on = day_in_china(self.now) + timedelta(days=1)
        following = newest.model_copy(update={"version": version, "effective_on": effective_on, **changes})
        self.city = self.city.model_copy(update={"score_models": (*self.city.score_models, following)})


@pytest.fixture
def past(db: Session, new_scored: NewScored) -> Past:
    scored = new_scored(("penalty", 30, 1), ("blood-donation", 10, 1), ("volunteer-hours", 20, 5))
    return Past(db, scored.city, UUID(scored.visitor.tokens["resident"]["id"]), datetime.now(UTC))


def test_a_score_of_six_months_ago_is_found_again_after_two_new_models(past: Past) -> None:
    first = past.pass_month()
    months = [first]
    past.mark("penalty", RecordStatus.OBJECTED)
    past.deliver("volunteer-star")
    months.append(past.pass_month())
    past.enact("next-year", base_milli=first.score_milli // 2)
    past.mark("penalty", RecordStatus.REPAIRED)
    months.append(past.pass_month())
    past.enact("the-year-after", base_milli=first.score_milli // 3)
    past.mark("blood-donation", RecordStatus.WITHDRAWN)
    months += [past.pass_month() for _ in range(4)]

    assert len({month.model_version for month in months}) == 3
    for month in months:
        replayed = replay_month(past.db, past.city, month)
        assert (replayed.score_milli, replayed.model_version) == (month.score_milli, month.model_version)
    assert first.as_of is not None
    assert score_of_today_rules(past, first.as_of) != first.score_milli, "it would be another one now"


def test_several_changes_at_one_moment_leave_what_there_was_before_them(past: Past) -> None:
    record, before = past.record("penalty"), past.now
    for status in (RecordStatus.OBJECTED, RecordStatus.WITHDRAWN):
        set_record_status(past.db, record_id=record.id, status=status, now=before + STEP)
        past.db.flush()
    then, after = (
        {one.id: one.status for one in records_at(past.db, past.resident_id, moment)}
        for moment in (before, before + STEP)
    )
    assert (then[str(record.id)], after[str(record.id)]) == (RecordStatus.ACTIVE, RecordStatus.WITHDRAWN)


def test_a_change_that_does_not_say_when_happens_now(past: Past) -> None:
    record = past.record("penalty")
    past.db.execute(text("UPDATE credit_records SET status = 'withdrawn' WHERE id = :id"), {"id": record.id})
    past.db.refresh(record)
    [kept] = past.db.scalars(select(CreditRecordVersion).where(CreditRecordVersion.record_id == record.id))
    assert (kept.status, kept.until) == (RecordStatus.ACTIVE, record.changed_at)


@pytest.mark.parametrize(
    "wrong",
    [
        "INSERT INTO credit_record_versions SELECT id, now(), indicator, occurred_on, 1, NULL, 'active'"
        " FROM credit_records LIMIT 1",
        "UPDATE credit_record_versions SET quantity = 2",
        "DELETE FROM credit_record_versions",
    ],
)
def test_nobody_writes_the_past(past: Past, wrong: str) -> None:
    past.mark("penalty", RecordStatus.OBJECTED)
    with pytest.raises(DBAPIError, match="permission denied"):
        past.db.execute(text(wrong))


def score_of_today_rules(past: Past, on: date) -> int:
    model = own_model(past.city, day_in_china(past.now))
    return compute_score(model, records_of(past.db, past.resident_id), on).score_milli
