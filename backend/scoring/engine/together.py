"""Several different things done together: the fewest of each that reach a target."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations

from backend.scoring.engine.model import Record, ScoreModel
from backend.scoring.engine.standing import MOST_REPEATS, Standing, Step

MOST_TOGETHER = 3
# With so many there are 2 324 combinations to try at most, whatever the model: some hundredths of a second.
MOST_TRIED = 24
MOST_PLANS = 5
# So that the plans offered are not all about the same thing.
MOST_WITH_ONE = 2
NEVER = 10**9


@dataclass(frozen=True, slots=True)
class Plan:
    """Two or three different things to do, and the score they bring together.

    No step can do with one less: the target would not be reached.
    """

    steps: tuple[Step, ...]
    score_milli: int

    @property
    def effort(self) -> int:
        return sum(step.quantity for step in self.steps)


def plans_to(
    model: ScoreModel, records: Iterable[Record], *, target_milli: int, on: date
) -> tuple[Plan, ...]:
    """What could be done together within a year to reach a target, the shortest first; at most `MOST_PLANS`.

    A plan that takes more than some of its things would need without the others is none. Three things are
    thought of only where two leave too little to choose from.
    """
    standing = Standing(model, records, on)
    if standing.score_milli >= target_milli:
        return ()
    fewest: dict[tuple[Step, ...], int] = {(): NEVER}
    plans: list[Plan] = []
    most = _most_of_each(standing)
    for size in range(1, MOST_TOGETHER + 1):
        for group in combinations(most, size):
            shorter = min(fewest[part] for part in combinations(group, size - 1))
            plan = _fewest(standing, group, target_milli) if shorter >= size else None
            effort = plan.effort if plan else NEVER
            fewest[group] = min(effort, shorter)
            if plan and size > 1 and effort <= shorter:
                plans.append(plan)
        if len(kept := _varied(plans)) == MOST_PLANS:
            break
    return kept


def _most_of_each(standing: Standing) -> list[Step]:
    """Each action as often as it can help and be done within a year, those that can bring most."""
    steps = [
        Step(action, min(standing.room(action), action.most_a_year or MOST_REPEATS))
        for action in standing.actions
    ]
    useful = [step for step in steps if step.quantity]
    by_worth = sorted(useful, key=lambda step: -step.indicator.points_milli * step.quantity)
    return by_worth[:MOST_TRIED]


def _fewest(standing: Standing, group: Sequence[Step], target_milli: int) -> Plan | None:
    """From the most of each down to the fewest, what brings least first; none if one is needed not at all.

    More never lowers a score: what cannot do with less beside many of the others cannot beside few.
    """
    steps = {step.indicator.code: step for step in group}
    worth = sum(step.indicator.points_milli * step.quantity for step in group)
    if worth < target_milli - standing.score_milli or standing.score_with(*group) < target_milli:
        return None
    for step in sorted(group, key=lambda step: (step.indicator.points_milli, -step.quantity)):
        code = step.indicator.code
        others = [other for other in steps.values() if other.indicator.code != code]

        def score_with(quantity: int, step: Step = step, others: Sequence[Step] = others) -> int:
            return standing.score_with(Step(step.indicator, quantity), *others)

        quantity = bisect_left(range(step.quantity + 1), target_milli, key=score_with)
        if quantity == 0:
            return None
        steps[code] = Step(step.indicator, quantity)
    return Plan(tuple(steps.values()), standing.score_with(*steps.values()))


def _varied(plans: Sequence[Plan]) -> tuple[Plan, ...]:
    """The shortest, without too many about the same thing."""
    kept: list[Plan] = []
    used: Counter[str] = Counter()
    for plan in sorted(plans, key=lambda plan: (plan.effort, len(plan.steps), -plan.score_milli)):
        codes = [step.indicator.code for step in plan.steps]
        if len(kept) < MOST_PLANS and all(used[code] < MOST_WITH_ONE for code in codes):
            kept.append(plan)
            used.update(codes)
    return tuple(kept)
