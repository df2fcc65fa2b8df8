"""Work for later: counting the day that is under way, and those that nobody counted."""

from uuid import UUID

from procrastinate import Blueprint

from backend.core.jobs import TRY_AGAIN, unit_of_work
from backend.office import counting, exporting, look_ups
from backend.office.models import Export, ExportState
from backend.office.schemas_exports import read_query

blueprint = Blueprint()


@blueprint.periodic(cron="*/5 * * * *")
@blueprint.task(name="count_days", queueing_lock="count_days")
def count_days(timestamp: int) -> None:
    """A day to a transaction."""
    with unit_of_work() as (db, clock):
        days = list(counting.days_to_count(db, now=clock.now()))
    for day in days:
        with unit_of_work() as (db, clock):
            counting.count_day(db, day, now=clock.now())


@blueprint.periodic(cron="11 19 * * *")
@blueprint.task(name="forget_look_ups", queueing_lock="forget_look_ups")
def forget_look_ups(timestamp: int) -> None:
    with unit_of_work() as (db, clock):
        look_ups.forget_look_ups(db, now=clock.now())


@blueprint.task(name="make_export", retry=TRY_AGAIN)
def make_export(export_id: str) -> None:
    """A batch of rows to a transaction, and after each the page is told how many there are."""
    with unit_of_work() as (db, _clock):
        export = db.get(Export, UUID(export_id))
        if export is None or export.state != ExportState.QUEUED:
            return
        db.expunge(export)
        file, rows = exporting.begin_file(db, export), 0
    query, after = read_query(export), None
    while True:
        with unit_of_work() as (db, _clock):
            batch, after = exporting.read_batch(db, export, query=query, after=after)
        file.add(batch)
        rows += len(batch)
        with unit_of_work() as (db, clock):
            standing = db.get_one(Export, export.id)
            standing.rows = rows
            if rows > exporting.MOST_ROWS:
                standing.state = ExportState.TOO_MANY
                return
            if after is None:
                exporting.finish(db, standing, file=file.finish(), rows=rows, now=clock.now())
                return


@blueprint.periodic(cron="41 * * * *")
@blueprint.task(name="forget_exports", queueing_lock="forget_exports")
def forget_exports(timestamp: int) -> None:
    with unit_of_work() as (db, clock):
        exporting.forget_exports(db, now=clock.now())
