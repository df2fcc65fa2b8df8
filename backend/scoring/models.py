"""Tables of credit records, of residences, and of scores with their traces."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from backend.core.database import Base, new_id, one_of
from backend.core.encryption import index_of
from backend.core.points import MOST_QUANTITY
from backend.scoring.engine.model import RecordStatus

POSSIBLE_QUANTITY = f"quantity BETWEEN 1 AND {MOST_QUANTITY}"


class CreditRecord(Base):
    """One entry a department delivered about a resident, as far as the score depends on it.

    `changed_at` is absent while it is as it was received; a change that does not say when happens now.
    `source_key` is what its source calls it. A correction ends the record and makes another, so that a
    score of the past is found again; what the source took back is ended as well.
    """

    __tablename__ = "credit_records"
    __table_args__ = (
        Index("ix_credit_records_resident_id", "resident_id"),
        Index("ix_credit_records_batch_id", "batch_id", postgresql_where=text("batch_id IS NOT NULL")),
        Index(
            "uq_credit_records_source_key",
            "source",
            "source_key",
            unique=True,
            postgresql_where=text("ended_at IS NULL AND source_key IS NOT NULL"),
        ),
        CheckConstraint("num_nulls(source, source_key, batch_id) IN (0, 3)", name="delivered"),
        CheckConstraint("ended_at IS NULL OR status = 'withdrawn'", name="ended"),
        CheckConstraint(one_of("status", RecordStatus), name="status"),
        CheckConstraint(POSSIBLE_QUANTITY, name="quantity_possible"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    resident_id: Mapped[UUID] = mapped_column(ForeignKey("residents.id"))
    indicator: Mapped[str]
    occurred_on: Mapped[date]
    quantity: Mapped[int]
    expires_on: Mapped[date | None]
    status: Mapped[str]
    received_at: Mapped[datetime]
    changed_at: Mapped[datetime | None]
    source: Mapped[str | None]
    source_key: Mapped[str | None]
    batch_id: Mapped[UUID | None] = mapped_column(ForeignKey("batches.id"))
    ended_at: Mapped[datetime | None]


class CreditRecordVersion(Base):
    """What a record was until it changed. A trigger writes it, and it goes with its record only."""

    __tablename__ = "credit_record_versions"

    record_id: Mapped[UUID] = mapped_column(
        ForeignKey("credit_records.id", ondelete="CASCADE"), primary_key=True
    )
    until: Mapped[datetime] = mapped_column(primary_key=True)
    indicator: Mapped[str]
    occurred_on: Mapped[date]
    quantity: Mapped[int]
    expires_on: Mapped[date | None]
    status: Mapped[str]


class HeldRecord(Base):
    """A record whose person has no account here. Kept apart, by fingerprint, and for some days only."""

    __tablename__ = "held_records"
    __table_args__ = (
        Index("ix_held_records_subject_index", "subject_index"),
        CheckConstraint(POSSIBLE_QUANTITY, name="quantity_possible"),
        Index("ix_held_records_batch_id", "batch_id", postgresql_where=text("batch_id IS NOT NULL")),
        Index(
            "uq_held_records_source_key",
            "source",
            "source_key",
            unique=True,
            postgresql_where=text("source_key IS NOT NULL"),
        ),
        CheckConstraint("num_nulls(source, source_key, batch_id) IN (0, 3)", name="delivered"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    subject_index: Mapped[bytes] = index_of("held_records.subject")
    indicator: Mapped[str]
    occurred_on: Mapped[date]
    quantity: Mapped[int]
    expires_on: Mapped[date | None]
    status: Mapped[str]
    received_at: Mapped[datetime]
    held_until: Mapped[datetime] = mapped_column(index=True)
    source: Mapped[str | None]
    source_key: Mapped[str | None]
    batch_id: Mapped[UUID | None] = mapped_column(ForeignKey("batches.id"))


class Residence(Base):
    """Where a resident is registered as living; without it there is no score.

    `records_expected_on` is set while the departments' first delivery for this person is under way.
    """

    __tablename__ = "residences"

    resident_id: Mapped[UUID] = mapped_column(ForeignKey("residents.id"), primary_key=True)
    district: Mapped[str]
    records_expected_on: Mapped[date | None]


class HeldResidence(Base):
    """A residence whose person has no account here; kept like a held record."""

    __tablename__ = "held_residences"

    subject_index: Mapped[bytes] = index_of("held_records.subject", primary_key=True)
    district: Mapped[str]
    records_expected_on: Mapped[date | None]
    held_until: Mapped[datetime] = mapped_column(index=True)


class Score(Base):
    """A resident's score as last computed.

    It exists only while the resident consents to being scored. `explanation` is what the page shows; a
    run over the city leaves it out and writes down the `heaviest` lines, and the page explains when asked.
    """

    __tablename__ = "scores"
    __table_args__ = (
        CheckConstraint("explanation IS NOT NULL OR heaviest IS NOT NULL", name="explained"),
        # Every night each row is replaced: with room beside it and no index on what changes, within its page.
        {"postgresql_with": {"fillfactor": 50}},
    )

    resident_id: Mapped[UUID] = mapped_column(ForeignKey("residents.id"), primary_key=True)
    as_of: Mapped[date]
    model_version: Mapped[str]
    score_milli: Mapped[int]
    level: Mapped[str | None]
    explanation: Mapped[dict[str, Any] | None]
    heaviest: Mapped[list[dict[str, Any]] | None]
    computed_at: Mapped[datetime]


class ScoreMonth(Base):
    """The last score of a month. `month` is its first day.

    Day and moment are what it takes to compute it again; months kept before they were, have none.
    """

    __tablename__ = "score_months"
    __table_args__ = (
        CheckConstraint("extract(day from month) = 1", name="first_day"),
        CheckConstraint("(as_of IS NULL) = (computed_at IS NULL)", name="dated"),
    )

    resident_id: Mapped[UUID] = mapped_column(ForeignKey("residents.id"), primary_key=True)
    month: Mapped[date] = mapped_column(primary_key=True)
    score_milli: Mapped[int]
    level: Mapped[str | None]
    model_version: Mapped[str]
    as_of: Mapped[date | None]
    computed_at: Mapped[datetime | None]


class ScoreRun(Base):
    """One run over the city: everybody scored for one day under one model, from records of one moment.

    It is taken up again after a break. On another day or under another model a new one begins, and the
    broken one is over without having been finished. `begun_by` is null for a run of the calendar.
    """

    __tablename__ = "score_runs"
    __table_args__ = (
        Index("uq_score_runs_open", text("(true)"), unique=True, postgresql_where=text("ended_at IS NULL")),
        CheckConstraint("NOT finished OR ended_at IS NOT NULL", name="finished_has_ended"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    as_of: Mapped[date]
    model_version: Mapped[str]
    begun_at: Mapped[datetime]
    begun_by: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"))
    per_slice: Mapped[int]
    taken_up: Mapped[int] = mapped_column(default=0)
    people: Mapped[int | None]
    ended_at: Mapped[datetime | None]
    finished: Mapped[bool] = mapped_column(default=False)


class ScoreRunSlice(Base):
    """A part of the people, written back in the very transaction that adds this row."""

    __tablename__ = "score_run_slices"

    run_id: Mapped[UUID] = mapped_column(ForeignKey("score_runs.id"), primary_key=True)
    slice: Mapped[int] = mapped_column(primary_key=True)
    people: Mapped[int]
    written: Mapped[int]
    done_at: Mapped[datetime]
