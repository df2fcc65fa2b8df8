"""Work for later: ending vouchers whose time is over, saying so a few days before, forgetting old codes."""

from procrastinate import Blueprint

from backend.core.jobs import unit_of_work
from backend.vouchers import ending, reminders, typed_codes, wrong_tries

blueprint = Blueprint()
BATCH = 500


@blueprint.periodic(cron="*/5 * * * *")
@blueprint.task(name="expire_vouchers", queueing_lock="expire_vouchers")
def expire_vouchers(timestamp: int) -> None:
    while True:
        with unit_of_work() as (db, clock):
            ended = ending.expire_vouchers(db, now=clock.now(), limit=BATCH)
        if ended < BATCH:
            return


# Nine in the morning in China; the queue counts in UTC.
@blueprint.periodic(cron="0 1 * * *")
@blueprint.task(name="remind_of_ending", queueing_lock="remind_of_ending")
def remind_of_ending(timestamp: int) -> None:
    with unit_of_work() as (db, clock):
        reminders.remind_of_ending(db, now=clock.now())


@blueprint.periodic(cron="5 19 * * *")
@blueprint.task(name="forget_typed_codes", queueing_lock="forget_typed_codes")
def forget_typed_codes(timestamp: int) -> None:
    with unit_of_work() as (db, clock):
        typed_codes.forget_typed_codes(db, now=clock.now())
        wrong_tries.forget_wrong_tries(db, now=clock.now())
