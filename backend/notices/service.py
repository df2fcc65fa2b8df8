"""Putting notices into inboxes and marking them read."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, update
from sqlalchemy.orm import Session

from backend.audit import service as audit
from backend.core.actor import Actor
from backend.core.errors import NotFound
from backend.notices.models import Notice, NoticeKind


def notify(db: Session, resident_id: UUID, kind: NoticeKind, *, now: datetime, **values: Any) -> None:
    """Leave a notice, in the transaction of what it tells. `values` fill the kind's sentence."""
    db.add(Notice(resident_id=resident_id, kind=kind, values=values, created_at=now))


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
