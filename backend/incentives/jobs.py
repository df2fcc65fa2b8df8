"""Work for later: publishing what was approved for a time, ending what had its last day."""

from procrastinate import Blueprint

from backend.core.clock import day_in_china
from backend.core.jobs import unit_of_work
from backend.incentives import reviewing, running

blueprint = Blueprint()
BATCH = 100


@blueprint.periodic(cron="* * * * *")
@blueprint.task(name="publish_due", queueing_lock="publish_due")
def publish_due(timestamp: int) -> None:
    while True:
        with unit_of_work() as (db, clock):
            done = reviewing.publish_due(db, now=clock.now(), limit=BATCH)
        if done < BATCH:
            return


# A minute past midnight in China; the queue counts in UTC.
@blueprint.periodic(cron="1 16 * * *")
@blueprint.task(name="end_incentives", queueing_lock="end_incentives")
def end_incentives(timestamp: int) -> None:
    while True:
        with unit_of_work() as (db, clock):
            now = clock.now()
            done = running.end_those_over(db, today=day_in_china(now), now=now, limit=BATCH)
        if done < BATCH:
            return
