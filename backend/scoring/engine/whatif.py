"""What would be: the real engine, asked about records that are not there or no longer there."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Set
from dataclasses import dataclass
from datetime import date
from functools import partial

from backend.scoring.engine.compute import ScoreResult, clamp, compute_score, sums_by_dimension
from backend.scoring.engine.errors import UnknownRecord
from backend.scoring.engine.model import Indicator, Record, ScoreModel

# More than this of one kind is no advice anybody would follow.
MOST_REPEATS = 50


@dataclass(frozen=True, slots=True)
class Way:
    """One thing a resident can do: how often, and the score that alone would bring."""

    indicator: Indicator
    quantity: int
    score_milli: int
    reaches: bool


def what_if(
    model: ScoreModel,
    records: Iterable[Record],
    *,
    add: Iterable[Record] = (),
    remove: Set[str] = frozenset(),
    on: date,
) -> ScoreResult:
    """The score on a day with some records added and those of the ids in `remove` left out.

    An id in `remove` that no record has is refused.
    """
    records = tuple(records)
    unknown = remove - {record.id for record in records}
    if unknown:
        raise UnknownRecord(min(unknown))
    kept = (record for record in records if record.id not in remove)
    return compute_score(model, (*kept, *add), on)


def ways_to(model: ScoreModel, records: Iterable[Record], *, target_milli: int, on: date) -> tuple[Way, ...]:
    """What a resident could do from `on` to reach a target, each way taken alone.

    The quantity is the smallest that reaches the target or, where nothing up to `MOST_REPEATS`
    does, the smallest that brings the most. What would bring nothing (its cap is used up) is no
    way. Ways that reach the target come first, then those needing the fewest.
    """
    present = compute_score(model, records, on)
    if present.score_milli >= target_milli:
        return ()
    standing = _Standing(model, present.indicator_sums)
    ways = [
        _smallest_way(standing, indicator, target_milli)
        for indicator in model.indicators
        if indicator.points_milli > 0 and indicator.positive_action is not None
    ]
    helpful = (way for way in ways if way.score_milli > present.score_milli)
    return tuple(sorted(helpful, key=lambda way: (not way.reaches, way.quantity, -way.score_milli)))


class _Standing:
    """A resident's sums on a day. More of one indicator moves its own dimension only."""

    def __init__(self, model: ScoreModel, sums: Counter[str]) -> None:
        self._model = model
        self._sums = sums
        self._dimensions = sums_by_dimension(model, sums)
        self._ranges = {part.code: (part.min_milli, part.max_milli) for part in model.dimensions}
        parts = (clamp(self._dimensions[code], *held_to) for code, held_to in self._ranges.items())
        self._total = model.base_milli + sum(parts)

    def score_with(self, indicator: Indicator, quantity: int) -> int:
        """The score with that much more done on this very day, so that nothing of it has faded."""
        cap, points = indicator.cap_milli, self._sums[indicator.code]
        more = clamp(points + indicator.points_milli * quantity, -cap, cap) - clamp(points, -cap, cap)
        part, held_to = self._dimensions[indicator.dimension], self._ranges[indicator.dimension]
        total = self._total + clamp(part + more, *held_to) - clamp(part, *held_to)
        return clamp(total, self._model.floor_milli, self._model.ceiling_milli)


def _smallest_way(standing: _Standing, indicator: Indicator, target_milli: int) -> Way:
    score_with = partial(standing.score_with, indicator)
    goal = min(target_milli, score_with(MOST_REPEATS))
    # More of a good thing never lowers a score, so the quantities are sorted by the score they bring.
    quantities = range(1, MOST_REPEATS + 1)
    quantity = quantities[bisect_left(quantities, goal, key=score_with)]
    score_milli = score_with(quantity)
    return Way(indicator, quantity, score_milli, reaches=score_milli >= target_milli)
