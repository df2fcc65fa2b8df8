"""What one part of the city comes to under two models, added up: counts and sums, nobody's result."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from uuid import UUID

import ibis
import pyarrow as pa
from ibis.backends.duckdb import Backend
from ibis.expr.types import Table

from backend.scoring.bulk.columns import PEOPLE, files_of_slice
from backend.scoring.bulk.expression import lines_of, rules_of, scores_of
from backend.scoring.engine.model import ScoreModel
from backend.scoring.versions.groups import Groups

# A level moves when the score passes its start, so up and down follow from the scores.
BOTH = """
    CREATE TEMPORARY TABLE both_models AS
    SELECT person, groups.district, groups.age, groups.sex,
        old.score_milli AS before, coalesce(old.level, '') AS level_before,
        new.score_milli AS after, coalesce(new.level, '') AS level_after
    FROM groups JOIN scored_before AS old USING (person) JOIN scored_after AS new USING (person)
"""
MOVES = """
    SELECT district, age, sex, level_before, level_after, count(*), sum(before)::bigint, sum(after)::bigint
    FROM both_models GROUP BY ALL
"""
SCORES = "SELECT $1, floor({score} / $2)::bigint, count(*) FROM both_models GROUP BY ALL"
MOVED = """
    CREATE TEMPORARY TABLE moved AS
    SELECT person, sign(after - before)::integer AS direction
    FROM both_models WHERE level_before <> level_after
"""
# What an indicator gives to those who moved, after its cap, under one model.
HELD = """
    CREATE TEMPORARY TABLE held_{which} AS
    SELECT person, indicator, greatest(-cap, least(cap, sum(lines.points)::bigint)) AS points
    FROM lines_{which} AS lines JOIN moved USING (person) JOIN rules_{which} USING (indicator)
    GROUP BY person, indicator, cap
"""
# The reason of a move is what weighs most in its direction: an indicator, or the base ($1 higher, named $2).
REASONS = """
    WITH effects AS (
        SELECT person, indicator,
            (coalesce(held_after.points, 0) - coalesce(held_before.points, 0)) * direction AS effect
        FROM held_after FULL JOIN held_before USING (person, indicator) JOIN moved USING (person)
    ),
    main AS (
        SELECT person, max(effect) AS effect, arg_max(indicator, (effect, -indicator)) AS indicator
        FROM effects GROUP BY person
    )
    SELECT direction, count(*), CASE
        WHEN coalesce(effect, 0) > 0 AND effect >= $1 * direction THEN indicator
        WHEN $1 * direction > 0 THEN $2
        ELSE $3
    END AS reason
    FROM moved LEFT JOIN main USING (person)
    GROUP BY direction, reason
"""
BASE, BOUNDS = "base", "bounds"
BEFORE, AFTER = "before", "after"

# district, age, sex, level before, level after
Cell = tuple[str, str, str, str, str]


@dataclass
class Tally:
    """Sums over all parts so far. `scores` counts by model and step, a step being `step_milli` wide;
    `reasons` by direction (1 or -1) and what moved people."""

    step_milli: int
    people: Counter[Cell] = field(default_factory=Counter)
    before_milli: Counter[Cell] = field(default_factory=Counter)
    after_milli: Counter[Cell] = field(default_factory=Counter)
    scores: Counter[tuple[str, int]] = field(default_factory=Counter)
    reasons: Counter[tuple[int, str]] = field(default_factory=Counter)


@dataclass(frozen=True)
class Comparison:
    """Two models on one day. The later one has every indicator of the earlier, and numbers the records."""

    before: ScoreModel
    after: ScoreModel
    on: date

    def rules_before(self) -> pa.Table:
        places = {indicator.code: place for place, indicator in enumerate(self.after.indicators)}
        rules = rules_of(self.before)
        numbers = pa.array([places[code.as_py()] for code in rules["code"]], pa.int16())
        return rules.set_column(0, "indicator", numbers)


def add_slice(
    tally: Tally,
    folder: Path,
    number: int,
    *,
    per_slice: int,
    groups: Mapping[UUID, Groups],
    comparison: Comparison,
) -> int:
    """Score one slice with both models and add it up; gives how many people were counted."""
    engine = ibis.duckdb.connect()
    first = number * per_slice
    everybody = engine.read_parquet(folder / PEOPLE)
    people = everybody.filter((everybody.person >= first) & (everybody.person < first + per_slice))
    _register(engine, "groups", _grouped(people.to_pyarrow(), groups))
    for which, model, rules in (
        (BEFORE, comparison.before, comparison.rules_before()),
        (AFTER, comparison.after, rules_of(comparison.after)),
    ):
        table = _register(engine, f"rules_{which}", rules)
        records = engine.read_parquet(files_of_slice(folder, number))
        lines = engine.create_table(f"lines_{which}", lines_of(records, table, comparison.on))
        scored = scores_of(people, lines, table, model).select("person", "score_milli", "level")
        engine.create_table(f"scored_{which}", scored)
    return _add(tally, engine, comparison)


def _add(tally: Tally, engine: Backend, comparison: Comparison) -> int:
    engine.con.execute(BOTH)
    counted = 0
    for *cell, people, before, after in engine.con.execute(MOVES).fetchall():
        place: Cell = (cell[0], cell[1], cell[2], cell[3], cell[4])
        tally.people[place] += people
        tally.before_milli[place] += before
        tally.after_milli[place] += after
        counted += people
    for which in (BEFORE, AFTER):
        query = SCORES.format(score=which)
        for model, step, people in engine.con.execute(query, [which, tally.step_milli]).fetchall():
            tally.scores[model, step] += people
    base = comparison.after.base_milli - comparison.before.base_milli
    names = [indicator.code for indicator in comparison.after.indicators]
    engine.con.execute(MOVED)
    for which in (BEFORE, AFTER):
        engine.con.execute(HELD.format(which=which))
    asked = [base, len(names), len(names) + 1]
    for direction, people, reason in engine.con.execute(REASONS, asked).fetchall():
        tally.reasons[direction, [*names, BASE, BOUNDS][reason]] += people
    return counted


def _grouped(people: pa.Table, groups: Mapping[UUID, Groups]) -> pa.Table:
    known = [
        (person, groups[UUID(resident)])
        for person, resident in zip(people["person"].to_pylist(), people["resident"].to_pylist(), strict=True)
        if UUID(resident) in groups
    ]
    return pa.table(
        {
            "person": pa.array([person for person, _ in known], pa.int64()),
            **{
                kind: pa.array([getattr(group, kind) for _, group in known], pa.string())
                for kind in ("district", "age", "sex")
            },
        }
    )


def _register(engine: Backend, name: str, table: pa.Table) -> Table:
    """Ibis 12 cannot make a table of DuckDB 2 from one in memory."""
    engine.con.register(name, table)
    return engine.table(name)
