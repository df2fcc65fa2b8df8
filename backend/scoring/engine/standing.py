"""Where a resident stands on a day, and what more of some indicators would make of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from backend.scoring.engine.compute import clamp, compute_score, sums_by_dimension
from backend.scoring.engine.model import Indicator, Record, ScoreModel

# More than this of one kind is no advice anybody would follow.
MOST_REPEATS = 50


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do, and how often."""

    indicator: Indicator
    quantity: int


class Standing:
    """A resident's sums on a day. More of one indicator moves its own dimension only."""

    def __init__(self, model: ScoreModel, records: Iterable[Record], on: date) -> None:
        present = compute_score(model, records, on)
        self.score_milli = present.score_milli
        self._model = model
        self._sums = present.indicator_sums
        self._dimensions = sums_by_dimension(model, self._sums)
        self._ranges = {part.code: (part.min_milli, part.max_milli) for part in model.dimensions}
        parts = (clamp(self._dimensions[code], *held_to) for code, held_to in self._ranges.items())
        self._total = model.base_milli + sum(parts)

    @property
    def actions(self) -> list[Indicator]:
        """What a resident can choose to do and is paid for with points."""
        return [
            indicator
            for indicator in self._model.indicators
            if indicator.points_milli > 0 and indicator.positive_action is not None
        ]

    def room(self, indicator: Indicator) -> int:
        """How often an action can be done until its cap is full; none where it is full already."""
        left = indicator.cap_milli - self._sums[indicator.code]
        return max(0, min(MOST_REPEATS, -(-left // indicator.points_milli)))

    def score_with(self, *steps: Step) -> int:
        """The score with that much more done on this very day, so that nothing of it has faded."""
        gained: dict[str, int] = {}
        for step in steps:
            indicator = step.indicator
            cap, points = indicator.cap_milli, self._sums[indicator.code]
            more = clamp(points + indicator.points_milli * step.quantity, -cap, cap) - clamp(
                points, -cap, cap
            )
            gained[indicator.dimension] = gained.get(indicator.dimension, 0) + more
        total = self._total
        for code, more in gained.items():
            part, held_to = self._dimensions[code], self._ranges[code]
            total += clamp(part + more, *held_to) - clamp(part, *held_to)
        return clamp(total, self._model.floor_milli, self._model.ceiling_milli)
