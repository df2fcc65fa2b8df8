"""How long a large batch of records takes from the file to the last record, and how much memory."""

import resource
import time
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from itertools import islice
from uuid import UUID

from openpyxl import Workbook
from sqlalchemy import select
from sqlalchemy.orm import Session
from stdnum.cn import ric

from backend.city import City
from backend.core.actor import Actor, ActorKind
from backend.core.clock import day_in_china
from backend.identity.models import Resident
from backend.main import Parts
from backend.scoring.city_model import model_in_force
from backend.sources.batches import receive_batch, store_file
from backend.sources.columns import FIELDS, SHEET, TITLES
from backend.sources.models import Batch
from backend.sources.storage import batch_store
from backend.sources.taking import take_batch
from scripts.demonstration.accounts import add_account

KILOBYTES = 1024
SOURCE = "blood-bank"
ROWS_OF_A_RESIDENT = 20
ONE_BAD_IN = 100
LINES_AT_A_TIME = 10_000
MOST_MINUTES = 5
MOST_MEMORY_MB = 700


class BatchFailed(Exception):
    """The batch lost a row, or took too much time or memory."""


def measure(parts: Parts, *, rows: int, as_workbook: bool) -> Iterator[str]:
    """One row in a hundred is bad, some people have joined and most have not; then all of it once more."""
    written = _workbook if as_workbook else _delimited
    with parts.sessions.begin() as db:
        lines = _lines(db, parts.city, rows)
        batch_id = _received(db, written(lines))
    taking = _timed(batch_id)
    with parts.sessions.begin() as db:
        batch = db.get_one(Batch, batch_id)
        counted = (batch.new_rows, batch.refused_rows)
        again = _received(db, written(lines))
    repeating = _timed(again)
    with parts.sessions() as db:
        unchanged = db.get_one(Batch, again).unchanged_rows
    bad = rows // ONE_BAD_IN
    if (*counted, unchanged) != (rows - bad, bad, rows - bad):
        raise BatchFailed(f"{counted} new and refused, then {unchanged} unchanged, of {rows} rows")
    yield f"batch_taken {taking:.1f} s"
    yield f"batch_rows {rows / taking:.0f} rows/s"
    yield f"batch_again {repeating:.1f} s"
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / KILOBYTES
    yield f"batch_job_memory {memory:.0f} MB"
    if taking > MOST_MINUTES * 60 * rows / 1_000_000 or memory > MOST_MEMORY_MB:
        raise BatchFailed(f"more than {MOST_MINUTES} minutes for a million rows, or {MOST_MEMORY_MB} MB")


def _lines(db: Session, city: City, rows: int) -> list[str]:
    """Residents have some of the rows; the others are of people who have not joined."""
    today = day_in_china(datetime.now(UTC))
    owner = city.source(SOURCE).name
    indicator = next(each for each in model_in_force(db, city, today).indicators if each.source_unit == owner)
    known = [each.id_number for each in db.scalars(select(Resident).where(Resident.bound_at.is_not(None)))]
    numbers = islice(_numbers([number for number in known if number]), rows)
    lines = [",".join(TITLES[key] for key in FIELDS)]
    mark = int(time.time())
    for place, number in enumerate(numbers, start=1):
        day = today - timedelta(days=place % 300)
        written = number[:-1] if place % ONE_BAD_IN == 0 else number
        lines.append(f"{written},{indicator.code},{day},1,,bench-{mark}-{place}")
    return lines


def _numbers(known: list[str]) -> Iterator[str]:
    for number in known:
        yield from [number] * ROWS_OF_A_RESIDENT
    born = date(1950, 1, 1)
    while True:
        for sequence in range(1000):
            body = f"420222{born:%Y%m%d}{sequence:03}"
            yield body + ric.calc_check_digit(body + "0")
        born += timedelta(days=1)


def _delimited(lines: list[str]) -> Iterator[bytes]:
    for at in range(0, len(lines), LINES_AT_A_TIME):
        yield "".join(f"{line}\n" for line in lines[at : at + LINES_AT_A_TIME]).encode()


def _workbook(lines: list[str]) -> Iterator[bytes]:
    book = Workbook(write_only=True)
    sheet = book.create_sheet(SHEET)
    for line in lines:
        sheet.append(line.split(","))
    out = BytesIO()
    book.save(out)
    yield out.getvalue()


def _received(db: Session, pieces: Iterable[bytes]) -> UUID:
    account = add_account(db, "score_keeper", now=datetime.now(UTC))
    stored = store_file(pieces, batch_store())
    actor = Actor(ActorKind.OFFICE, account.id)
    return receive_batch(db, stored, source=SOURCE, name=None, actor=actor, now=datetime.now(UTC)).id


def _timed(batch_id: UUID) -> float:
    began = time.monotonic()
    take_batch(batch_id, store=batch_store())
    return time.monotonic() - began
