"""Reads of the inbox."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from backend.notices.models import MessageCredit, Notice


def list_notices(db: Session, resident_id: UUID, *, before: UUID | None, limit: int) -> Sequence[Notice]:
    """Newest first; ids are time-ordered, so `before` is the last id already shown."""
    query = select(Notice).where(Notice.resident_id == resident_id)
    if before:
        query = query.where(Notice.id < before)
    return db.scalars(query.order_by(Notice.id.desc()).limit(limit)).all()


def count_unread(db: Session, resident_id: UUID) -> int:
    query = select(func.count()).where(Notice.resident_id == resident_id, Notice.read_at.is_(None))
    return db.scalar(query) or 0


def list_agreed_templates(db: Session, resident_id: UUID) -> set[str]:
    """The templates of which the resident would get the next message."""
    has_one = or_(MessageCredit.credits > 0, MessageCredit.hinted)
    query = select(MessageCredit.template_id).where(MessageCredit.resident_id == resident_id, has_one)
    return set(db.scalars(query))
