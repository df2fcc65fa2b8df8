"""Work for later: letters leave after the commit of what they tell; what is over is forgotten."""

from uuid import UUID

from procrastinate import Blueprint

from backend.accounts import letters, retention
from backend.accounts.mail import post_desk
from backend.core.jobs import TRY_AGAIN, TRY_SOON_OR_NOT, unit_of_work

blueprint = Blueprint()


@blueprint.task(name="send_invitation", retry=TRY_AGAIN)
def send_invitation(invitation_id: str) -> None:
    """Each try draws a new link, so a letter that did arrive after all is then void."""
    with unit_of_work() as (db, clock):
        letters.send_invitation(db, post_desk(), UUID(invitation_id), now=clock.now())


@blueprint.task(name="send_reset", retry=TRY_SOON_OR_NOT)
def send_reset(reset_id: str) -> None:
    with unit_of_work() as (db, clock):
        letters.send_reset(db, post_desk(), UUID(reset_id), now=clock.now())


@blueprint.periodic(cron="47 19 * * *")
@blueprint.task(name="forget_old_console_sign_ins", queueing_lock="forget_old_console_sign_ins")
def forget_old_console_sign_ins(timestamp: int) -> None:
    with unit_of_work() as (db, clock):
        retention.forget_old_console_sign_ins(db, now=clock.now())
