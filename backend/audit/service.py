"""Recording what happened, in the transaction in which it happens."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session
from structlog.contextvars import get_contextvars

from backend.audit.models import AccessLogEntry, AuditEvent
from backend.core.actor import Actor


def record(
    db: Session,
    action: str,
    *,
    subject: tuple[str, UUID | str | int],
    actor: Actor,
    now: datetime,
    **data: Any,
) -> None:
    """Add an event. `data` holds ids, codes and numbers only: an audit leaf is never personal."""
    kind, subject_id = subject
    db.add(
        AuditEvent(
            occurred_at=now,
            action=action,
            actor_kind=actor.kind,
            actor_id=actor.id,
            subject_kind=kind,
            subject_id=str(subject_id),
            data=data,
            request_id=get_contextvars().get("request_id"),
        )
    )


def record_access(
    db: Session,
    *,
    resident_id: UUID,
    actor: Actor,
    looked_by: str,
    purpose: str,
    shown: str,
    now: datetime,
) -> None:
    """Add a look at a resident's data to the log that the resident reads."""
    db.add(
        AccessLogEntry(
            resident_id=resident_id,
            occurred_at=now,
            actor_kind=actor.kind,
            actor_id=actor.id,
            looked_by=looked_by,
            purpose=purpose,
            shown=shown,
        )
    )
