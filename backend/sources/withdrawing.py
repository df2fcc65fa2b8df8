"""A department takes back what it delivered: single records, or a batch whole."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from backend.audit import service as audit
from backend.core.actor import SYSTEM, Actor
from backend.core.jobs import unit_of_work
from backend.scoring import deliveries
from backend.scoring.following import mark_outdated, refresh_soon, rescore_each
from backend.sources.batches import note
from backend.sources.models import Batch, BatchState
from backend.sources.taking import MANY, ROWS_AT_A_TIME


def withdraw_records(db: Session, keys: Sequence[str], *, source: str, actor: Actor, now: datetime) -> int:
    """Take these records back, by the source's own names for them; gives how many there were."""
    withdrawn = deliveries.withdraw_by_key(db, keys, source=source, now=now)
    rescore_each(db, withdrawn.changed_residents)
    subject = ("source", source)
    audit.record(db, "records.withdrawn", subject=subject, actor=actor, now=now, records=withdrawn.records)
    return withdrawn.records


def withdraw_batch(batch_id: UUID) -> None:
    """Do what was ordered, some records to a transaction."""
    while True:
        with unit_of_work() as (db, clock):
            batch = db.get(Batch, batch_id, with_for_update=True)
            if batch is None or batch.state != BatchState.WITHDRAWING:
                return
            now = clock.now()
            withdrawn = deliveries.withdraw_some_of_batch(db, batch.id, limit=ROWS_AT_A_TIME, now=now)
            batch.withdrawn_records += withdrawn.records
            _follow(db, batch, withdrawn.changed_residents, now)
            if not withdrawn.records:
                batch.state = BatchState.WITHDRAWN
                note(db, "batch.withdrawn", batch, SYSTEM, now, records=batch.withdrawn_records)
                return


def _follow(db: Session, batch: Batch, residents: Sequence[UUID], now: datetime) -> None:
    if batch.rows_read < MANY:
        rescore_each(db, residents)
        return
    mark_outdated(db, residents, now=now)
    if not residents:
        refresh_soon(db)
