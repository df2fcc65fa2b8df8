"""Tables of the audit trail and of the access log."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Identity, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from backend.core.database import Base, new_id


class AuditEvent(Base):
    """Something that happened. Append only: a trigger refuses UPDATE and DELETE."""

    __tablename__ = "audit_events"
    __table_args__ = (
        Index("ix_audit_events_subject", "subject_kind", "subject_id"),
        Index("ix_audit_events_occurred_at_id", "occurred_at", "id"),
        Index("ix_audit_events_action", "action", "occurred_at", "id"),
        # What people of the console did: few among all that residents and clerks do.
        Index(
            "ix_audit_events_colleague",
            "actor_id",
            "occurred_at",
            "id",
            postgresql_where=text("actor_kind IN ('office', 'partner')"),
        ),
    )

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    occurred_at: Mapped[datetime]
    action: Mapped[str]
    actor_kind: Mapped[str]
    actor_id: Mapped[UUID | None]
    subject_kind: Mapped[str]
    subject_id: Mapped[str]
    data: Mapped[dict[str, Any]]
    request_id: Mapped[str | None]


class AccessLogEntry(Base):
    """A look at a resident's data. `looked_by` is what the resident reads: a shop, a unit, an office."""

    __tablename__ = "access_log"
    __table_args__ = (Index("ix_access_log_resident_id_id", "resident_id", "id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    resident_id: Mapped[UUID] = mapped_column(ForeignKey("residents.id"))
    occurred_at: Mapped[datetime]
    actor_kind: Mapped[str]
    actor_id: Mapped[UUID | None]
    looked_by: Mapped[str]
    purpose: Mapped[str]
    shown: Mapped[str]
