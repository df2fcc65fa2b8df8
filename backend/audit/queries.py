"""Reads of the access log and of the audit trail."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, literal, select, tuple_
from sqlalchemy.orm import Session

from backend.audit.models import AccessLogEntry, AuditEvent
from backend.core.actor import ActorKind

# Who acts with an account of the console.
COLLEAGUES = (ActorKind.OFFICE, ActorKind.PARTNER)


def list_looks_at(
    db: Session, resident_id: UUID, *, before: UUID | None, limit: int
) -> Sequence[AccessLogEntry]:
    """The newest looks first; ids are time-ordered, so `before` is the last id already shown."""
    query = select(AccessLogEntry).where(AccessLogEntry.resident_id == resident_id)
    if before:
        query = query.where(AccessLogEntry.id < before)
    return db.scalars(query.order_by(AccessLogEntry.id.desc()).limit(limit)).all()


@dataclass(frozen=True)
class EventFilter:
    """What events are narrowed to; None means any. `until` itself is left out."""

    since: datetime | None = None
    until: datetime | None = None
    action: str | None = None
    actor_kind: str | None = None
    colleague_id: UUID | None = None
    subject_kind: str | None = None
    subject_id: str | None = None

    def conditions(self) -> Iterator[ColumnElement[bool]]:
        if self.since:
            yield AuditEvent.occurred_at >= self.since
        if self.until:
            yield AuditEvent.occurred_at < self.until
        if self.colleague_id:
            yield AuditEvent.actor_kind.in_(COLLEAGUES)
            yield AuditEvent.actor_id == self.colleague_id
        for name in ("action", "actor_kind", "subject_kind", "subject_id"):
            if (value := getattr(self, name)) is not None:
                yield getattr(AuditEvent, name) == value


def events(
    wanted: EventFilter, *, oldest_first: bool = False, after: tuple[Any, ...] | None = None
) -> Select[AuditEvent]:
    """In the order in which they happened, or the newest first; `after` is time and id of the last shown."""
    order = (AuditEvent.occurred_at, AuditEvent.id)
    query = select(AuditEvent).where(*wanted.conditions())
    if after:
        key, last = tuple_(*order), tuple_(*(literal(part) for part in after))
        query = query.where(key > last if oldest_first else key < last)
    return query.order_by(*(order if oldest_first else (column.desc() for column in order)))


def list_events(db: Session, *, subject_id: str | None, limit: int) -> Sequence[AuditEvent]:
    """The newest events first: all of them, or those about one subject."""
    query = select(AuditEvent)
    if subject_id:
        query = query.where(AuditEvent.subject_id == subject_id)
    return db.scalars(query.order_by(AuditEvent.id.desc()).limit(limit)).all()
