"""Whether two engines found out the same about the same people, and what every rule must have been."""

from collections.abc import Iterator

import pyarrow as pa

from backend.scoring.bulk.engines import Results

# What must have happened to somebody, or the comparison has not shown it.
RULES = (
    "no_records",
    "level",
    "no_level",
    "counted",
    "counted_on_its_last_day",
    "ends_that_very_day",
    "several_at_once",
    "leap_day",
    "linear_gain",
    "linear_loss",
    "objected_but_kept",
    "not_counted_objected",
    "not_counted_repaired",
    "not_counted_withdrawn",
    "not_counted_expired",
    "not_counted_not_yet",
    "indicator_cap",
    "indicator_floor",
    "dimension_cap",
    "dimension_floor",
    "score_floor",
    "score_ceiling",
)


def differences(expected: Results, found: Results) -> Iterator[str]:
    """The first difference of each kind, by its person."""
    for kind, order in (("scores", ["person"]), ("heaviest", ["person", "place"])):
        one = getattr(expected, kind)
        by_order = [(column, "ascending") for column in order]
        other = getattr(found, kind).select(one.column_names).cast(one.schema).sort_by(by_order)
        if not one.sort_by(by_order).equals(other):
            yield f"{kind}: {_first(one.sort_by(by_order), other)}"


def _first(one: pa.Table, other: pa.Table) -> str:
    pairs = zip(one.to_pylist(), other.to_pylist(), strict=False)
    return next(
        (f"{left} / {right}" for left, right in pairs if left != right),
        f"{one.num_rows} / {other.num_rows} rows",
    )
