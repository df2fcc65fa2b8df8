"""Work for later: counting the day that is under way, and those that nobody counted."""

from procrastinate import Blueprint

from backend.core.jobs import unit_of_work
from backend.office import counting, look_ups

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
