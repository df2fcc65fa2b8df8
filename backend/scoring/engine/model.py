"""The score model and the records it is applied to. A model that contradicts itself cannot be built."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from backend.core.points import (
    MOST_POINTS_MILLI,
    MOST_QUANTITY,
    MOST_SUM_MILLI,
    MOST_VALID_DAYS,
    format_points,
)
from backend.scoring.engine.errors import InvalidQuantity, ModelError, UnknownIndicator


class Decay(StrEnum):
    """How a record's points change while it counts."""

    NONE = "none"
    LINEAR = "linear"


class WhileObjected(StrEnum):
    """Whether a record counts while an objection against it is open."""

    EXCLUDE = "exclude"
    KEEP = "keep"


class RecordStatus(StrEnum):
    """Where a record stands; repaired and withdrawn records never count again."""

    ACTIVE = "active"
    OBJECTED = "objected"
    REPAIRED = "repaired"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Indicator:
    """One kind of record and what it is worth.

    `points_milli` is for one unit, negative for a misdeed. `cap_milli` bounds the sum of the
    indicator in both directions. `positive_action` tells a resident in a plain sentence what they
    can do, and `most_a_year` how often; it is absent where the indicator is nothing one can choose to do.
    """

    code: str
    name: str
    dimension: str
    points_milli: int
    cap_milli: int
    decay: Decay
    valid_days: int | None
    catalogue_item: str
    legal_basis: str
    source_unit: str
    while_objected: WhileObjected
    unit: str = "次"
    positive_action: str | None = None
    most_a_year: int | None = None

    def __post_init__(self) -> None:
        place = f"indicators.{self.code}"
        _check_size(self.points_milli, MOST_POINTS_MILLI, f"{place}.points")
        _require(self.cap_milli > 0, f"{place}.cap", "上限必须大于零。")
        _check_size(self.cap_milli, MOST_SUM_MILLI, f"{place}.cap")
        _require(
            self.valid_days is None or 0 < self.valid_days <= MOST_VALID_DAYS,
            f"{place}.valid_days",
            f"有效天数必须在 1 到 {MOST_VALID_DAYS} 之间。",
        )
        _require(
            self.decay is not Decay.LINEAR or self.valid_days is not None,
            f"{place}.valid_days",
            "逐日递减的指标必须写明有效天数。",
        )
        _require(bool(self.catalogue_item.strip()), f"{place}.catalogue_item", "没有写明信用信息目录条目。")
        _require(bool(self.legal_basis.strip()), f"{place}.legal_basis", "没有写明法规依据。")


@dataclass(frozen=True, slots=True)
class Dimension:
    """A group of indicators shown together, with the range its sum is held to.

    The range contains zero: otherwise having no records at all would cost or bring points.
    """

    code: str
    name: str
    min_milli: int
    max_milli: int

    def __post_init__(self) -> None:
        place = f"dimensions.{self.code}"
        _require(self.min_milli <= self.max_milli, f"{place}.min", "下限高于上限。")
        _require(self.min_milli <= 0 <= self.max_milli, f"{place}.min", "下限与上限之间必须包含零分。")
        _check_size(self.min_milli, MOST_SUM_MILLI, f"{place}.min")
        _check_size(self.max_milli, MOST_SUM_MILLI, f"{place}.max")


@dataclass(frozen=True, slots=True)
class Level:
    """A named range of scores that begins at `from_milli`, which belongs to it."""

    code: str
    name: str
    from_milli: int


@dataclass(frozen=True, slots=True)
class ScoreModel:
    """The published rules of one version; `example` marks a model no city has enacted.

    Levels are listed from the lowest to the highest. Below the lowest there is no level.
    """

    version: str
    effective_on: date
    example: bool
    base_milli: int
    floor_milli: int
    ceiling_milli: int
    levels: tuple[Level, ...]
    dimensions: tuple[Dimension, ...]
    indicators: tuple[Indicator, ...]
    _by_code: dict[str, Indicator] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_code", {indicator.code: indicator for indicator in self.indicators})
        _require(self.floor_milli <= self.ceiling_milli, "floor", "最低分高于最高分。")
        for place in ("base", "floor", "ceiling"):
            _check_size(getattr(self, f"{place}_milli"), MOST_SUM_MILLI, place)
        _check_unique("levels", (level.code for level in self.levels))
        _check_unique("dimensions", (dimension.code for dimension in self.dimensions))
        _check_unique("indicators", (indicator.code for indicator in self.indicators))
        self._check_levels()
        dimensions = {dimension.code for dimension in self.dimensions}
        for indicator in self.indicators:
            place = f"indicators.{indicator.code}.dimension"
            _require(indicator.dimension in dimensions, place, f"没有“{indicator.dimension}”这个维度。")

    def _check_levels(self) -> None:
        previous: Level | None = None
        for level in self.levels:
            place = f"levels.{level.code}.from"
            within = self.floor_milli <= level.from_milli <= self.ceiling_milli
            _require(within, place, "等级的起点不在最低分与最高分之间。")
            ordered = previous is None or previous.from_milli < level.from_milli
            _require(ordered, place, "等级没有从低到高排列，或起点相同。")
            previous = level

    def indicator(self, code: str) -> Indicator:
        """The indicator of that code, or `UnknownIndicator`."""
        try:
            return self._by_code[code]
        except KeyError:
            raise UnknownIndicator(code) from None

    def dimension(self, code: str) -> Dimension:
        """The dimension of that code, which the model must have."""
        return next(dimension for dimension in self.dimensions if dimension.code == code)

    def level_of(self, score_milli: int) -> Level | None:
        """The highest level the score reaches; none below the lowest."""
        return next((level for level in reversed(self.levels) if level.from_milli <= score_milli), None)

    def next_level(self, score_milli: int) -> Level | None:
        """The first level still above the score; none in the highest."""
        return next((level for level in self.levels if level.from_milli > score_milli), None)


@dataclass(frozen=True, slots=True)
class Record:
    """One credit record of one resident, as far as the score depends on it.

    `expires_on` is the first day it no longer counts, whatever the indicator's `valid_days` says.
    """

    id: str
    indicator: str
    occurred_on: date
    quantity: int = 1
    expires_on: date | None = None
    status: RecordStatus = RecordStatus.ACTIVE

    def __post_init__(self) -> None:
        if not 1 <= self.quantity <= MOST_QUANTITY:
            raise InvalidQuantity(self.id)


def _require(holds: bool, place: str, reason: str) -> None:
    if not holds:
        raise ModelError(place, reason)


def _check_size(milli: int, most: int, place: str) -> None:
    _require(abs(milli) <= most, place, f"绝对值不能超过 {format_points(most)} 分。")


def _check_unique(place: str, codes: Iterable[str]) -> None:
    seen: set[str] = set()
    for code in codes:
        _require(code not in seen, f"{place}.{code}", "代码重复。")
        seen.add(code)
