"""Counts that may be shown: nobody can work out from them what a group of fewer than ten people did.

A table counts people by row (such as districts) and by column (such as up, same, down). Small rows are merged
with others, small columns of the whole with their neighbours: so rows, and columns of the whole, hold nobody
or at least `SMALLEST`. A row in which a cell is small is shown without its cells. Its total and the sums of
all rows are known, so it could be worked out if it were alone: others are hidden beside it, until at least
two rows are and each column holds nobody or at least `SMALLEST` in them together. Then every hidden cell may
be any of more than `SMALLEST` numbers, as far as the rest tells.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

SMALLEST = 10

Counts = Mapping[str, int]


@dataclass(frozen=True)
class ShownRow:
    """`keys` were merged; `counts` is None where the cells are hidden."""

    keys: tuple[str, ...]
    people: int
    counts: tuple[int, ...] | None


@dataclass(frozen=True)
class ShownTable:
    """`columns` says which were merged; `counts` are those of all rows together."""

    columns: tuple[tuple[str, ...], ...]
    counts: tuple[int, ...]
    rows: tuple[ShownRow, ...]


def is_small(people: int) -> bool:
    return 0 < people < SMALLEST


def may_show(
    table: Mapping[str, Counts], columns: Sequence[tuple[str, ...]], *, in_order: bool
) -> ShownTable | None:
    """The table as far as it may be shown, None when all of it is too small.

    `columns` are those of `merged_columns`. Rows that stand `in_order` are merged with a neighbour only.
    """
    rows = _merged_rows(table, in_order=in_order)
    if rows is None:
        return None
    cells = [[sum(counts.get(name, 0) for name in names) for names in columns] for _, counts in rows]
    hidden = _hidden(cells)
    return ShownTable(
        columns=tuple(columns),
        counts=tuple(sum(column) for column in zip(*cells, strict=True)),
        rows=tuple(
            ShownRow(keys, sum(row), None if number in hidden else tuple(row))
            for number, ((keys, _), row) in enumerate(zip(rows, cells, strict=True))
        ),
    )


def merged_columns(names: Sequence[str], *wholes: Counts) -> tuple[tuple[str, ...], ...]:
    """Columns so merged with neighbours that in none of the wholes one is small, unless all are one."""
    columns: list[tuple[str, ...]] = [(name,) for name in names]

    def size(column: tuple[str, ...], whole: Counts) -> int:
        return sum(whole.get(name, 0) for name in column)

    def smallest() -> int | None:
        sizes = [min(size(column, whole) for whole in wholes) for column in columns]
        small = [
            place
            for place, column in enumerate(columns)
            if any(is_small(size(column, whole)) for whole in wholes)
        ]
        return min(small, key=lambda place: sizes[place], default=None)

    while len(columns) > 1 and (place := smallest()) is not None:
        beside = [near for near in (place - 1, place + 1) if 0 <= near < len(columns)]
        # Two that hold nobody would stay as small as one.
        near = min(
            beside, key=lambda near: (size(columns[near], wholes[0]) == 0, size(columns[near], wholes[0]))
        )
        first, last = sorted((place, near))
        columns[first : last + 1] = [columns[first] + columns[last]]
    return tuple(columns)


def merged_reasons(counts: Counts, *, rest: str) -> dict[str, int]:
    """Counts by reason, the largest first; small ones become the `rest`. Nothing when all are too few."""
    ordered = sorted(counts, key=lambda reason: (reason == rest, -counts[reason]))
    kept = {reason: counts[reason] for reason in ordered if not is_small(counts[reason])}
    kept.pop(rest, None)
    others = sum(counts.values()) - sum(kept.values())
    while is_small(others) and kept:
        others += kept.popitem()[1]
    return {**kept, **({rest: others} if others and not is_small(others) else {})}


def _merged_rows(
    table: Mapping[str, Counts], *, in_order: bool
) -> list[tuple[tuple[str, ...], dict[str, int]]] | None:
    rows: list[tuple[tuple[str, ...], dict[str, int]]] = [
        ((key,), dict(counts)) for key, counts in table.items() if sum(counts.values())
    ]

    def size(place: int) -> int:
        return sum(rows[place][1].values())

    while len(rows) > 1:
        place = min(range(len(rows)), key=size)
        if not is_small(size(place)):
            break
        others = [near for near in range(len(rows)) if near != place]
        beside = [near for near in others if abs(near - place) == 1] if in_order else others
        first, last = sorted((place, min(beside, key=size)))
        (keys, counts), (more_keys, more) = rows[first], rows[last]
        rows[first] = (
            keys + more_keys,
            {name: counts.get(name, 0) + more.get(name, 0) for name in {**counts, **more}},
        )
        del rows[last]
    return None if not rows or is_small(size(0)) else rows


def _hidden(cells: Sequence[Sequence[int]]) -> set[int]:
    """The rows whose cells are not shown."""
    hidden = {number for number, row in enumerate(cells) if any(map(is_small, row))}
    by_size = sorted(range(len(cells)), key=lambda number: sum(cells[number]))

    def could_be_worked_out() -> bool:
        sums = [sum(column) for column in zip(*(cells[number] for number in hidden), strict=True)]
        return len(hidden) == 1 or any(map(is_small, sums))

    while hidden and could_be_worked_out():
        more = next((number for number in by_size if number not in hidden), None)
        if more is None:
            break
        hidden.add(more)
    return hidden
