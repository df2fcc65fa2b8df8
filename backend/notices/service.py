"""Putting notices into inboxes and marking them read; queueing the WeChat messages that tell them too."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, Text, column, delete, func, literal, or_, select, update, values
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from backend.audit import service as audit
from backend.city.serving import current_city
from backend.core.actor import Actor
from backend.core.errors import NotFound
from backend.core.ids import new_id
from backend.core.jobs import defer
from backend.notices import jobs
from backend.notices.models import Message, MessageCredit, MessageState, Notice, NoticeKind


def notify(db: Session, resident_id: UUID, kind: NoticeKind, *, now: datetime, **values: Any) -> None:
    """Leave a notice, in the transaction of what it tells. `values` fill the kind's sentence."""
    notice = Notice(id=new_id(), resident_id=resident_id, kind=kind, values=values, created_at=now)
    db.add(notice)
    if kind in current_city().messages:
        db.flush()
        queue_messages(db, [notice.id])


def message_parameters(kind: NoticeKind) -> dict[str, str | None]:
    """For a statement that queues the messages of its notices by itself: the template, if this city has
    one for them, and the task that sends them."""
    template = current_city().messages.get(kind)
    return {"template_id": template.id if template else None, "sending_task": jobs.send_messages.name}


def queue_messages(db: Session, notice_ids: Sequence[UUID]) -> None:
    """Queue a WeChat message for those of the notices whose residents agreed to one.

    One statement; when it found any, one more for the job that sends them after the commit.
    """
    templates = current_city().messages
    if not templates or not notice_ids:
        return
    wanted = values(column("kind", Text), column("id", Text), name="templates").data(
        [(kind, template.id) for kind, template in templates.items()]
    )
    agreed = (
        select(
            Notice.id,
            Notice.resident_id,
            MessageCredit.template_id,
            literal(MessageState.QUEUED.value),
            literal(0),
            Notice.created_at,
            Notice.created_at,
        )
        .join(wanted, wanted.c.kind == Notice.kind)
        .join(
            MessageCredit,
            (MessageCredit.resident_id == Notice.resident_id) & (MessageCredit.template_id == wanted.c.id),
        )
        .where(Notice.id.in_(notice_ids), or_(MessageCredit.credits > 0, MessageCredit.hinted))
    )
    columns = ["notice_id", "resident_id", "template_id", "state", "attempts", "created_at", "due_at"]
    queued = db.scalars(
        insert(Message).from_select(columns, agreed).on_conflict_do_nothing().returning(Message.notice_id)
    ).all()
    if queued:
        defer(db, jobs.send_messages, notice_ids=[str(notice_id) for notice_id in queued])


def empty_inboxes(db: Session, residents: Select[UUID]) -> None:
    """Forget notices and messages of accounts that go, being nobody's."""
    for table in (Message, Notice):
        db.execute(delete(table).where(table.resident_id.in_(residents)))


def mark_read(db: Session, *, resident_id: UUID, notice_id: UUID, actor: Actor, now: datetime) -> Notice:
    """Reading twice keeps the first time."""
    notice = db.scalars(
        update(Notice)
        .where(Notice.id == notice_id, Notice.resident_id == resident_id)
        .values(read_at=func.coalesce(Notice.read_at, now))
        .returning(Notice)
    ).one_or_none()
    if notice is None:
        raise NotFound
    audit.record(db, "notice.read", subject=("notice", notice_id), actor=actor, now=now)
    return notice
