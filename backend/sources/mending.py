"""Refused rows are mended: one by one on the page, or many in a file that goes on from an earlier batch."""

from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from backend.city import City
from backend.core.actor import Actor
from backend.core.clock import day_in_china
from backend.core.errors import NotFound
from backend.scoring.city_model import model_in_force
from backend.scoring.deliveries import take_delivered
from backend.scoring.following import rescore_each
from backend.sources.batches import note
from backend.sources.columns import KEY, Given
from backend.sources.errors import NotInThatState, RowMended, StillRefused
from backend.sources.faults import SENTENCES, sentence_of
from backend.sources.judging import Judge, Refused
from backend.sources.models import Batch, BatchState, RefusedRow
from backend.sources.quarantine import values_of


def mend_row(
    db: Session, row_id: UUID, values: Mapping[str, str], *, city: City, actor: Actor, now: datetime
) -> Batch:
    """Take a refused row with these cells in place of those that stood there; StillRefused tells what is
    wrong now."""
    row = db.scalars(select(RefusedRow).where(RefusedRow.id == row_id).with_for_update()).one_or_none()
    if row is None:
        raise NotFound
    if row.mended_at:
        raise RowMended
    batch = db.get_one(Batch, row.batch_id, with_for_update=True)
    if batch.state != BatchState.TAKEN:
        raise NotInThatState(state=batch.state)
    today = day_in_china(now)
    judge = Judge(model_in_force(db, city, today), source_name=city.source(batch.source).name, today=today)
    judged = judge.judge(Given(row.row, {**values_of(row), **values}, {}))
    if isinstance(judged, Refused):
        raise StillRefused(
            errors={each.column: [sentence_of(each.told(), judged.given.values)] for each in judged.faults}
        )
    taken = take_delivered(db, [judged], source=batch.source, batch_id=batch.id, now=now)
    if taken.repeated:
        raise StillRefused(errors={KEY: [SENTENCES["key.repeated"]]})
    row.mended_at, row.values = now, None
    batch.mended_rows += 1
    rescore_each(db, taken.changed_residents)
    note(db, "batch.row_mended", batch, actor, now, row=row.row)
    return batch


def mark_mended(db: Session, batch_id: UUID, rows: Collection[int], *, now: datetime) -> None:
    """These rows of an earlier batch have come again, and were taken."""
    mended = db.execute(
        update(RefusedRow)
        .where(RefusedRow.batch_id == batch_id, RefusedRow.row.in_(rows), RefusedRow.mended_at.is_(None))
        .values(mended_at=now, values_cipher=None)
        .returning(RefusedRow.id)
    ).all()
    db.execute(update(Batch).where(Batch.id == batch_id).values(mended_rows=Batch.mended_rows + len(mended)))
