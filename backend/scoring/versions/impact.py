"""The impact report: whom a new model would move, told of groups that may be told of."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from backend.city import City
from backend.scoring.versions.disclosure import (
    ShownTable,
    is_small,
    may_show,
    merged_columns,
    merged_reasons,
)
from backend.scoring.versions.groups import IN_ORDER, KINDS, names_of
from backend.scoring.versions.tally import AFTER, BEFORE, BOUNDS, Cell, Tally

DOWN, SAME, UP = "down", "same", "up"
DIRECTIONS = {UP: 1, DOWN: -1}
OTHERS = "others"


def impact_report(city: City, tally: Tally) -> dict[str, Any]:
    """As it is stored and shown. Points are in thousandths, means rounded to tenths of a point."""
    ranks = {"": 0, **{level.code: rank for rank, level in enumerate(city.levels, start=1)}}

    def move_of(cell: Cell) -> str:
        step = ranks[cell[4]] - ranks[cell[3]]
        return SAME if step == 0 else UP if step > 0 else DOWN

    moves = count_by(tally.people, move_of)
    people = moves.total()
    if not people or is_small(people):
        return {"people": None}
    columns = merged_columns((DOWN, SAME, UP), moves)
    groups = {kind: _moves_of_groups(city, tally, kind, columns, move_of) for kind in KINDS}
    is_after_shown = _passes_are_large(tally.people, ranks)
    return {
        "people": people,
        "mean_before_milli": mean(tally.before_milli.total(), people),
        "mean_after_milli": mean(tally.after_milli.total(), people),
        "columns": [list(names) for names in columns],
        "moves": [sum(moves[name] for name in names) for names in columns],
        "levels": _levels(
            [*ranks],
            count_by(tally.people, lambda cell: cell[3]),
            count_by(tally.people, lambda cell: cell[4]),
            is_after_shown=is_after_shown,
        ),
        "scores": _scores(tally, is_after_shown=is_after_shown),
        "reasons": {direction: _reasons(tally, sign) for direction, sign in DIRECTIONS.items()},
        "groups": groups,
    }


def count_by(people: Mapping[Cell, int], name_of: Callable[[Cell], str]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for cell, number in people.items():
        counts[name_of(cell)] += number
    return counts


def table_by(
    city: City, people: Mapping[Cell, int], kind: str, name_of: Callable[[Cell], str]
) -> dict[str, Counter[str]]:
    """Counts by group and by what `name_of` says, the groups in their order."""
    place = KINDS.index(kind)
    found = {cell[place] for cell in people}
    names = [*names_of(city, kind), *sorted(found - {*names_of(city, kind)})]
    return {
        name: count_by({cell: number for cell, number in people.items() if cell[place] == name}, name_of)
        for name in names
    }


def mean(sum_milli: int, people: int) -> int:
    """Rounded to tenths of a point: a sum could tell of somebody who came or went."""
    return round(sum_milli / people / 100) * 100


def mean_of(cells: Mapping[Cell, int], people: Mapping[Cell, int], kind: str, keys: Iterable[str]) -> int:
    place, named = KINDS.index(kind), {*keys}
    total = sum(number for cell, number in cells.items() if cell[place] in named)
    return mean(total, sum(number for cell, number in people.items() if cell[place] in named))


def _moves_of_groups(
    city: City,
    tally: Tally,
    kind: str,
    columns: tuple[tuple[str, ...], ...],
    move_of: Callable[[Cell], str],
) -> list[dict[str, Any]]:
    counts = table_by(city, tally.people, kind, move_of)
    shown: ShownTable | None = may_show(counts, columns, in_order=kind == IN_ORDER)
    return [
        {
            "keys": list(row.keys),
            "people": row.people,
            "moves": list(row.counts) if row.counts else None,
            "mean_before_milli": mean_of(tally.before_milli, tally.people, kind, row.keys),
            "mean_after_milli": mean_of(tally.after_milli, tally.people, kind, row.keys),
        }
        for row in (shown.rows if shown else ())
    ]


def _passes_are_large(people: Mapping[Cell, int], ranks: Mapping[str, int]) -> bool:
    """Whether no small group would pass the start of a level, up or down. Where one would, how the city lies
    afterwards is not told: the difference to how it lies now is what passed."""
    for start in range(1, len(ranks)):
        up = sum(n for cell, n in people.items() if ranks[cell[3]] < start <= ranks[cell[4]])
        down = sum(n for cell, n in people.items() if ranks[cell[4]] < start <= ranks[cell[3]])
        if is_small(up) or is_small(down):
            return False
    return True


def _levels(
    names: list[str], before: Counter[str], after: Counter[str], *, is_after_shown: bool
) -> list[dict[str, Any]]:
    """How many at each level, the lowest first; small ones with their neighbours."""
    columns = merged_columns(names, before, *([after] if is_after_shown else []))
    return [
        {
            "levels": list(column),
            "before": sum(before[name] for name in column),
            "after": sum(after[name] for name in column) if is_after_shown else None,
        }
        for column in columns
    ]


def _scores(tally: Tally, *, is_after_shown: bool) -> list[dict[str, Any]]:
    """How the scores lie, in steps as wide as may be shown."""
    counts = {
        which: Counter(
            {str(step): number for (model, step), number in tally.scores.items() if model == which}
        )
        for which in (BEFORE, AFTER)
    }
    steps = sorted({step for _, step in tally.scores})
    names = [str(step) for step in range(steps[0], steps[-1] + 1)]
    shown = [BEFORE, AFTER] if is_after_shown else [BEFORE]
    columns = merged_columns(names, *(counts[which] for which in shown))
    return [
        {
            "from_milli": int(column[0]) * tally.step_milli,
            "to_milli": (int(column[-1]) + 1) * tally.step_milli,
            "before": sum(counts[BEFORE][name] for name in column),
            "after": sum(counts[AFTER][name] for name in column) if is_after_shown else None,
        }
        for column in columns
    ]


def _reasons(tally: Tally, sign: int) -> list[dict[str, Any]]:
    counts = Counter(
        {reason: number for (direction, reason), number in tally.reasons.items() if direction == sign}
    )
    if is_small(counts.total()):
        return []
    counts[OTHERS] += counts.pop(BOUNDS, 0)
    return [
        {"reason": reason, "people": number}
        for reason, number in merged_reasons(+counts, rest=OTHERS).items()
    ]
