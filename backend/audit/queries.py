"""Reads of the access log."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.audit.models import AccessLogEntry


def list_looks_at(
    db: Session, resident_id: UUID, *, before: UUID | None, limit: int
) -> Sequence[AccessLogEntry]:
    """The newest looks first; ids are time-ordered, so `before` is the last id already shown."""
    query = select(AccessLogEntry).where(AccessLogEntry.resident_id == resident_id)
    if before:
        query = query.where(AccessLogEntry.id < before)
    return db.scalars(query.order_by(AccessLogEntry.id.desc()).limit(limit)).all()
