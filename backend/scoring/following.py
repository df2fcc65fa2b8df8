"""Scores follow their records, in the transaction in which those change.

A few people are scored anew one by one. Of many the scores are marked as outdated, which the page then no
longer shows, and all are computed at once.
"""

from collections.abc import Collection
from contextlib import suppress
from datetime import datetime, timedelta
from uuid import UUID

from procrastinate.exceptions import AlreadyEnqueued
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from backend.consents.models import SCORING
from backend.consents.queries import who_consented
from backend.core.clock import day_in_china
from backend.core.jobs import defer, defer_many
from backend.scoring.jobs import refresh_outdated, rescore
from backend.scoring.models import CreditRecord, Score


def rescore_each(db: Session, residents: Collection[UUID]) -> None:
    """Score these people anew, each by a job; only those who consented."""
    consented = who_consented(SCORING)
    found = db.scalars(select(consented.c.resident_id).where(consented.c.resident_id.in_(residents)))
    defer_many(db, rescore, [{"resident_id": str(resident_id)} for resident_id in found])


def mark_outdated(db: Session, residents: Collection[UUID], *, now: datetime) -> None:
    """Their scores are no longer of today. A run over the city that has begun writes over none of them."""
    _mark(db, Score.resident_id.in_(residents), now)


def mark_outdated_by_batch(db: Session, batch_id: UUID, *, now: datetime) -> None:
    """Once more for a whole batch when all of it is in: a run may have begun while a part was under way."""
    changed = select(CreditRecord.resident_id).where(CreditRecord.batch_id == batch_id)
    _mark(db, Score.resident_id.in_(changed), now)


def refresh_soon(db: Session) -> None:
    """Let outdated scores be computed now and not at the next full ten minutes."""
    with suppress(AlreadyEnqueued), db.begin_nested():
        defer(db, refresh_outdated, timestamp=0)


def _mark(db: Session, which: object, now: datetime) -> None:
    today = day_in_china(now)
    db.execute(
        update(Score)
        .where(which, Score.as_of >= today)  # type: ignore[arg-type]
        .values(as_of=today - timedelta(days=1), computed_at=now)
    )
