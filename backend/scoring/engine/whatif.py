"""What would be: the real engine, asked about records that are not there or no longer there."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass
from datetime import date

from backend.scoring.engine.compute import ScoreResult, compute_score
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
    records = tuple(records)
    now_milli = compute_score(model, records, on).score_milli
    if now_milli >= target_milli:
        return ()
    ways = [
        _smallest_way(model, records, indicator, target_milli, on)
        for indicator in model.indicators
        if indicator.points_milli > 0 and indicator.positive_action is not None
    ]
    helpful = (way for way in ways if way.score_milli > now_milli)
    return tuple(sorted(helpful, key=lambda way: (not way.reaches, way.quantity, -way.score_milli)))


def _smallest_way(
    model: ScoreModel, records: Sequence[Record], indicator: Indicator, target_milli: int, on: date
) -> Way:
    # Longer than every id there is, so it cannot be one of them.
    new_id = "+" * (1 + max((len(record.id) for record in records), default=0))

    def score_with(quantity: int) -> int:
        imagined = Record(new_id, indicator.code, occurred_on=on, quantity=quantity)
        return what_if(model, records, add=[imagined], on=on).score_milli

    goal = min(target_milli, score_with(MOST_REPEATS))
    # More of a good thing never lowers a score, so the quantities are sorted by the score they bring.
    quantities = range(1, MOST_REPEATS + 1)
    quantity = quantities[bisect_left(quantities, goal, key=score_with)]
    score_milli = score_with(quantity)
    return Way(indicator, quantity, score_milli, reaches=score_milli >= target_milli)
