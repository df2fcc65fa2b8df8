"""Work for later: forgetting what is no longer needed of sign-ins."""

from procrastinate import Blueprint

from backend.core.jobs import unit_of_work
from backend.identity import retention

blueprint = Blueprint()


@blueprint.periodic(cron="41 19 * * *")
@blueprint.task(name="forget_old_sign_ins", queueing_lock="forget_old_sign_ins")
def forget_old_sign_ins(timestamp: int) -> None:
    with unit_of_work() as (db, clock):
        retention.forget_old_sign_ins(db, now=clock.now())
