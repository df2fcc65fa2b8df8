"""What would be: the real engine, asked about records that are not there or no longer there."""

from bisect import bisect_left
from collections.abc import Iterable, Set
from dataclasses import dataclass
from datetime import date

from backend.scoring.engine.compute import ScoreResult, compute_score
from backend.scoring.engine.errors import UnknownRecord
from backend.scoring.engine.model import Indicator, Record, ScoreModel
from backend.scoring.engine.standing import MOST_REPEATS, Standing, Step


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
    standing = Standing(model, records, on)
    if standing.score_milli >= target_milli:
        return ()
    ways = [_smallest_way(standing, indicator, target_milli) for indicator in standing.actions]
    helpful = (way for way in ways if way.score_milli > standing.score_milli)
    return tuple(sorted(helpful, key=lambda way: (not way.reaches, way.quantity, -way.score_milli)))


def _smallest_way(standing: Standing, indicator: Indicator, target_milli: int) -> Way:
    def score_with(quantity: int) -> int:
        return standing.score_with(Step(indicator, quantity))

    goal = min(target_milli, score_with(MOST_REPEATS))
    # More of a good thing never lowers a score, so the quantities are sorted by the score they bring.
    quantities = range(1, MOST_REPEATS + 1)
    quantity = quantities[bisect_left(quantities, goal, key=score_with)]
    score_milli = score_with(quantity)
    return Way(indicator, quantity, score_milli, reaches=score_milli >= target_milli)
