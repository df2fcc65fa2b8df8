"""What is left behind when something happened: audit events, and rows of any table."""

from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.audit.models import AuditEvent
from backend.core.database import Base


def audit_actions(db: Session, kind: str, subject_id: UUID | str) -> list[str]:
    """The actions recorded on a subject, oldest first."""
    query = select(AuditEvent.action).where(
        AuditEvent.subject_kind == kind, AuditEvent.subject_id == str(subject_id)
    )
    return list(db.scalars(query.order_by(AuditEvent.id)))


def count_rows(db: Session, table: type[Base], **where: Any) -> int:
    return db.scalar(select(func.count()).select_from(table).filter_by(**where)) or 0
