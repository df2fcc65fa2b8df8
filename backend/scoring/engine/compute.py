"""A resident's score on a day, with the trace that explains every point of it."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from backend.scoring.engine.errors import DuplicateRecord
from backend.scoring.engine.model import (
    Decay,
    Dimension,
    Indicator,
    Level,
    Record,
    RecordStatus,
    ScoreModel,
    WhileObjected,
)

Entry = tuple[Indicator, Record]
MOST_HEAVY = 10


class NotCounted(StrEnum):
    """Why a record gave no points on that day."""

    WITHDRAWN = "withdrawn"
    REPAIRED = "repaired"
    OBJECTED = "objected"
    EXPIRED = "expired"
    NOT_YET = "not_yet"


class ClampScope(StrEnum):
    """Which sum a clamp held within its bounds."""

    INDICATOR = "indicator"
    DIMENSION = "dimension"
    SCORE = "score"


@dataclass(frozen=True, slots=True)
class Line:
    """One record in the trace, with the points it gave before any clamp.

    `ends_on` is the first day the record no longer counts; none if it has no end.
    """

    record_id: str
    indicator: str
    points_milli: int
    not_counted: NotCounted | None
    ends_on: date | None

    @property
    def counted(self) -> bool:
        return self.not_counted is None


@dataclass(frozen=True, slots=True)
class Clamp:
    """A bound that changed a sum. `cut_milli` is what it added: negative at a cap, positive at a floor.

    `code` is the indicator's or dimension's code; for the score it is `floor` or `ceiling`.
    """

    scope: ClampScope
    code: str
    cut_milli: int


@dataclass(frozen=True, slots=True)
class DimensionResult:
    """A dimension's points after its clamps, and the lines and clamps that make them up."""

    code: str
    name: str
    points_milli: int
    lines: tuple[Line, ...]
    adjustments: tuple[Clamp, ...]


@dataclass(frozen=True, slots=True)
class ScoreResult:
    """A resident's score on one day. Base, lines and clamps add up to it exactly."""

    model_version: str
    on: date
    base_milli: int
    score_milli: int
    level: Level | None
    dimensions: tuple[DimensionResult, ...]
    adjustments: tuple[Clamp, ...]

    @property
    def indicator_sums(self) -> Counter[str]:
        """The points of each indicator's lines, before its cap."""
        sums: Counter[str] = Counter()
        for part in self.dimensions:
            for line in part.lines:
                sums[line.indicator] += line.points_milli
        return sums

    @property
    def heaviest_lines(self) -> list[Line]:
        """The lines that count and weigh most, at most `MOST_HEAVY`, the heaviest first."""
        counted = (line for part in self.dimensions for line in part.lines if line.counted)
        by_weight = sorted(counted, key=lambda line: (-abs(line.points_milli), line.record_id))
        return by_weight[:MOST_HEAVY]

    @property
    def trace_sum_milli(self) -> int:
        """The score added up again from the trace alone."""
        lines = sum(line.points_milli for part in self.dimensions for line in part.lines)
        clamps = sum(clamp.cut_milli for part in self.dimensions for clamp in part.adjustments)
        return self.base_milli + lines + clamps + sum(clamp.cut_milli for clamp in self.adjustments)


def compute_score(model: ScoreModel, records: Iterable[Record], on: date) -> ScoreResult:
    """The score of one resident on a day, from all their records, given in any order.

    An indicator unknown to the model and a record given twice are refused.
    """
    entries = _entries_in_order(model, records)
    dimensions = tuple(
        _score_dimension(dimension, [entry for entry in entries if entry[0].dimension == dimension.code], on)
        for dimension in model.dimensions
    )
    total = model.base_milli + sum(part.points_milli for part in dimensions)
    score = clamp(total, model.floor_milli, model.ceiling_milli)
    bound = "floor" if score > total else "ceiling"
    return ScoreResult(
        model_version=model.version,
        on=on,
        base_milli=model.base_milli,
        score_milli=score,
        level=model.level_of(score),
        dimensions=dimensions,
        adjustments=tuple(_cuts(ClampScope.SCORE, bound, total, score)),
    )


def score_without_trace(model: ScoreModel, records: Iterable[Record], on: date) -> int:
    """The score of `compute_score` alone, at a third of the work.

    Its callers read records from where no record can stand twice, so it does not look for that.
    """
    sums: dict[str, int] = {}
    for record in records:
        indicator = model.indicator(record.indicator)
        if _reason_not_to_count(indicator, record, _end(indicator, record), on) is None:
            points = points_of(indicator, record, on)
            sums[indicator.code] = sums.get(indicator.code, 0) + points
    dimensions = sums_by_dimension(model, sums)
    parts = (clamp(dimensions[part.code], part.min_milli, part.max_milli) for part in model.dimensions)
    return clamp(model.base_milli + sum(parts), model.floor_milli, model.ceiling_milli)


def sums_by_dimension(model: ScoreModel, sums: Mapping[str, int]) -> Counter[str]:
    """From the points of each indicator before its cap: those of each dimension before its range."""
    dimensions: Counter[str] = Counter()
    for code, points in sums.items():
        indicator = model.indicator(code)
        dimensions[indicator.dimension] += clamp(points, -indicator.cap_milli, indicator.cap_milli)
    return dimensions


def _entries_in_order(model: ScoreModel, records: Iterable[Record]) -> list[Entry]:
    """Each record with its indicator, by day, then id: the same trace for any order of the input."""
    entries: list[Entry] = []
    seen: set[str] = set()
    for record in sorted(records, key=lambda record: (record.occurred_on, record.id)):
        if record.id in seen:
            raise DuplicateRecord(record.id)
        seen.add(record.id)
        entries.append((model.indicator(record.indicator), record))
    return entries


def _score_dimension(dimension: Dimension, entries: list[Entry], on: date) -> DimensionResult:
    lines = tuple(_line(indicator, record, on) for indicator, record in entries)
    caps = {indicator.code: indicator.cap_milli for indicator, _ in entries}
    sums: Counter[str] = Counter()
    for line in lines:
        sums[line.indicator] += line.points_milli
    adjustments: list[Clamp] = []
    total = 0
    for code, points in sums.items():
        held = clamp(points, -caps[code], caps[code])
        adjustments += _cuts(ClampScope.INDICATOR, code, points, held)
        total += held
    held_total = clamp(total, dimension.min_milli, dimension.max_milli)
    adjustments += _cuts(ClampScope.DIMENSION, dimension.code, total, held_total)
    return DimensionResult(dimension.code, dimension.name, held_total, lines, tuple(adjustments))


def _line(indicator: Indicator, record: Record, on: date) -> Line:
    ends_on = _end(indicator, record)
    not_counted = _reason_not_to_count(indicator, record, ends_on, on)
    points = 0 if not_counted else points_of(indicator, record, on)
    return Line(record.id, indicator.code, points, not_counted, ends_on)


def _end(indicator: Indicator, record: Record) -> date | None:
    ends = (record.expires_on, _end_of_validity(indicator, record))
    return min((end for end in ends if end is not None), default=None)


def _end_of_validity(indicator: Indicator, record: Record) -> date | None:
    if indicator.valid_days is None:
        return None
    try:
        return record.occurred_on + timedelta(days=indicator.valid_days)
    except OverflowError:  # Past the year 9999 no day can reach the end any more.
        return None


def _reason_not_to_count(
    indicator: Indicator, record: Record, ends_on: date | None, on: date
) -> NotCounted | None:
    """The lasting reason comes first: a withdrawn record that has expired as well reads "withdrawn"."""
    match record.status:
        case RecordStatus.WITHDRAWN:
            return NotCounted.WITHDRAWN
        case RecordStatus.REPAIRED:
            return NotCounted.REPAIRED
        case RecordStatus.OBJECTED if indicator.while_objected is WhileObjected.EXCLUDE:
            return NotCounted.OBJECTED
    if ends_on is not None and on >= ends_on:
        return NotCounted.EXPIRED
    return NotCounted.NOT_YET if on < record.occurred_on else None


def points_of(indicator: Indicator, record: Record, on: date) -> int:
    """What a record that counts on that day gives, before any clamp."""
    points = indicator.points_milli * record.quantity
    if indicator.decay is Decay.NONE or indicator.valid_days is None:
        return points
    remaining = indicator.valid_days - (on - record.occurred_on).days
    # Python's // rounds towards minus infinity: dividing a negative number would take a little too much.
    size = abs(points) * remaining // indicator.valid_days
    return size if points >= 0 else -size


def clamp(value: int, low: int, high: int) -> int:
    if value < low:
        return low
    return high if value > high else value


def _cuts(scope: ClampScope, code: str, before: int, after: int) -> list[Clamp]:
    return [Clamp(scope, code, after - before)] if after != before else []
