"""Work for later: forgetting answers kept for repeated requests, and taking up what killed workers left."""

from procrastinate import Blueprint

from backend.core.jobs import take_up_stalled, unit_of_work
from backend.web.idempotency import forget_old_answers

blueprint = Blueprint()


@blueprint.periodic(cron="29 19 * * *")
@blueprint.task(name="forget_old_answers", queueing_lock="forget_old_answers")
def forget_old(timestamp: int) -> None:
    with unit_of_work() as (db, clock):
        forget_old_answers(db, now=clock.now())


@blueprint.periodic(cron="* * * * *")
@blueprint.task(name="take_up_stalled", queueing_lock="take_up_stalled")
def take_up(timestamp: int) -> None:
    """Also done by each worker when it starts."""
    with unit_of_work() as (db, _clock):
        take_up_stalled(db)
