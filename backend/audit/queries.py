"""Reads of the access log and of the audit trail."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.audit.models import AccessLogEntry, AuditEvent


def list_looks_at(
    db: Session, resident_id: UUID, *, before: UUID | None, limit: int
) -> Sequence[AccessLogEntry]:
    """The newest looks first; ids are time-ordered, so `before` is the last id already shown."""
    query = select(AccessLogEntry).where(AccessLogEntry.resident_id == resident_id)
    if before:
        query = query.where(AccessLogEntry.id < before)
    return db.scalars(query.order_by(AccessLogEntry.id.desc()).limit(limit)).all()


def list_events(db: Session, *, subject_id: str | None, limit: int) -> Sequence[AuditEvent]:
    """The newest events first: all of them, or those about one subject."""
    query = select(AuditEvent)
    if subject_id:
        query = query.where(AuditEvent.subject_id == subject_id)
    return db.scalars(query.order_by(AuditEvent.id.desc()).limit(limit)).all()
