"""Work for later: messages leave after the commit of what they tell."""

from uuid import UUID

from procrastinate import Blueprint

from backend.core.jobs import unit_of_work
from backend.notices import messages
from backend.notices.post_office import post_office

blueprint = Blueprint()
BATCH = 100


@blueprint.task(name="send_messages")
def send_messages(notice_ids: list[str]) -> None:
    """Send those of the notices' messages that are queued and due."""
    for notice_id in notice_ids:
        send(UUID(notice_id))


@blueprint.periodic(cron="* * * * *")
@blueprint.task(name="send_due_messages", queueing_lock="send_due_messages")
def send_due_messages(timestamp: int) -> None:
    """Try again what could not be sent, and settle what a dead process left behind."""
    with unit_of_work() as (db, clock):
        due = messages.collect_due(db, now=clock.now(), limit=BATCH)
    for notice_id in due:
        send(notice_id)


def send(notice_id: UUID) -> None:
    """One message in two transactions, with WeChat between them: nothing is locked while it is asked."""
    with unit_of_work() as (db, clock):
        letter = messages.begin_sending(db, notice_id, now=clock.now())
    if letter is None:
        return
    sent = post_office().wechat.send_message(
        openid=letter.openid, template_id=letter.template_id, page=letter.page, data=letter.data
    )
    with unit_of_work() as (db, clock):
        messages.end_sending(db, notice_id, sent, now=clock.now())
