"""Tables of the office: figures per day, who looked up whom, exports, settings."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from backend.core.database import Base, new_id, one_of

# Units and shops that belong to no single district count here.
WHOLE_CITY_UNITS = ""


class Purpose(StrEnum):
    """Why somebody of the office looks a resident up."""

    OBJECTION = "objection"
    REPAIR = "repair"
    WINDOW = "window"
    COMPLAINT = "complaint"
    LOST_PHONE = "lost_phone"


class DailyFigures(Base):
    """What happened on one day in China in one district, and how many residents there were in its end.

    Claims count where the unit is, redemptions where the shop is, residents where they live. Residents
    cannot be counted afterwards: they are absent for days on which nobody counted.
    """

    __tablename__ = "daily_figures"
    __table_args__ = (
        CheckConstraint("least(claims, redemptions, reversals) >= 0", name="counts"),
        CheckConstraint("num_nulls(residents, scored, active) IN (0, 3)", name="counted_wholly"),
        CheckConstraint(
            "residents >= scored AND residents >= active AND least(scored, active) >= 0", name="parts"
        ),
    )

    day: Mapped[date] = mapped_column(primary_key=True)
    district: Mapped[str] = mapped_column(primary_key=True)
    claims: Mapped[int]
    redemptions: Mapped[int]
    reversals: Mapped[int]
    amount_fen: Mapped[int]
    residents: Mapped[int | None]
    scored: Mapped[int | None]
    active: Mapped[int | None]
    counted_at: Mapped[datetime]


class DailyUse(Base):
    """How much one incentive was claimed and used on one day in one district; absent when it was not."""

    __tablename__ = "daily_uses"
    __table_args__ = (
        CheckConstraint("least(claims, redemptions, reversals) >= 0", name="counts"),
        Index("ix_daily_uses_incentive_id_day", "incentive_id", "day"),
    )

    day: Mapped[date] = mapped_column(primary_key=True)
    incentive_id: Mapped[UUID] = mapped_column(ForeignKey("incentives.id"), primary_key=True)
    district: Mapped[str] = mapped_column(primary_key=True)
    claims: Mapped[int]
    redemptions: Mapped[int]
    reversals: Mapped[int]
    amount_fen: Mapped[int]


class ResidentLookUp(Base):
    """Somebody of the office has looked a resident up for a case, and may show fields until `ends_at`."""

    __tablename__ = "resident_look_ups"
    __table_args__ = (
        Index("ix_resident_look_ups_ends_at", "ends_at"),
        Index("ix_resident_look_ups_resident_id", "resident_id"),
        CheckConstraint(one_of("purpose", Purpose), name="purpose"),
        CheckConstraint("ends_at > looked_at", name="ends_later"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    resident_id: Mapped[UUID] = mapped_column(ForeignKey("residents.id", ondelete="CASCADE"))
    purpose: Mapped[str]
    case_number: Mapped[str]
    looked_at: Mapped[datetime]
    ends_at: Mapped[datetime]


class ExportState(StrEnum):
    QUEUED = "queued"
    READY = "ready"
    # More rows than one file may hold.
    TOO_MANY = "too_many"


class Export(Base):
    """A list as a file, ordered by somebody of the office; `district` is whose rows they may see."""

    __tablename__ = "exports"
    __table_args__ = (
        Index("ix_exports_ends_at", "ends_at"),
        CheckConstraint(one_of("state", ExportState), name="state"),
        CheckConstraint("(state = 'ready') = (file IS NOT NULL)", name="ready_with_file"),
        CheckConstraint("rows >= 0", name="rows"),
        CheckConstraint("format IN ('csv', 'xlsx')", name="format"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    district: Mapped[str | None]
    list_name: Mapped[str]
    format: Mapped[str]
    query: Mapped[dict[str, Any]]
    purpose: Mapped[str]
    state: Mapped[str]
    rows: Mapped[int]
    file: Mapped[bytes | None] = mapped_column(deferred=True)
    ordered_at: Mapped[datetime]
    ends_at: Mapped[datetime]


class SettingVersion(Base):
    """What a setting was set to, by whom and why; the last number is in force. Only ever added to.

    `is_default` gives it back to the city's own value. A null `value` otherwise means: nothing.
    """

    __tablename__ = "setting_versions"
    __table_args__ = (
        CheckConstraint("number >= 1", name="number"),
        CheckConstraint("NOT is_default OR value IS NULL", name="default_without_value"),
    )

    name: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    value: Mapped[Any] = mapped_column(JSONB(none_as_null=True), nullable=True)
    is_default: Mapped[bool]
    reason: Mapped[str]
    account_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    changed_at: Mapped[datetime]
