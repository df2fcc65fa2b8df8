"""Tables of incentives and of their quotas."""

from datetime import date, datetime, time
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, UniqueConstraint
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


class Incentive(Base):
    """An advantage as published. `number` is public: it stands in tickets as the offer.

    `needed_milli` is the score it opens at, resolved from the level when it was published; null only
    where the source names none, and then it cannot be claimed here (`unavailable_reason`).
    """

    __tablename__ = "incentives"
    __table_args__ = (
        UniqueConstraint("number"),
        Index("ix_incentives_state_category", "state", "category"),
        CheckConstraint(one_of("form", Form), name="form"),
        CheckConstraint(one_of("state", IncentiveState), name="state"),
        CheckConstraint(one_of("limit_period", Period), name="limit_period"),
        CheckConstraint("number BETWEEN 1 AND 4294967295", name="number_fits_ticket"),
        CheckConstraint("unavailable_reason IS NOT NULL OR needed_milli IS NOT NULL", name="threshold"),
        CheckConstraint("valid_from <= valid_until", name="validity"),
        CheckConstraint("limit_times > 0 AND uses > 0", name="positive"),
        CheckConstraint("(form = 'voucher') = (voucher_days IS NOT NULL)", name="voucher_days"),
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
