"""The score model as somebody would write it in SQL for one engine: what the expression is compared with."""

from datetime import date
from pathlib import Path

import duckdb
import pyarrow as pa

from backend.scoring.bulk.columns import PEOPLE, RULES, files_of_slice
from backend.scoring.bulk.engines import Results
from backend.scoring.bulk.expression import day_number
from backend.scoring.engine.model import ScoreModel

LINES = """
    SELECT person, record, indicator,
        CASE WHEN NOT decays THEN points * quantity
            ELSE sign(points)::bigint * (
                abs(points) * quantity * (valid_days - ({today} - occurred)) {divided} valid_days
            ) END AS points
    FROM {records} JOIN rules USING (indicator)
    WHERE occurred <= {today} AND (expires IS NULL OR expires > {today})
        AND (valid_days IS NULL OR {today} - occurred < valid_days) AND (NOT objected OR keeps_objected)
"""
SCORES = """
    WITH held AS (
        SELECT person, dimension, sum(points) AS points, greatest(-cap, least(cap, sum(points))) AS held
        FROM (SELECT person, indicator, sum(points) AS points FROM lines GROUP BY person, indicator) AS summed
        JOIN (SELECT indicator, dimension, cap FROM rules) AS caps USING (indicator)
        GROUP BY person, indicator, dimension, cap
    ),
    parts AS (SELECT person, sum(points) AS lines_milli, {parts} FROM held GROUP BY person),
    scored AS (
        SELECT person, coalesce(lines_milli, 0)::bigint AS lines_milli,
            greatest({floor}, least({ceiling}, {base} + {total}))::bigint AS score_milli
        FROM {people} LEFT JOIN parts USING (person)
    )
    SELECT person, score_milli, CASE {levels} END AS level, lines_milli FROM scored
"""
HEAVIEST = """
    SELECT person, place - 1 AS place, record, indicator, points FROM (
        SELECT *, row_number() OVER (PARTITION BY person ORDER BY abs(points) DESC, record) AS place
        FROM lines
    ) AS ranked WHERE place <= 10
"""


def lines_sql(records: str, on: date, *, divided: str) -> str:
    return LINES.format(records=records, today=day_number(on), divided=divided)


def scores_sql(model: ScoreModel, people: str) -> str:
    parts = [f"sum(held) FILTER (WHERE dimension = {place}) AS part_{place}" for place in _places(model)]
    total = [
        f"greatest({part.min_milli}, least({part.max_milli}, coalesce(part_{place}, 0)))"
        for place, part in enumerate(model.dimensions)
    ]
    levels = [f"WHEN score_milli >= {one.from_milli} THEN '{one.code}'" for one in reversed(model.levels)]
    return SCORES.format(
        parts=", ".join(parts),
        floor=model.floor_milli,
        ceiling=model.ceiling_milli,
        base=model.base_milli,
        total=" + ".join(total),
        people=people,
        levels=" ".join(levels),
    )


class DuckDBByHand:
    """The same slice, the same files, no Ibis."""

    def score(self, folder: Path, number: int, *, per_slice: int, model: ScoreModel, on: date) -> Results:
        first = number * per_slice
        files = ", ".join(f"'{file}'" for file in files_of_slice(folder, number))
        people = f"(FROM '{folder / PEOPLE}' WHERE person >= {first} AND person < {first + per_slice})"
        with duckdb.connect() as columns:
            columns.execute(f"CREATE VIEW rules AS FROM '{folder / RULES}'")
            lines = lines_sql(f"read_parquet([{files}])", on, divided="//")
            columns.execute(f"CREATE TABLE lines AS {lines}")
            return Results(_fetch(columns, scores_sql(model, people)), _fetch(columns, HEAVIEST))


def _fetch(columns: duckdb.DuckDBPyConnection, query: str) -> pa.Table:
    return columns.sql(query).to_arrow_table()


def _places(model: ScoreModel) -> range:
    return range(len(model.dimensions))
