"""Tables of sheets: what was taken out, what came in, and the bad cells of what came in."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from backend.core.database import Base, new_id, one_of
from backend.core.encryption import Encrypted
from backend.core.sheets.verdicts import Verdict


class ImportState(StrEnum):
    CHECKING = "checking"
    CHECKED = "checked"
    IMPORTING = "importing"
    IMPORTED = "imported"
    FAILED = "failed"
    CANCELLED = "cancelled"
    UNDOING = "undoing"
    UNDONE = "undone"


class ExportState(StrEnum):
    QUEUED = "queued"
    READY = "ready"
    TOO_MANY = "too_many"


class SheetImport(Base):
    """A sheet that somebody handed in. `unit_id` and `district` are whose incentives they look after.

    The file lies sealed in the store under the import's id, the bad rows under `bad_file_id`, both with
    the key kept here. Counts of rows are what the check found; counts of drafts what the import did.
    """

    __tablename__ = "sheet_imports"
    __table_args__ = (
        Index("ix_sheet_imports_account_id_id", "account_id", "id"),
        Index("ix_sheet_imports_ends_at", "ends_at"),
        Index(
            "uq_sheet_imports_working",
            "account_id",
            unique=True,
            postgresql_where=sql("state IN ('checking', 'importing', 'undoing')"),
        ),
        CheckConstraint(one_of("state", ImportState), name="state"),
        CheckConstraint(one_of("verdict", Verdict), name="verdict"),
        CheckConstraint("(state = 'failed') = (verdict IS NOT NULL)", name="failed_for_a_reason"),
        CheckConstraint(
            "least(rows_read, new_rows, changed_rows, unchanged_rows, bad_rows, bad_cells,"
            " drafts_made, drafts_changed, drafts_submitted, drafts_removed) >= 0",
            name="counts",
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    unit_id: Mapped[UUID | None] = mapped_column(ForeignKey("units.id"))
    district: Mapped[str | None]
    state: Mapped[str]
    verdict: Mapped[str | None]
    name_cipher: Mapped[bytes]
    key_cipher: Mapped[bytes]
    size: Mapped[int]
    bad_file_id: Mapped[UUID | None]
    rows_total: Mapped[int | None]
    rows_read: Mapped[int] = mapped_column(default=0)
    new_rows: Mapped[int] = mapped_column(default=0)
    changed_rows: Mapped[int] = mapped_column(default=0)
    unchanged_rows: Mapped[int] = mapped_column(default=0)
    bad_rows: Mapped[int] = mapped_column(default=0)
    bad_cells: Mapped[int] = mapped_column(default=0)
    submits: Mapped[bool] = mapped_column(default=False)
    drafts_made: Mapped[int] = mapped_column(default=0)
    drafts_changed: Mapped[int] = mapped_column(default=0)
    drafts_submitted: Mapped[int] = mapped_column(default=0)
    drafts_removed: Mapped[int] = mapped_column(default=0)
    uploaded_at: Mapped[datetime]
    ends_at: Mapped[datetime]

    name = Encrypted()
    key = Encrypted()


class SheetBadCell(Base):
    """A cell that cannot be taken, where it stands and what stands there; `column_title` is ours."""

    __tablename__ = "sheet_bad_cells"
    __table_args__ = (
        UniqueConstraint("import_id", "row", "place"),
        CheckConstraint("row > 0 AND place > 0", name="somewhere"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    import_id: Mapped[UUID] = mapped_column(ForeignKey("sheet_imports.id", ondelete="CASCADE"))
    row: Mapped[int]
    place: Mapped[int]
    column_title: Mapped[str]
    code: Mapped[str]
    sentence: Mapped[str]
    value_cipher: Mapped[bytes | None]

    value = Encrypted()


class SheetExport(Base):
    """A list of incentives or drafts as a sheet, for who ordered it."""

    __tablename__ = "sheet_exports"
    __table_args__ = (
        Index("ix_sheet_exports_ends_at", "ends_at"),
        CheckConstraint(one_of("state", ExportState), name="state"),
        CheckConstraint("rows >= 0", name="rows"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    unit_id: Mapped[UUID | None] = mapped_column(ForeignKey("units.id"))
    district: Mapped[str | None]
    list_name: Mapped[str]
    query: Mapped[dict[str, Any]]
    purpose: Mapped[str]
    state: Mapped[str]
    rows: Mapped[int] = mapped_column(default=0)
    key_cipher: Mapped[bytes]
    ordered_at: Mapped[datetime]
    ends_at: Mapped[datetime]

    key = Encrypted()
