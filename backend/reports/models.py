"""The table of reports. Free texts are encrypted cells."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from backend.core.database import Base, new_id, one_of
from backend.core.encryption import Encrypted


class ReportState(StrEnum):
    OPEN = "open"
    ANSWERED = "answered"
    CLOSED = "closed"


class Outcome(StrEnum):
    """What the office found when it closed a report."""

    SETTLED = "settled"
    MISUNDERSTANDING = "misunderstanding"
    NOT_SETTLED = "not_settled"


class Report(Base):
    """What a resident met at a shop, and what became of it.

    `resident_id` is written when the report is made; only the system reads it, to tell the resident, and
    `told` keeps of which state. In a resident's transaction the database itself shows the own rows alone.
    `due_on` is the last day on which the unit answers in time.
    """

    __tablename__ = "reports"
    __table_args__ = (
        Index(
            "uq_reports_open",
            "resident_id",
            "incentive_id",
            "shop_id",
            unique=True,
            postgresql_where=sql("state <> 'closed'"),
        ),
        Index("ix_reports_resident_id_id", "resident_id", "id"),
        Index("ix_reports_unit_id_id", "unit_id", "id"),
        Index("ix_reports_waiting", "due_on", postgresql_where=sql("state = 'open'")),
        CheckConstraint(one_of("state", ReportState), name="state"),
        CheckConstraint(one_of("told", ReportState), name="told"),
        CheckConstraint(one_of("outcome", Outcome), name="outcome"),
        CheckConstraint(
            "num_nulls(answer_cipher, answered_at, answered_by) IN (0, 3)", name="answered_wholly"
        ),
        CheckConstraint("num_nulls(outcome, closed_at, closed_by) IN (0, 3)", name="closed_wholly"),
        CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name="closed_in_time"),
        CheckConstraint("state <> 'open' OR answered_at IS NULL", name="open_is_unanswered"),
        CheckConstraint("state <> 'answered' OR answered_at IS NOT NULL", name="answered_in_time"),
        CheckConstraint("note_cipher IS NULL OR closed_at IS NOT NULL", name="note_of_the_closing"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    resident_id: Mapped[UUID] = mapped_column(
        ForeignKey("residents.id"), deferred=True, deferred_raiseload=True
    )
    incentive_id: Mapped[UUID] = mapped_column(ForeignKey("incentives.id"))
    shop_id: Mapped[UUID] = mapped_column(ForeignKey("shops.id"))
    unit_id: Mapped[UUID] = mapped_column(ForeignKey("units.id"))
    reason: Mapped[str]
    text_cipher: Mapped[bytes | None]
    happened_on: Mapped[date | None]
    state: Mapped[str] = mapped_column(default=ReportState.OPEN)
    told: Mapped[str | None] = mapped_column(deferred=True, deferred_raiseload=True)
    made_at: Mapped[datetime]
    due_on: Mapped[date]
    answer_cipher: Mapped[bytes | None]
    answered_at: Mapped[datetime | None]
    answered_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"))
    outcome: Mapped[str | None]
    note_cipher: Mapped[bytes | None]
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"))

    text = Encrypted()
    answer = Encrypted()
    note = Encrypted()
