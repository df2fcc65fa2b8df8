"""The ledger of consents and its present state."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from backend.core.database import Base, new_id, one_of

SCORING = "scoring"


class Decision(StrEnum):
    GIVEN = "given"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class Consent(Base):
    """The last decision of a resident on one purpose."""

    __tablename__ = "consents"
    __table_args__ = (CheckConstraint(one_of("decision", Decision), name="decision"),)

    resident_id: Mapped[UUID] = mapped_column(ForeignKey("residents.id"), primary_key=True)
    purpose: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[str]
    decision: Mapped[str]
    decided_at: Mapped[datetime]


class ConsentEvent(Base):
    """One decision, with the fingerprint of the very text. A trigger refuses UPDATE and DELETE."""

    __tablename__ = "consent_events"
    __table_args__ = (
        Index("ix_consent_events_resident_id", "resident_id", "id"),
        CheckConstraint(one_of("decision", Decision), name="decision"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    resident_id: Mapped[UUID] = mapped_column(ForeignKey("residents.id"))
    purpose: Mapped[str]
    version: Mapped[str]
    text_sha256: Mapped[str]
    decision: Mapped[str]
    channel: Mapped[str]
    decided_at: Mapped[datetime]
