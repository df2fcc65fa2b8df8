"""Work for later: forgetting answers kept for repeated requests."""

from procrastinate import Blueprint

from backend.core.jobs import unit_of_work
from backend.web.idempotency import forget_old_answers

blueprint = Blueprint()


@blueprint.periodic(cron="29 19 * * *")
@blueprint.task(name="forget_old_answers", queueing_lock="forget_old_answers")
def forget_old(timestamp: int) -> None:
    with unit_of_work() as (db, clock):
        forget_old_answers(db, now=clock.now())
