"""Sending a message at most once.

`sending` is committed before WeChat is asked, and what became of it afterwards. A message found in
`sending` long after was begun by a process that died: it may be out, so it is `unknown` and is left
alone until WeChat tells more.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from backend.audit import service as audit
from backend.city.message_files import TIME
from backend.city.serving import current_city
from backend.core.actor import SYSTEM
from backend.core.clock import CHINA
from backend.notices import credits
from backend.notices.models import Message, MessageState, Notice
from backend.notices.post_office import post_office
from backend.wechat.fields import fit
from backend.wechat.messages import SendOutcome, Sent

# Longer than any call with its repetitions and the wait for a token.
DIED_AFTER = timedelta(minutes=2)
FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=1)
# Older news is not worth a message: it stands in the inbox.
GIVE_UP_AFTER = timedelta(hours=24)

ENDS = {
    SendOutcome.SENT: MessageState.SENT,
    SendOutcome.REFUSED: MessageState.REFUSED,
    SendOutcome.BAD_ADDRESS: MessageState.FAILED,
    SendOutcome.REJECTED: MessageState.FAILED,
    SendOutcome.UNKNOWN: MessageState.UNKNOWN,
}


@dataclass(frozen=True)
class Letter:
    """A message about to be sent. The address shows in no log."""

    notice_id: UUID
    openid: str
    template_id: str
    page: str
    data: dict[str, str]

    def __repr__(self) -> str:
        return f"Letter({self.notice_id})"


def begin_sending(db: Session, notice_id: UUID, *, now: datetime) -> Letter | None:
    """Claim a queued message that is due; commit before sending what this gives.

    None when another process has it, when it is settled, or when this settles it: without an
    agreement, a template or an account there is nothing to send.
    """
    claimed = db.execute(
        update(Message)
        .where(Message.notice_id == notice_id, Message.state == MessageState.QUEUED, Message.due_at <= now)
        .values(state=MessageState.SENDING, sending_at=now, attempts=Message.attempts + 1)
        .returning(Message.resident_id, Message.template_id)
    ).one_or_none()
    if claimed is None:
        return None
    resident_id, template_id = claimed
    template = current_city().messages.with_id(template_id)
    openid = post_office().openid_of(db, resident_id)
    if template is None or openid is None:
        _settle(db, notice_id, MessageState.FAILED, now=now)
        return None
    if not credits.take(db, resident_id, template):
        _settle(db, notice_id, MessageState.REFUSED, now=now)
        return None
    notice = db.get_one(Notice, notice_id)
    return Letter(notice_id, openid, template.id, template.page, _filled(template.fields, notice))


def end_sending(db: Session, notice_id: UUID, sent: Sent, *, now: datetime) -> None:
    """Note what became of a message that `begin_sending` gave."""
    message = db.scalars(
        select(Message)
        .where(Message.notice_id == notice_id, Message.state == MessageState.SENDING)
        .with_for_update()
    ).one_or_none()
    if message is None:  # it took so long that it counts as unknown; that stands
        return
    template = current_city().messages.with_id(message.template_id)
    if sent.outcome in (SendOutcome.LATER, SendOutcome.REJECTED) and template:
        credits.give_back(db, message.resident_id, template)
    elif sent.outcome is SendOutcome.REFUSED:
        credits.clear(db, message.resident_id, [message.template_id])
    elif sent.outcome is SendOutcome.BAD_ADDRESS:
        credits.clear(db, message.resident_id)
    if sent.outcome is SendOutcome.LATER:
        _put_off(db, message, timedelta(seconds=sent.retry_after), now=now)
    else:
        _settle(db, notice_id, ENDS[sent.outcome], now=now, msgid=sent.msgid)


def collect_due(db: Session, *, now: datetime, limit: int) -> list[UUID]:
    """Queued messages whose time has come, oldest first; those of dead senders become unknown."""
    died = db.scalars(
        select(Message.notice_id)
        .where(Message.state == MessageState.SENDING, Message.sending_at < now - DIED_AFTER)
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()
    for notice_id in died:
        _settle(db, notice_id, MessageState.UNKNOWN, now=now)
    due = select(Message.notice_id).where(Message.state == MessageState.QUEUED, Message.due_at <= now)
    return list(db.scalars(due.order_by(Message.due_at).limit(limit)))


def settle_sent(
    db: Session, resident_id: UUID, *, template_id: str, msgid: str | None, arrived: bool, now: datetime
) -> None:
    """WeChat tells the final result of a message. Without a known number it is about the latest of
    that template which is not settled by WeChat yet."""
    unsettled = (
        select(Message)
        .where(Message.resident_id == resident_id, Message.template_id == template_id)
        .where(Message.state.in_([MessageState.UNKNOWN, MessageState.SENT, MessageState.SENDING]))
        .order_by((Message.msgid == msgid).desc().nulls_last(), Message.sending_at.desc())
        .limit(1)
        .with_for_update()
    )
    message = db.scalars(unsettled).one_or_none()
    if message is None or (message.msgid and msgid and message.msgid != msgid):
        return
    state = MessageState.CONFIRMED if arrived else MessageState.FAILED
    _settle(db, message.notice_id, state, now=now, msgid=msgid)


def _filled(fields: Mapping[str, str], notice: Notice) -> dict[str, str]:
    """The template's fields with the notice's values, each as WeChat takes it."""
    told = {**notice.values, TIME: f"{notice.created_at.astimezone(CHINA):%Y年%-m月%-d日 %H:%M}"}
    return {name: fit(name, text.format_map(told)) for name, text in fields.items()}


def _put_off(db: Session, message: Message, told: timedelta, *, now: datetime) -> None:
    """Try again after what WeChat told, or a pause that doubles; after a day give up."""
    own = min(FIRST_PAUSE * 2 ** (message.attempts - 1), LONGEST_PAUSE)
    due_at = now + max(told, own)
    if due_at > message.created_at + GIVE_UP_AFTER:
        _settle(db, message.notice_id, MessageState.FAILED, now=now)
        return
    message.state, message.due_at, message.sending_at = MessageState.QUEUED, due_at, None


def _settle(
    db: Session, notice_id: UUID, state: MessageState, *, now: datetime, msgid: str | None = None
) -> None:
    number: dict[str, Any] = {"msgid": msgid} if msgid else {}
    db.execute(
        update(Message).where(Message.notice_id == notice_id).values(state=state, ended_at=now, **number)
    )
    subject = ("notice", notice_id)
    audit.record(db, f"message.{state}", subject=subject, actor=SYSTEM, now=now)
