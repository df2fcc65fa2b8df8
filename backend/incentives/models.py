"""Tables of incentives and of their quotas."""

from datetime import date, datetime, time
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from backend.core.database import Base, new_id, one_of


class Form(StrEnum):
    VOUCHER = "voucher"
    STANDING = "standing"


class IncentiveState(StrEnum):
    PUBLISHED = "published"
    PAUSED = "paused"
    ENDED = "ended"


class Period(StrEnum):
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"
    EVER = "ever"


class QuotaScope(StrEnum):
    TOTAL = "total"
    DAY = "day"
    SHOP = "shop"


class DraftState(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    APPROVED = "approved"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


OPEN_STATES = (DraftState.DRAFT, DraftState.SUBMITTED, DraftState.RETURNED, DraftState.APPROVED)


class Incentive(Base):
    """An advantage as published. `number` is public: it stands in tickets as the offer.

    `needed_milli` is the score it opens at, resolved from the level when it was published; null only
    where the source names none, and then it cannot be claimed here (`unavailable_reason`).
    `stopped_by` is who paused or ended it: what the office paused its unit cannot resume.
    """

    __tablename__ = "incentives"
    __table_args__ = (
        UniqueConstraint("number"),
        Index("ix_incentives_state_category", "state", "category"),
        Index("ix_incentives_unit_id_number", "unit_id", "number"),
        Index("ix_incentives_unit_id_valid_until_number", "unit_id", "valid_until", "number"),
        Index("ix_incentives_valid_until_number", "valid_until", "number"),
        CheckConstraint(one_of("form", Form), name="form"),
        CheckConstraint(one_of("state", IncentiveState), name="state"),
        CheckConstraint(one_of("limit_period", Period), name="limit_period"),
        CheckConstraint("number BETWEEN 1 AND 4294967295", name="number_fits_ticket"),
        CheckConstraint("unavailable_reason IS NOT NULL OR needed_milli IS NOT NULL", name="threshold"),
        CheckConstraint("valid_from <= valid_until", name="validity"),
        CheckConstraint("limit_times > 0 AND uses > 0", name="positive"),
        CheckConstraint("(form = 'voucher') = (voucher_days IS NOT NULL)", name="voucher_days"),
        CheckConstraint("stopped_by IN ('office', 'partner')", name="stopped_by"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    number: Mapped[int]
    version: Mapped[int] = mapped_column(default=1)
    state: Mapped[str]
    form: Mapped[str]
    title: Mapped[str]
    summary: Mapped[str]
    category: Mapped[str]
    unit_id: Mapped[UUID | None] = mapped_column(ForeignKey("units.id"))
    unit_name: Mapped[str | None]
    level: Mapped[str | None]
    needed_milli: Mapped[int | None]
    benefit_kind: Mapped[str]
    benefit: Mapped[str]
    terms: Mapped[list[str]]
    districts: Mapped[list[str]] = mapped_column(ARRAY(Text))
    valid_from: Mapped[date]
    valid_until: Mapped[date]
    weekdays: Mapped[list[str] | None] = mapped_column(ARRAY(Text))
    opens_at: Mapped[time | None]
    closes_at: Mapped[time | None]
    limit_times: Mapped[int]
    limit_period: Mapped[str]
    uses: Mapped[int]
    voucher_days: Mapped[int | None]
    needs_match: Mapped[bool]
    offline: Mapped[bool]
    has_return: Mapped[bool]
    cost_bearer: Mapped[str]
    contact: Mapped[str | None]
    source: Mapped[dict[str, Any] | None]
    example: Mapped[bool]
    unavailable_reason: Mapped[str | None]
    published_at: Mapped[datetime]
    stopped_by: Mapped[str | None]
    stopped_because: Mapped[str | None]

    @property
    def claimable(self) -> bool:
        return self.unavailable_reason is None


class IncentiveShop(Base):
    """A shop where an incentive holds."""

    __tablename__ = "incentive_shops"

    incentive_id: Mapped[UUID] = mapped_column(ForeignKey("incentives.id"), primary_key=True)
    shop_id: Mapped[UUID] = mapped_column(ForeignKey("shops.id"), primary_key=True, index=True)


class QuotaRule(Base):
    """How many there are, in all, per day or per shop. Days and shops get their count when first used."""

    __tablename__ = "quota_rules"
    __table_args__ = (
        CheckConstraint(one_of("scope", QuotaScope), name="scope"),
        CheckConstraint("quota > 0", name="quota_positive"),
    )

    incentive_id: Mapped[UUID] = mapped_column(ForeignKey("incentives.id"), primary_key=True)
    scope: Mapped[str] = mapped_column(primary_key=True)
    quota: Mapped[int]


class QuotaCount(Base):
    """How many of a quota are taken. The CHECK is the last wall against giving away too many.

    `place` is '' for the total, the day in China for `day`, the shop's id for `shop`.
    """

    __tablename__ = "quota_counts"
    __table_args__ = (
        CheckConstraint("taken BETWEEN 0 AND quota", name="within_quota"),
        CheckConstraint(one_of("scope", QuotaScope), name="scope"),
    )

    incentive_id: Mapped[UUID] = mapped_column(ForeignKey("incentives.id"), primary_key=True)
    scope: Mapped[str] = mapped_column(primary_key=True)
    place: Mapped[str] = mapped_column(primary_key=True)
    quota: Mapped[int]
    taken: Mapped[int]


class IncentiveVersion(Base):
    """What an incentive promised from one publication to the next; only added to. A voucher names the
    version it was claimed under, and is honoured by it."""

    __tablename__ = "incentive_versions"

    incentive_id: Mapped[UUID] = mapped_column(ForeignKey("incentives.id"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    content: Mapped[dict[str, Any]]
    published_at: Mapped[datetime]


class IncentiveDraft(Base):
    """A change under way, or a new incentive when `incentive_id` is null until it is published.

    `edited_by` is who saved last, `revision` counts the saves. `reasons` are the reviewer's, by field.
    `sheet_import_id` is the sheet it came in by, `sheet_digest` of what stood in its row: the same row
    makes no second draft. The database deletes drafts of sheets only, as long as nobody has touched them.
    """

    __tablename__ = "incentive_drafts"
    __table_args__ = (
        CheckConstraint(one_of("state", DraftState), name="state"),
        CheckConstraint("reviewer_id <> author_id AND reviewer_id <> edited_by", name="four_eyes"),
        CheckConstraint(
            "state NOT IN ('returned', 'approved', 'published') OR reviewer_id IS NOT NULL", name="reviewed"
        ),
        CheckConstraint(
            "state <> 'returned' OR jsonb_array_length(reasons) > 0", name="returned_with_reasons"
        ),
        CheckConstraint("state <> 'submitted' OR submitted_at IS NOT NULL", name="submitted_at"),
        CheckConstraint(
            "state NOT IN ('approved', 'published') OR publish_at IS NOT NULL", name="publish_at"
        ),
        CheckConstraint("state <> 'published' OR incentive_id IS NOT NULL", name="published_as_something"),
        CheckConstraint("base_version IS NULL OR incentive_id IS NOT NULL", name="base_version"),
        CheckConstraint("revision > 0", name="revision"),
        CheckConstraint("octet_length(sheet_digest) = 32", name="sheet_digest"),
        Index(
            "uq_incentive_drafts_sheet_row",
            "unit_id",
            "sheet_digest",
            unique=True,
            postgresql_where=text("state <> 'withdrawn' AND sheet_digest IS NOT NULL"),
        ),
        Index(
            "ix_incentive_drafts_sheet_import_id",
            "sheet_import_id",
            postgresql_where=text("sheet_import_id IS NOT NULL"),
        ),
        Index(
            "uq_incentive_drafts_open",
            "incentive_id",
            unique=True,
            postgresql_where=text("state IN ('draft', 'submitted', 'returned', 'approved')"),
        ),
        Index("ix_incentive_drafts_unit_id_id", "unit_id", "id"),
        Index("ix_incentive_drafts_state_submitted_at_id", "state", "submitted_at", "id"),
        Index(
            "ix_incentive_drafts_submitted_at_id",
            "submitted_at",
            "id",
            postgresql_where=text("submitted_at IS NOT NULL"),
        ),
        Index("ix_incentive_drafts_publish_at", "publish_at", postgresql_where=text("state = 'approved'")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    incentive_id: Mapped[UUID | None] = mapped_column(ForeignKey("incentives.id"))
    base_version: Mapped[int | None]
    unit_id: Mapped[UUID] = mapped_column(ForeignKey("units.id"))
    content: Mapped[dict[str, Any]]
    state: Mapped[str]
    revision: Mapped[int] = mapped_column(default=1)
    author_id: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    edited_by: Mapped[UUID] = mapped_column(ForeignKey("accounts.id"))
    reviewer_id: Mapped[UUID | None] = mapped_column(ForeignKey("accounts.id"))
    reasons: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    publish_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    edited_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]
    decided_at: Mapped[datetime | None]
    sheet_import_id: Mapped[UUID | None] = mapped_column(ForeignKey("sheet_imports.id", ondelete="SET NULL"))
    sheet_digest: Mapped[bytes | None]
