"""Tables of the programs that deliver, of batches, and of the rows that were refused."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from backend.core.database import Base, new_id, one_of
from backend.core.encryption import Encrypted
from backend.sources.verdicts import BatchVerdict


class BatchState(StrEnum):
    WAITING = "waiting"
    TAKING = "taking"
    TAKEN = "taken"
    FAILED = "failed"
    WITHDRAWING = "withdrawing"
    WITHDRAWN = "withdrawn"


class SourceClient(Base):
    """A department's program. Its secret is shown once and kept as a hash."""

    __tablename__ = "source_clients"
    __table_args__ = (Index("ix_source_clients_source", "source"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    source: Mapped[str]
    secret_hash: Mapped[bytes]
    made_by: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    made_at: Mapped[datetime]
    last_used_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]


class Batch(Base):
    """A file with records of one source, handed in by its program or by the office.

    The file lies sealed in the store under the batch's id, with the key kept here until `file_ends_at`.
    `indicators` counts the rows taken by indicator. `median_delay_days` is from event to delivery.
    """

    __tablename__ = "batches"
    __table_args__ = (
        Index("ix_batches_source_id", "source", "id"),
        Index("ix_batches_file_ends_at", "file_ends_at", postgresql_where="key_cipher IS NOT NULL"),
        CheckConstraint(one_of("state", BatchState), name="state"),
        CheckConstraint(one_of("verdict", BatchVerdict), name="verdict"),
        CheckConstraint("(state = 'failed') = (verdict IS NOT NULL)", name="failed_for_a_reason"),
        CheckConstraint("num_nonnulls(client_id, account_id) = 1", name="handed_in_by_somebody"),
        CheckConstraint(
            "least(rows_read, new_rows, corrected_rows, unchanged_rows, refused_rows, held_rows, mended_rows,"
            " withdrawn_records) >= 0",
            name="counts",
        ),
        CheckConstraint(
            "rows_read = new_rows + corrected_rows + unchanged_rows + refused_rows", name="no_row_lost"
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    source: Mapped[str]
    client_id: Mapped[UUID | None] = mapped_column(ForeignKey("source_clients.id"))
    account_id: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"))
    mends_id: Mapped[UUID | None] = mapped_column(ForeignKey("batches.id"))
    name_cipher: Mapped[bytes | None]
    key_cipher: Mapped[bytes | None]
    size: Mapped[int]
    state: Mapped[str]
    verdict: Mapped[str | None]
    columns: Mapped[list[str]]
    rows_total: Mapped[int | None]
    rows_read: Mapped[int] = mapped_column(default=0)
    new_rows: Mapped[int] = mapped_column(default=0)
    corrected_rows: Mapped[int] = mapped_column(default=0)
    unchanged_rows: Mapped[int] = mapped_column(default=0)
    refused_rows: Mapped[int] = mapped_column(default=0)
    held_rows: Mapped[int] = mapped_column(default=0)
    mended_rows: Mapped[int] = mapped_column(default=0)
    withdrawn_records: Mapped[int] = mapped_column(default=0)
    indicators: Mapped[dict[str, Any]]
    median_delay_days: Mapped[int | None]
    handed_in_at: Mapped[datetime]
    begun_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]
    file_ends_at: Mapped[datetime]

    name = Encrypted()
    key = Encrypted()


class RefusedRow(Base):
    """A row that was not taken: what stood in it, and each fault with its column and reason.

    Of somebody under 18 nothing is kept but the reason. `mended_at` is set when the row has been taken after
    all, out of this batch or a later one.
    """

    __tablename__ = "refused_rows"
    __table_args__ = (
        UniqueConstraint("batch_id", "row"),
        CheckConstraint("row > 0", name="somewhere"),
        CheckConstraint("jsonb_array_length(faults) > 0", name="for_a_reason"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    batch_id: Mapped[UUID] = mapped_column(ForeignKey("batches.id", ondelete="CASCADE"))
    row: Mapped[int]
    faults: Mapped[list[dict[str, Any]]]
    values_cipher: Mapped[bytes | None]
    mended_at: Mapped[datetime | None]

    values = Encrypted()


class SourceAlarm(Base):
    """What about a source calls for a question, as far as the office was told of it."""

    __tablename__ = "source_alarms"

    source: Mapped[str] = mapped_column(primary_key=True)
    alerts: Mapped[list[str]]
    since: Mapped[datetime]
