"""The score model as one Ibis expression: the same arithmetic as `engine`, for all people at once.

Days are counted as whole numbers since 1970 and indicators by their place in the model, so that every
backend adds and compares the same integers. Casts take a detour over decimals: Ibis takes a sum of
int64 for int64 and drops the direct cast, while DuckDB's sum is wider.
"""

from datetime import date

import ibis
import pyarrow as pa
from ibis import _
from ibis.expr.types import IntegerValue, StringValue, Table

from backend.scoring.engine.compute import MOST_HEAVY
from backend.scoring.engine.model import Decay, ScoreModel, WhileObjected

EPOCH = date(1970, 1, 1)

PEOPLE = pa.schema([pa.field("person", pa.int64(), nullable=False)])
RECORDS = pa.schema(
    [
        pa.field("person", pa.int64(), nullable=False),
        pa.field("record", pa.binary(), nullable=False),
        pa.field("indicator", pa.int16(), nullable=False),
        pa.field("occurred", pa.int32(), nullable=False),
        pa.field("quantity", pa.int32(), nullable=False),
        pa.field("expires", pa.int32()),
        pa.field("objected", pa.bool_(), nullable=False),
    ]
)


def day_number(day: date) -> int:
    """Days since 1970-01-01, as the columns of records hold them."""
    return (day - EPOCH).days


def rules_of(model: ScoreModel) -> pa.Table:
    """One row for each indicator, numbered by its place in the model."""
    dimensions = {dimension.code: place for place, dimension in enumerate(model.dimensions)}
    return pa.table(
        {
            "indicator": pa.array(range(len(model.indicators)), pa.int16()),
            "code": pa.array([i.code for i in model.indicators], pa.string()),
            "dimension": pa.array([dimensions[i.dimension] for i in model.indicators], pa.int16()),
            "points": pa.array([i.points_milli for i in model.indicators], pa.int64()),
            "cap": pa.array([i.cap_milli for i in model.indicators], pa.int64()),
            "decays": pa.array([i.decay is Decay.LINEAR for i in model.indicators], pa.bool_()),
            "valid_days": pa.array([i.valid_days for i in model.indicators], pa.int64()),
            "keeps_objected": pa.array(
                [i.while_objected is WhileObjected.KEEP for i in model.indicators], pa.bool_()
            ),
        }
    )


def lines_of(records: Table, rules: Table, on: date) -> Table:
    """What each record that counts on a day gives before any clamp: person, record, indicator, points."""
    today = ibis.literal(day_number(on), "int64")
    joined = records.join(rules, "indicator").mutate(
        occurred=_.occurred.cast("int64"), quantity=_.quantity.cast("int64")
    )
    joined = joined.mutate(remaining=joined.valid_days - (today - joined.occurred))
    counted = joined.filter(
        joined.occurred <= today,
        joined.expires.isnull() | (today < joined.expires),
        joined.valid_days.isnull() | (joined.remaining > 0),
        ~joined.objected | joined.keeps_objected,
    )
    whole = counted.points * counted.quantity
    size = (whole.abs() * counted.remaining // counted.valid_days).cast("int64")
    points = ibis.ifelse(counted.decays, ibis.ifelse(whole < 0, -size, size), whole)
    return counted.select("person", "record", "indicator", points=points)


def scores_of(people: Table, lines: Table, rules: Table, model: ScoreModel) -> Table:
    """The score of everybody in `people`: with no line it is the base.

    Gives person, score_milli, level (code or null), lines_milli (all lines before any clamp), and
    one column for each dimension's points after its clamps, `dimension_0` and so on.
    """
    sums = lines.group_by("person", "indicator").agg(points=_whole(lines.points.sum()))
    capped = sums.join(rules.select("indicator", "dimension", "cap"), "indicator")
    held = capped.points.clip(-capped.cap, capped.cap)
    places = range(len(model.dimensions))
    by_person = capped.group_by("person").agg(
        lines_milli=_whole(capped.points.sum()),
        **{f"dimension_{place}": _whole(held.sum(where=capped.dimension == place)) for place in places},
    )
    everybody = people.left_join(by_person, "person").drop("person_right")
    bounded = everybody.select(
        "person",
        lines_milli=everybody.lines_milli.coalesce(0),
        **{
            f"dimension_{place}": everybody[f"dimension_{place}"]
            .coalesce(0)
            .clip(dimension.min_milli, dimension.max_milli)
            for place, dimension in enumerate(model.dimensions)
        },
    )
    total = sum((bounded[f"dimension_{place}"] for place in places), ibis.literal(model.base_milli, "int64"))
    scored = bounded.mutate(score_milli=total.clip(model.floor_milli, model.ceiling_milli))
    return scored.mutate(level=_level(scored.score_milli, model))


def largest_lines(lines: Table) -> Table:
    """Each person's lines that weigh most, the heaviest first: person, place (from 0), record, points."""
    weight = ibis.window(group_by="person", order_by=[ibis.desc(lines.points.abs()), lines.record])
    ranked = lines.mutate(place=ibis.row_number().over(weight))
    return ranked.filter(ranked.place < MOST_HEAVY).select("person", "place", "record", "indicator", "points")


def _level(score: IntegerValue, model: ScoreModel) -> StringValue:
    level = ibis.null("string")
    for one in model.levels:
        level = ibis.ifelse(score >= one.from_milli, one.code, level)
    return level


def _whole(total: IntegerValue) -> IntegerValue:
    return total.cast("decimal(38, 0)").cast("int64")
