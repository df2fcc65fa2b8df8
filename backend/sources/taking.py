"""Going through a batch: its good rows become records, its bad ones are kept to be mended.

Some rows to a transaction, with the count of how far it has come: a pass that was broken off goes on where
it stopped, and no row is taken twice.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.city.serving import current_city
from backend.core.actor import SYSTEM
from backend.core.clock import day_in_china
from backend.core.jobs import unit_of_work
from backend.partners.document_storage import DocumentStore
from backend.scoring.city_model import model_in_force
from backend.scoring.deliveries import Delivered, find_median_delay, take_delivered
from backend.scoring.following import mark_outdated, mark_outdated_by_batch, refresh_soon, rescore_each
from backend.sources.batches import key_of, note
from backend.sources.columns import KEY, LINE, Given, plain
from backend.sources.faults import Fault
from backend.sources.judging import Judge, Refused
from backend.sources.mending import mark_mended
from backend.sources.models import Batch, BatchState
from backend.sources.quarantine import keep_refused
from backend.sources.reading import OpenBatch, open_batch
from backend.sources.verdicts import BatchRefused, BatchVerdict

ROWS_AT_A_TIME = 5_000
# Of so many rows or more the people are scored all at once.
MANY = 2_000


class Stopped(Exception):
    """Somebody else has gone on with the batch, or it is done."""


@dataclass(frozen=True)
class Pass:
    """One way through a batch."""

    batch_id: UUID
    key: bytes
    source: str
    done: int

    @contextmanager
    def step(self, rows_read: int) -> Iterator[tuple[Session, datetime, Batch]]:
        """A transaction that holds the batch still, so far read and not further. Raises Stopped."""
        with unit_of_work() as (db, clock):
            query = select(Batch).where(Batch.id == self.batch_id).with_for_update()
            batch = db.scalars(query).one()
            if batch.state != BatchState.TAKING or batch.rows_read != rows_read:
                raise Stopped
            yield db, clock.now(), batch


def take_batch(batch_id: UUID, *, store: DocumentStore) -> None:
    """Take all rows of a batch that are not taken yet."""
    way = _begin(batch_id)
    if way is None:
        return
    try:
        with open_batch(lambda: store.read_pieces(batch_id, way.key)) as opened:
            _take(way, opened)
    except Stopped:
        return
    except BatchRefused as refusal:
        _fail(way, refusal.verdict)


def _begin(batch_id: UUID) -> Pass | None:
    with unit_of_work() as (db, clock):
        batch = db.get(Batch, batch_id, with_for_update=True)
        if batch is None or batch.state not in (BatchState.WAITING, BatchState.TAKING) or not batch.key:
            return None
        batch.state = BatchState.TAKING
        batch.begun_at = batch.begun_at or clock.now()
        return Pass(batch_id, key_of(batch), batch.source, batch.rows_read)


def _take(way: Pass, opened: OpenBatch) -> None:
    with way.step(way.done) as (db, now, batch):
        batch.rows_total, batch.columns = opened.count, list(opened.columns)
        city, today = current_city(), day_in_china(now)
        model = model_in_force(db, city, today)
    judge = Judge(model, source_name=city.source(way.source).name, today=today)
    rows, done = islice(opened.rows(), way.done, None), way.done
    while some := list(islice(rows, ROWS_AT_A_TIME)):
        good, bad = _judged(judge, some)
        with way.step(done) as (db, now, batch):
            _store(db, batch, len(some), good, bad, now)
        done += len(some)
    with way.step(done) as (db, now, batch):
        _finish(db, batch, now)


def _judged(judge: Judge, rows: Sequence[Given]) -> tuple[dict[str, tuple[Delivered, Given]], list[Refused]]:
    """The good ones by their keys, and the bad ones. The same row once more is nothing new."""
    good: dict[str, tuple[Delivered, Given]] = {}
    bad: list[Refused] = []
    for given in rows:
        judged = judge.judge(given)
        if isinstance(judged, Refused):
            bad.append(judged)
            continue
        first, _given = good.setdefault(judged.key, (judged, given))
        if first is not judged and not _says_the_same(first, judged):
            bad.append(_repeated(given))
    return good, bad


def _says_the_same(one: Delivered, other: Delivered) -> bool:
    return all(
        getattr(one, name) == getattr(other, name)
        for name in ("id_number", "indicator", "occurred_on", "quantity", "expires_on")
    )


def _repeated(given: Given) -> Refused:
    return Refused(given, (Fault(KEY, "key.repeated"),))


def _store(
    db: Session,
    batch: Batch,
    rows: int,
    good: dict[str, tuple[Delivered, Given]],
    bad: list[Refused],
    now: datetime,
) -> None:
    taken = take_delivered(
        db, [each for each, _given in good.values()], source=batch.source, batch_id=batch.id, now=now
    )
    by_row = {each.row: given for each, given in good.values()}
    refused = [*bad, *(_repeated(by_row[row]) for row in taken.repeated)]
    keep_refused(db, batch, refused)
    _follow(db, batch, taken.changed_residents, now)
    repeated = set(taken.repeated)
    if batch.mends_id:
        lines = {_line_of(given) for row, given in by_row.items() if row not in repeated}
        mark_mended(db, batch.mends_id, lines - {0}, now=now)
    counted = Counter(each.indicator for each, _given in good.values() if each.row not in repeated)
    batch.rows_read += rows
    batch.new_rows += taken.new
    batch.corrected_rows += taken.corrected
    batch.refused_rows += len(refused)
    # With those that stood in the file before, word for word.
    batch.unchanged_rows += rows - taken.new - taken.corrected - len(refused)
    batch.held_rows += taken.held
    batch.indicators = dict(counted + Counter(batch.indicators))


def _line_of(given: Given) -> int:
    """Where the row stood in the batch that is mended."""
    text = plain(given.values.get(LINE, ""))
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def _follow(db: Session, batch: Batch, residents: Sequence[UUID], now: datetime) -> None:
    if (batch.rows_total or 0) < MANY:
        rescore_each(db, residents)
    else:
        mark_outdated(db, residents, now=now)


def _finish(db: Session, batch: Batch, now: datetime) -> None:
    batch.state, batch.done_at = BatchState.TAKEN, now
    batch.median_delay_days = find_median_delay(db, batch.id)
    if (batch.rows_total or 0) >= MANY:
        mark_outdated_by_batch(db, batch.id, now=now)
        refresh_soon(db)
    counts = {"new": batch.new_rows, "corrected": batch.corrected_rows, "refused": batch.refused_rows}
    note(db, "batch.taken", batch, SYSTEM, now, **counts)


def _fail(way: Pass, verdict: BatchVerdict) -> None:
    try:
        with way.step(way.done) as (db, now, batch):
            batch.state, batch.verdict, batch.done_at = BatchState.FAILED, verdict, now
            note(db, "batch.refused", batch, SYSTEM, now, verdict=verdict)
    except Stopped:
        return
