"""Credit records of invented people, made to land on scores spread over all levels.

A wanted score is drawn first, then records are added until it is reached, so any city's model gives
a similar spread. The sums here only steer; what someone's score is, the engine alone says.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from backend.city import City
from backend.city.score_files import Dimension, Indicator
from backend.scoring.engine.model import RecordStatus

_BELOW_LOWEST_SHARE = 0.10
# Points that someone below the lowest level has earned all the same.
_GOOD_BESIDE_BAD_MILLI = 4000
_MILD_NEGATIVE_SHARE = 0.05
_MILD_KINDS = 3
_CLOSED_CASE_SHARE = 0.04
_CLOSED_CASE_WEIGHTS = {RecordStatus.REPAIRED: 12, RecordStatus.OBJECTED: 5, RecordStatus.WITHDRAWN: 3}
# An honour nobody can simply choose to earn is that much rarer than what everybody can do.
_HONOUR_WEIGHT = 0.15
# An indicator that takes more units than this counts hours or the like: several to a record.
_SINGLE_UNITS_AT_MOST = 8
_UNITS_PER_RECORD = 16
_LONGEST_MEMORY_DAYS = 3650
_YEAR_DAYS = 365


@dataclass(frozen=True, slots=True)
class PersonRecord:
    """A credit record as a source would deliver it."""

    indicator: str
    occurred_on: date
    quantity: int = 1
    expires_on: date | None = None
    status: RecordStatus = RecordStatus.ACTIVE


@dataclass(frozen=True, slots=True)
class _Kind:
    """An indicator as the maker sees it; points, cap and the dimension's bound are sizes without sign."""

    code: str
    sign: int
    dimension: str
    points: int
    cap: int
    dimension_cap: int
    fading_days: int | None
    memory_days: int
    yearly: bool
    weight: float


class RecordMaker:
    """Makes plausible sets of records for one city's model on one day."""

    def __init__(self, city: City, today: date) -> None:
        model = city.score_model(today)
        self._today = today
        self._base = model.base_milli
        self._bands = _score_bands(
            model.floor_milli, [level.from_milli for level in city.levels], model.ceiling_milli
        )
        kinds = [
            _as_kind(indicator, dimension)
            for dimension in model.dimensions
            for indicator in dimension.indicators
        ]
        self._positive = [kind for kind in kinds if kind.sign > 0]
        self._negative = [kind for kind in kinds if kind.sign < 0]
        self._mild = sorted(self._negative, key=lambda kind: kind.points)[:_MILD_KINDS]

    def make(self, rng: Random, *, adult_since: date) -> tuple[PersonRecord, ...]:
        """The records of one person, oldest first; none lies before the day they came of age."""
        low, high, _ = rng.choices(self._bands, weights=[share for _, _, share in self._bands])[0]
        # The lesser of two draws: most people have a few records, few have many.
        wanted = min(rng.randrange(low, high), rng.randrange(low, high))
        pen = _Pen(rng, self._today, (self._today - adult_since).days)
        if wanted < self._base:
            pen.write(self._positive, rng.randrange(_GOOD_BESIDE_BAD_MILLI))
            pen.write(self._negative, self._base + pen.gained - wanted)
        else:
            if rng.random() < _MILD_NEGATIVE_SHARE:
                pen.write(self._mild, 1)
            pen.write(self._positive, wanted - self._base - pen.gained)
        if rng.random() < _CLOSED_CASE_SHARE:
            pen.write_closed_case(self._negative)
        return tuple(sorted(pen.records, key=lambda record: (record.occurred_on, record.indicator)))


class _Pen:
    """Writes one person's records and keeps count of the points they should bring."""

    def __init__(self, rng: Random, today: date, days_of_age: int) -> None:
        self.records: list[PersonRecord] = []
        self.gained = 0
        self._rng = rng
        self._today = today
        self._days_of_age = days_of_age
        self._by_dimension: Counter[tuple[str, int]] = Counter()

    def write(self, kinds: list[_Kind], points: int) -> None:
        """Add records of several kinds until they bring, or cost, that many points."""
        for kind in sorted(kinds, key=lambda kind: self._rng.expovariate(kind.weight)):
            if points <= 0:
                break
            side = (kind.dimension, kind.sign)
            room = min(points, kind.cap, kind.dimension_cap - self._by_dimension[side])
            brought = self._write_kind(kind, room) if room > 0 else 0
            self._by_dimension[side] += brought
            self.gained += kind.sign * brought
            points -= brought

    def write_closed_case(self, kinds: list[_Kind]) -> None:
        """Add a negative record that no longer counts, or not while it is disputed."""
        written = {record.indicator for record in self.records}
        unwritten = [kind for kind in kinds if kind.code not in written]
        statuses, weights = zip(*_CLOSED_CASE_WEIGHTS.items(), strict=True)
        status = self._rng.choices(statuses, weights)[0]
        for kind in self._rng.sample(unwritten, min(1, len(unwritten))):
            age = self._rng.randrange(self._memory(kind) // 2 + 1)
            self.records.append(PersonRecord(kind.code, self._day(age), status=status))

    def _write_kind(self, kind: _Kind, room: int) -> int:
        """Add about `room` points' worth of one kind, never twice on a day; the points that came of it."""
        units = self._rng.randint(1, -(-room // kind.points))
        per_record = _UNITS_PER_RECORD if kind.cap > kind.points * _SINGLE_UNITS_AT_MOST else 1
        brought = 0
        for age in self._draw_ages(kind, -(-units // per_record)):
            quantity = min(units, per_record)
            self.records.append(PersonRecord(kind.code, self._day(age), quantity))
            brought += _worth(kind, quantity, age)
            units -= quantity
        return min(brought, kind.cap)

    def _draw_ages(self, kind: _Kind, count: int) -> Sequence[int]:
        """How many days ago each of `count` records lies, or of as many as the person's past has room for."""
        ages = range(self._memory(kind) + 1)
        if kind.yearly:
            return ages[self._rng.randrange(min(_YEAR_DAYS, len(ages))) :: _YEAR_DAYS][:count]
        return self._rng.sample(ages, min(count, len(ages)))

    def _memory(self, kind: _Kind) -> int:
        return max(0, min(kind.memory_days, self._days_of_age))

    def _day(self, age: int) -> date:
        return self._today - timedelta(days=age)


def _score_bands(floor: int, edges: list[int], ceiling: int) -> list[tuple[int, int, float]]:
    """From, to and share of each band; from the lowest level up, each a third of the one before."""
    lowest = edges[0]
    shares = [3.0**-index for index in range(len(edges))]
    tops = [*edges[1:], ceiling]
    bands = [
        (low, top, (1 - _BELOW_LOWEST_SHARE) * share / sum(shares))
        for low, top, share in zip(edges, tops, shares, strict=True)
    ]
    return [(lowest - (lowest - floor) // 4, lowest, _BELOW_LOWEST_SHARE), *bands]


def _as_kind(indicator: Indicator, dimension: Dimension) -> _Kind:
    positive = indicator.points_milli > 0
    points = abs(indicator.points_milli)
    rare = positive and indicator.positive_action is None
    valid_days = indicator.valid_days or _LONGEST_MEMORY_DAYS
    return _Kind(
        code=indicator.code,
        sign=1 if positive else -1,
        dimension=dimension.code,
        points=points,
        cap=indicator.cap_milli,
        dimension_cap=dimension.max_milli if positive else -dimension.min_milli,
        fading_days=indicator.valid_days if indicator.decay == "linear" else None,
        memory_days=min(valid_days, _LONGEST_MEMORY_DAYS) - 1,
        yearly=indicator.unit == "年",
        weight=(_HONOUR_WEIGHT if rare else 1.0) * 1000 / max(points, 1000),
    )


def _worth(kind: _Kind, quantity: int, age: int) -> int:
    points = kind.points * quantity
    return points if kind.fading_days is None else points * (kind.fading_days - age) // kind.fading_days
