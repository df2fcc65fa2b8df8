"""The shape of `score/<version>/model.yaml` and `indicators/*.yaml`.

The model is data; what is computed from it is the business of `backend.scoring`.
"""

from collections.abc import Iterator
from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, ValidationInfo, field_validator

from backend.city.fields import CityData, Code, Count, Many, Milli, Some, Text
from backend.core.points import MOST_POINTS_MILLI, MOST_SUM_MILLI, MOST_VALID_DAYS, format_points

# A negative record fades within five years of the act; the provinces' rules know no longer period.
NEGATIVE_DAYS_AT_MOST = 5 * 365 + 1


def _at_most(most: int) -> AfterValidator:
    def check(milli: int) -> int:
        if abs(milli) > most:
            raise ValueError(f"绝对值最多 {format_points(most)}")
        return milli

    return AfterValidator(check)


Points = Annotated[Milli, _at_most(MOST_POINTS_MILLI)]
Sum = Annotated[Milli, _at_most(MOST_SUM_MILLI)]
Days = Annotated[Count, Field(le=MOST_VALID_DAYS)]


class Indicator(CityData):
    """What one record of a kind is worth, and why it may count at all.

    `points_milli` is for one `unit` of quantity. A negative indicator always ends (`valid_days`) and
    never has a positive action: what one may do about it is objection or repair. `most_a_year` is how
    often a positive action can be done within a year, where law, health or the calendar bounds it.
    """

    code: Code
    name: Text
    points_milli: Points
    cap_milli: Sum
    decay: Literal["none", "linear"]
    valid_days: Days | None
    catalogue_item: Text
    legal_basis: Text
    source_unit: Text
    while_objected: Literal["exclude", "keep"]
    unit: Text
    positive_action: Text | None
    most_a_year: Count | None = None
    source: Text

    @field_validator("points_milli")
    @classmethod
    def _is_worth_something(cls, value: int) -> int:
        if value == 0:
            raise ValueError("不能为 0")
        return value

    @field_validator("cap_milli")
    @classmethod
    def _holds_at_least_one_unit(cls, value: int, info: ValidationInfo) -> int:
        if value < abs(info.data.get("points_milli", 1)):
            raise ValueError("是正数，且不小于 points 的绝对值")
        return value

    @field_validator("valid_days")
    @classmethod
    def _ends_where_it_must(cls, value: int | None, info: ValidationInfo) -> int | None:
        if info.data.get("decay") == "linear" and value is None:
            raise ValueError("decay 为 linear 时要写有效天数")
        is_negative = info.data.get("points_milli", 0) < 0
        if is_negative and (value is None or value > NEGATIVE_DAYS_AT_MOST):
            raise ValueError(f"扣分指标最多 {NEGATIVE_DAYS_AT_MOST} 天（五年）")
        return value

    @field_validator("positive_action")
    @classmethod
    def _belongs_to_positive_points(cls, value: str | None, info: ValidationInfo) -> str | None:
        if value is not None and info.data.get("points_milli", 0) < 0:
            raise ValueError("扣分指标不填写")
        return value

    @field_validator("most_a_year")
    @classmethod
    def _belongs_to_an_action(cls, value: int | None, info: ValidationInfo) -> int | None:
        if value is not None and info.data.get("positive_action", "") is None:
            raise ValueError("没有 positive_action 的指标不填写")
        return value


class IndicatorsFile(CityData):
    """`indicators/<dimension>.yaml`."""

    indicators: Some[Indicator]


class DimensionHead(CityData):
    """A dimension as `model.yaml` names it: its points are clamped to `[min, max]`."""

    code: Code
    name: Text
    description: Text
    min_milli: Sum
    max_milli: Sum

    @field_validator("max_milli")
    @classmethod
    def _is_above_min(cls, value: int, info: ValidationInfo) -> int:
        if value <= info.data.get("min_milli", value - 1):
            raise ValueError("要大于 min")
        return value


class ScoreModelHead(CityData):
    """`model.yaml` without its dimensions' indicators."""

    version: Code
    effective_on: date
    example: bool
    floor_milli: Sum
    ceiling_milli: Sum
    base_milli: Sum
    source: Text
    notes: Many[Text] = ()
    dimensions: Some[DimensionHead]

    @field_validator("ceiling_milli")
    @classmethod
    def _is_above_floor(cls, value: int, info: ValidationInfo) -> int:
        if value <= info.data.get("floor_milli", value - 1):
            raise ValueError("要大于 floor")
        return value

    @field_validator("base_milli")
    @classmethod
    def _is_between_floor_and_ceiling(cls, value: int, info: ValidationInfo) -> int:
        if not info.data.get("floor_milli", value) <= value <= info.data.get("ceiling_milli", value):
            raise ValueError("要在 floor 与 ceiling 之间")
        return value


class Dimension(DimensionHead):
    """A dimension with its indicators."""

    indicators: Some[Indicator]


class ScoreModelData(ScoreModelHead):
    """A whole score model as the city folder gives it; the levels stand in `City.levels`."""

    dimensions: Some[Dimension]

    @property
    def indicators(self) -> Iterator[Indicator]:
        """Every indicator, dimension by dimension."""
        for dimension in self.dimensions:
            yield from dimension.indicators

    def indicator(self, code: str) -> Indicator:
        """The indicator of that code; LookupError when the model has none."""
        for indicator in self.indicators:
            if indicator.code == code:
                return indicator
        raise LookupError(f"score model {self.version} has no indicator {code}")
