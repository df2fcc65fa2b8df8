"""Work for later: checking and taking sheets, taking drafts back, making sheets, forgetting all of them."""

from typing import Any
from uuid import UUID

from procrastinate import Blueprint

from backend.audit import service as audit
from backend.city.serving import current_city
from backend.core.jobs import TRY_AGAIN, unit_of_work
from backend.incentives.sheets import exporting, importing, passing
from backend.incentives.sheets.models import ExportState, ImportState, SheetExport, SheetImport
from backend.incentives.sheets.storage import sheet_store
from backend.incentives.sheets.surroundings import Units
from backend.incentives.sheets.taking import remove_untouched
from backend.incentives.sheets.words import Words
from backend.incentives.sheets.writing import SheetWriter

blueprint = Blueprint()
BATCH = 500


@blueprint.task(name="check_sheet", retry=TRY_AGAIN)
def check_sheet(import_id: str) -> None:
    passing.check_sheet(UUID(import_id), store=sheet_store())


@blueprint.task(name="take_sheet", retry=TRY_AGAIN)
def take_sheet(import_id: str) -> None:
    passing.take_sheet(UUID(import_id), store=sheet_store())


@blueprint.task(name="undo_sheet", retry=TRY_AGAIN)
def undo_sheet(import_id: str) -> None:
    """Some drafts to a transaction."""
    while True:
        with unit_of_work() as (db, clock):
            sheet = db.get(SheetImport, UUID(import_id), with_for_update=True)
            if sheet is None or sheet.state != ImportState.UNDOING:
                return
            told: dict[str, Any] = {"actor": importing.who_ordered(sheet), "now": clock.now()}
            removed = remove_untouched(db, sheet, limit=BATCH)
            for draft_id in removed:
                audit.record(db, "incentive_draft.removed", subject=("incentive_draft", draft_id), **told)
            sheet.drafts_removed += len(removed)
            if len(removed) < BATCH:
                sheet.state = ImportState.UNDONE
                importing.note(db, "sheet.undone", sheet, **told, removed=sheet.drafts_removed)
                return


@blueprint.task(name="make_sheet", retry=TRY_AGAIN)
def make_sheet(export_id: str) -> None:
    """A batch of rows to a transaction, and after each the page is told how many there are."""
    with unit_of_work() as (db, _clock):
        export = db.get(SheetExport, UUID(export_id))
        if export is None or export.state != ExportState.QUEUED:
            return
        export.rows = 0
        actor = importing.who_ordered(export)
        writer, units = SheetWriter(Words(current_city()), exporting.mark_of(db, export)), Units(db, actor)
    after, is_first = None, True
    while is_first or after is not None:
        is_first = False
        with unit_of_work() as (db, clock):
            importing.act_for(db, actor)
            export = db.get_one(SheetExport, UUID(export_id))
            _count, after = exporting.add_batch(db, export, writer, units, actor=actor, after=after)
            if export.rows > exporting.MOST_ROWS:
                export.state = ExportState.TOO_MANY
                # It lies half written in a temporary file, which goes with this.
                writer.finish()
                return
    with unit_of_work() as (db, clock):
        export = db.get_one(SheetExport, UUID(export_id))
        exporting.finish(db, export, writer.finish(), store=sheet_store(), now=clock.now())


@blueprint.periodic(cron="23 * * * *")
@blueprint.task(name="forget_sheets", queueing_lock="forget_sheets")
def forget_sheets(timestamp: int) -> None:
    with unit_of_work() as (db, clock):
        importing.forget_sheets(db, now=clock.now())
        importing.sweep_files(db, sheet_store(), now=clock.now())
