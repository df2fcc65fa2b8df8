"""Going through a sheet that came in, twice: to check it, and to make drafts of its good rows.

Some rows to a transaction, with the count of how far it has come; a pass that was broken off begins anew,
and does what is done already no second time.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from backend.city.serving import current_city
from backend.core.actor import Actor
from backend.core.ids import new_id
from backend.core.jobs import unit_of_work
from backend.core.sheets.cells import Row
from backend.core.sheets.reading import OpenSheet, opened
from backend.core.sheets.verdicts import Refused, Verdict
from backend.incentives.sheets.columns import MOST_ROWS, SHEET, Heading, read_heading
from backend.incentives.sheets.importing import act_for, key_of, note, who_ordered
from backend.incentives.sheets.judging import Fault, Judge, Judged, Outcome
from backend.incentives.sheets.models import ImportState, SheetBadCell, SheetImport
from backend.incentives.sheets.taking import take_rows
from backend.incentives.sheets.writing import BadRowsWriter
from backend.partners.document_storage import DocumentStore

BATCH = 200
# Of more bad cells than that only the number is told.
MOST_NAMED = 10_000


class Stopped(Exception):
    """Somebody cancelled the import, or another job has done it."""


@dataclass(frozen=True)
class Pass:
    """One way through a sheet, for who handed it in."""

    sheet_id: UUID
    state: ImportState
    actor: Actor
    key: bytes
    content: bytes

    @contextmanager
    def step(self) -> Iterator[tuple[Session, datetime, SheetImport]]:
        """A transaction that sees what the person sees, and holds the import still. Raises Stopped."""
        with unit_of_work() as (db, clock):
            act_for(db, self.actor)
            query = select(SheetImport).where(SheetImport.id == self.sheet_id).with_for_update()
            sheet = db.scalars(query).one_or_none()
            if sheet is None or sheet.state != self.state:
                raise Stopped
            yield db, clock.now(), sheet

    def batches(
        self, heading: Heading, rows: Iterator[Row]
    ) -> Iterator[tuple[Session, datetime, SheetImport, list[Judged]]]:
        judge = Judge(current_city(), self.actor, heading)
        while batch := list(islice(rows, BATCH)):
            with self.step() as (db, now, sheet):
                judged = judge.judge(db, batch)
                sheet.rows_read += len(batch)
                yield db, now, sheet, judged


def check_sheet(sheet_id: UUID, *, store: DocumentStore) -> None:
    """Name every bad cell, and count what the others would do."""
    way = _begin(sheet_id, ImportState.CHECKING, store)
    if way is None:
        return
    try:
        with opened(way.content, sheet_name=SHEET, most_rows=MOST_ROWS) as sheet:
            _check(way, sheet, store)
    except Stopped:
        return
    except Refused as refusal:
        _fail(way, refusal.verdict)


def take_sheet(sheet_id: UUID, *, store: DocumentStore) -> None:
    """Make drafts of the good rows."""
    way = _begin(sheet_id, ImportState.IMPORTING, store)
    if way is None:
        return
    try:
        with opened(way.content, sheet_name=SHEET, most_rows=MOST_ROWS) as sheet:
            heading = read_heading(next(sheet.rows))
            for db, now, held, judged in way.batches(heading, sheet.rows):
                take_rows(db, held, judged, actor=way.actor, now=now)
        with way.step() as (db, now, held):
            held.state = ImportState.IMPORTED
            made, changed = held.drafts_made, held.drafts_changed
            note(db, "sheet.imported", held, way.actor, now, made=made, changed=changed)
    except Stopped:
        return


def _begin(sheet_id: UUID, state: ImportState, store: DocumentStore) -> Pass | None:
    with unit_of_work() as (db, _clock):
        sheet = db.get(SheetImport, sheet_id, with_for_update=True)
        if sheet is None or sheet.state != state:
            return None
        key = key_of(sheet)
        sheet.rows_read = 0
        if state is ImportState.CHECKING:
            db.execute(delete(SheetBadCell).where(SheetBadCell.import_id == sheet_id))
            sheet.new_rows = sheet.changed_rows = sheet.unchanged_rows = sheet.bad_rows = sheet.bad_cells = 0
        return Pass(sheet_id, state, who_ordered(sheet), key, store.read(sheet_id, key))


def _check(way: Pass, sheet: OpenSheet, store: DocumentStore) -> None:
    first = next(sheet.rows, None)
    if first is None:
        raise Refused(Verdict.EMPTY)
    heading = read_heading(first)
    with way.step() as (db, _now, held):
        held.rows_total = sheet.count - 1
        _name(db, held, [Fault(first.number, *each) for each in heading.told()])
    bad = BadRowsWriter(first)
    if not heading.faults:
        for db, _now, held, judged in way.batches(heading, sheet.rows):
            _count(held, judged)
            for each in judged:
                if each.faults and held.bad_cells < MOST_NAMED:
                    bad.add(each.row, each.faults.values())
                _name(db, held, list(each.faults.values()))
    with way.step() as (db, now, held):
        if not heading.faults:
            if not held.rows_read:
                raise Refused(Verdict.EMPTY)
            # Rows of blanks alone were counted at first.
            held.rows_total = held.rows_read
        if (to_mend := bad.finish()) is not None:
            held.bad_file_id = new_id()
            store.write(held.bad_file_id, way.key, to_mend)
        held.state = ImportState.CHECKED
        good = held.new_rows + held.changed_rows
        note(db, "sheet.checked", held, way.actor, now, good=good, bad=held.bad_rows, cells=held.bad_cells)


def _count(held: SheetImport, judged: Sequence[Judged]) -> None:
    found = [each.outcome for each in judged]
    held.new_rows += found.count(Outcome.NEW)
    held.changed_rows += found.count(Outcome.CHANGED)
    held.unchanged_rows += found.count(Outcome.UNCHANGED)
    held.bad_rows += found.count(Outcome.BAD)


def _name(db: Session, held: SheetImport, faults: Sequence[Fault]) -> None:
    for fault in faults[: max(0, MOST_NAMED - held.bad_cells)]:
        cell = SheetBadCell(
            id=new_id(),
            import_id=held.id,
            row=fault.row,
            place=fault.place,
            column_title=fault.title,
            code=fault.code,
            sentence=fault.sentence,
        )
        cell.value = fault.value or None
        db.add(cell)
    held.bad_cells += len(faults)


def _fail(way: Pass, verdict: Verdict) -> None:
    try:
        with way.step() as (db, now, held):
            held.state, held.verdict = ImportState.FAILED, verdict
            note(db, "sheet.refused", held, way.actor, now, verdict=verdict)
    except Stopped:
        return
