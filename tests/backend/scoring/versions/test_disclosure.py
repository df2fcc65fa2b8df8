"""From what is shown nobody works out what fewer than ten people did."""

from collections import Counter

from hypothesis import example, given, settings
from hypothesis import strategies as st

from backend.scoring.versions.disclosure import (
    SMALLEST,
    ShownRow,
    ShownTable,
    is_small,
    may_show,
    merged_columns,
    merged_reasons,
)

COLUMNS = ("down", "same", "up")
numbers = st.one_of(st.integers(0, 15), st.integers(0, 400))
tables = st.dictionaries(
    st.sampled_from("abcdefg"), st.fixed_dictionaries(dict.fromkeys(COLUMNS, numbers)), max_size=7
)


def shown(table: dict[str, dict[str, int]], *, in_order: bool) -> ShownTable | None:
    whole: Counter[str] = sum((Counter(counts) for counts in table.values()), Counter())
    return may_show(table, merged_columns(COLUMNS, whole), in_order=in_order)


def bounds_of_hidden(table: ShownTable) -> list[tuple[int, int]]:
    """The least and the most each hidden cell may be, for one who reads the table and nothing else."""
    hidden = [row for row in table.rows if row.counts is None]
    left = [
        total - sum(row.counts[place] for row in table.rows if row.counts)
        for place, total in enumerate(table.counts)
    ]
    people = sum(row.people for row in hidden)
    return [
        (max(0, row.people + column - people), min(row.people, column)) for row in hidden for column in left
    ]


@given(tables, st.booleans())
@settings(max_examples=400, deadline=None)
@example({"a": {"down": 0, "same": 50, "up": 3}, "b": {"down": 0, "same": 50, "up": 40}}, False)
@example({"a": {"down": 3, "same": 50, "up": 0}, "b": {"down": 0, "same": 4, "up": 0}}, True)
def test_no_small_group_is_shown_or_can_be_worked_out(
    table: dict[str, dict[str, int]], in_order: bool
) -> None:
    told = shown(table, in_order=in_order)
    people = sum(sum(counts.values()) for counts in table.values())
    if told is None:
        assert people < SMALLEST
        return
    assert sum(row.people for row in told.rows) == sum(told.counts) == people
    assert {key for row in told.rows for key in row.keys} == {
        key for key in table if any(table[key].values())
    }
    for row in told.rows:
        assert not is_small(row.people)
        assert row.counts is None or not any(map(is_small, row.counts))
    assert not any(map(is_small, told.counts))
    for least, most in bounds_of_hidden(told):
        # Known exactly only when nobody is in it, or all of a group that is large enough.
        assert most - least >= SMALLEST or (least == most and not is_small(least))


def test_without_a_second_hidden_row_the_first_could_be_worked_out() -> None:
    table = {
        "a": {"down": 0, "same": 50, "up": 3},
        "b": {"down": 0, "same": 60, "up": 40},
        "c": {"down": 0, "same": 500, "up": 70},
    }
    told = shown(table, in_order=False)
    assert told
    assert [row.counts is None for row in told.rows] == [True, True, False]
    careless = ShownTable(
        told.columns,
        told.counts,
        tuple(row if row.keys == ("a",) else _open(row, table) for row in told.rows),
    )
    assert bounds_of_hidden(careless)[-1] == (3, 3), "the total and the others tell"


def _open(row: ShownRow, table: dict[str, dict[str, int]]) -> ShownRow:
    [key] = row.keys
    return ShownRow(row.keys, row.people, tuple(table[key].values()))


@given(st.dictionaries(st.sampled_from("abcde"), st.integers(0, 60)))
def test_small_reasons_are_told_together_or_not_at_all(counts: dict[str, int]) -> None:
    told = merged_reasons(counts, rest="others")
    assert not any(map(is_small, told.values()))
    missing = sum(counts.values()) - sum(told.values())
    assert missing == 0 or (is_small(missing) and not told)


def test_neighbours_are_merged_where_groups_stand_in_an_order() -> None:
    table = {
        "18": {"same": 4},
        "30": {"same": 200},
        "45": {"same": 20},
        "60": {"same": 3},
        "75": {"same": 90},
    }
    told = may_show(table, (("same",),), in_order=True)
    assert told
    assert [row.keys for row in told.rows] == [("18", "30"), ("45", "60"), ("75",)]
