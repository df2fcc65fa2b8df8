"""The shape of `units.yaml` and `incentives/*.yaml`."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, ValidationInfo, field_validator

from backend.city.fields import (
    CategoryRef,
    CityData,
    Code,
    Count,
    DistrictRef,
    Hours,
    LevelRef,
    Many,
    Milli,
    Some,
    Text,
    UnitRef,
)

Form = Literal["voucher", "standing"]
BenefitKind = Literal[
    "deposit_waived",
    "pay_later",
    "priority",
    "documents_later",
    "discount",
    "amount_off",
    "fee_waived",
    "extended",
    "honour",
]
UnitKind = Literal[
    "enterprise", "sole_trader", "public_body", "government", "hospital", "school", "bank", "association"
]
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
IncentiveNumber = Annotated[int, Field(ge=1, le=2**32 - 1)]


class UnitData(CityData):
    """A partner unit. `example` marks one that has promised nothing: the page shows 示例."""

    key: Code
    name: Text
    category: CategoryRef
    example: bool
    kind: UnitKind | None = None
    district: DistrictRef | None = None


class UnitsFile(CityData):
    """`units.yaml`."""

    units: Many[UnitData]


class Quota(CityData):
    """How many vouchers there are; `total` includes what the other two limit."""

    total: Count
    per_day: Count | None = None
    per_shop: Count | None = None

    @field_validator("per_day", "per_shop")
    @classmethod
    def _is_within_total(cls, value: int | None, info: ValidationInfo) -> int | None:
        if value is not None and value > info.data.get("total", value):
            raise ValueError("不能大于 total")
        return value


class Limit(CityData):
    """How often one person may claim a voucher or use a standing entitlement."""

    times: Count
    period: Literal["day", "week", "month", "year", "ever"]


class PublishedSource(CityData):
    """Where the city published this incentive."""

    name: Text
    published_on: date | None = None
    note: Text | None = None


class Incentive(CityData):
    """One advantage.

    Exactly one of `level` and `score_milli` opens it; a published entry that names neither is shown
    but not claimable. Exactly one of `example` and `source` says where it comes from.
    """

    number: IncentiveNumber
    form: Form
    title: Text
    summary: Text
    category: CategoryRef
    claimable: bool = True
    unit: UnitRef | None
    unavailable_reason: Text | None = None
    level: LevelRef | None = None
    score_milli: Milli | None = None
    benefit_kind: BenefitKind
    benefit: Text
    terms: Many[Text]
    districts: Many[DistrictRef] = ()
    valid_from: date
    valid_until: date
    days: Some[Weekday] | None = None
    hours: Hours | None = None
    quota: Quota | None = None
    limit: Limit
    uses: Count = 1
    voucher_days: Count | None = None
    needs_match: bool = False
    offline: bool = False
    has_return: bool = False
    cost_bearer: Literal["unit", "city"]
    contact: Text | None = None
    example: bool
    source: PublishedSource | None = None

    @field_validator("unit")
    @classmethod
    def _can_be_honoured_somewhere(cls, value: str | None, info: ValidationInfo) -> str | None:
        if value is None and info.data.get("claimable") is True:
            raise ValueError("没有单位的条目无处可用，要写 claimable: false")
        return value

    @field_validator("unavailable_reason")
    @classmethod
    def _explains_why_it_cannot_be_claimed(cls, value: str | None, info: ValidationInfo) -> str | None:
        claimable = info.data.get("claimable")
        if claimable is False and value is None:
            raise ValueError("claimable 为 false 时要写明原因")
        if claimable is True and value is not None:
            raise ValueError("只在 claimable 为 false 时填写")
        return value

    @field_validator("score_milli")
    @classmethod
    def _opens_by_level_or_by_score(cls, value: int | None, info: ValidationInfo) -> int | None:
        if "level" not in info.data:
            return value
        level = info.data["level"]
        if level is not None and value is not None:
            raise ValueError("level 与 score 只能写一个")
        if level is None and value is None and info.data.get("claimable") is True:
            raise ValueError("level 与 score 要写一个（两个都空只限 claimable 为 false）")
        return value

    @field_validator("valid_until")
    @classmethod
    def _ends_after_it_begins(cls, value: date, info: ValidationInfo) -> date:
        if value < info.data.get("valid_from", value):
            raise ValueError("早于 valid_from")
        return value

    @field_validator("quota", "voucher_days")
    @classmethod
    def _belongs_to_vouchers(cls, value: object, info: ValidationInfo) -> object:
        form = info.data.get("form")
        if form == "voucher" and value is None:
            raise ValueError("券（voucher）必须填写")
        if form == "standing" and value is not None:
            raise ValueError("常享权益（standing）不填写")
        return value

    @field_validator("uses")
    @classmethod
    def _counts_uses_of_a_voucher_only(cls, value: int, info: ValidationInfo) -> int:
        if info.data.get("form") == "standing" and value != 1:
            raise ValueError("常享权益（standing）不填写，次数由 limit 决定")
        return value

    @field_validator("source")
    @classmethod
    def _is_an_example_or_published(
        cls, value: PublishedSource | None, info: ValidationInfo
    ) -> PublishedSource | None:
        example = info.data.get("example")
        if example is True and value is not None:
            raise ValueError("示例（example: true）没有出处；已公布的写 example: false")
        if example is False and value is None:
            raise ValueError("不是示例就要写出处")
        return value


class IncentivesFile(CityData):
    """`incentives/*.yaml`."""

    incentives: Many[Incentive]
