"""One slice of the people: scored by DuckDB from its columns, and written back in one transaction."""

from datetime import date, datetime
from pathlib import Path
from uuid import UUID

import ibis
import pyarrow as pa
from adbc_driver_postgresql.dbapi import Connection
from ibis.backends.duckdb import Backend
from ibis.expr.types import Table

from backend.scoring.bulk.export import PEOPLE, files_of_slice
from backend.scoring.bulk.expression import RECORDS, largest_lines, lines_of, rules_of, scores_of
from backend.scoring.engine.model import ScoreModel

# JSON is the engine's own dialect: Ibis has no word for it.
GATHER = """
    SELECT resident, score_milli, level, coalesce(heaviest::varchar, '[]') AS heaviest
    FROM scored
    LEFT JOIN (
        SELECT person, to_json(list({
            'record_id': record::uuid, 'indicator': code, 'points_milli': ranked.points
        } ORDER BY place)) AS heaviest
        FROM ranked JOIN rules USING (indicator)
        GROUP BY person
    ) USING (person)
"""

# The row of a resident's score is the guard: whoever withdrew has none, and what was computed later than
# this run began keeps its place. The history follows the rows that were really written.
WRITE = """
    WITH written AS (
        UPDATE scores
        SET as_of = $1::date, model_version = $2, score_milli = result.score_milli, level = result.level,
            explanation = NULL, heaviest = result.heaviest::jsonb, computed_at = $3::timestamptz
        FROM run_results AS result
        WHERE scores.resident_id = result.resident::uuid AND scores.computed_at < $3::timestamptz
        RETURNING scores.resident_id, scores.score_milli, scores.level
    ),
    months AS (
        INSERT INTO score_months (resident_id, month, score_milli, level, model_version)
        SELECT resident_id, date_trunc('month', $1::date)::date, score_milli, level, $2 FROM written
        ON CONFLICT (resident_id, month) DO UPDATE
        SET score_milli = excluded.score_milli, level = excluded.level, model_version = excluded.model_version
    )
    INSERT INTO score_run_slices (run_id, slice, people, written, done_at)
    SELECT $4::uuid, $5, (SELECT count(*) FROM run_results), (SELECT count(*) FROM written), $6::timestamptz
"""


def score_slice(folder: Path, number: int, *, per_slice: int, model: ScoreModel, on: date) -> pa.Table:
    """Results of one slice: resident, score_milli, level, and the heaviest lines as JSON."""
    engine = ibis.duckdb.connect()
    first = number * per_slice
    everybody = engine.read_parquet(folder / PEOPLE)
    people = everybody.filter((everybody.person >= first) & (everybody.person < first + per_slice))
    rules = _register(engine, "rules", rules_of(model))
    lines = engine.create_table("lines", lines_of(_records(engine, folder, number), rules, on))
    scores = scores_of(people, lines, rules, model).select("person", "score_milli", "level")
    engine.create_table("scored", scores.join(people, "person"))
    engine.create_table("ranked", largest_lines(lines))
    return engine.con.sql(GATHER).to_arrow_table()


def write_slice(
    connection: Connection,
    results: pa.Table,
    *,
    run: tuple[UUID, int],
    version: str,
    on: date,
    begun_at: datetime,
    now: datetime,
) -> None:
    """Store the results of one slice of a run, once: the row that says so stands in the same transaction."""
    run_id, number = run
    written_as = [on.isoformat(), version, begun_at.isoformat(), str(run_id), number, now.isoformat()]
    with connection.cursor() as cursor:
        cursor.adbc_ingest("run_results", results, mode="create", temporary=True)
        cursor.execute(WRITE, written_as)
        cursor.execute("DROP TABLE run_results")
    connection.commit()


def _records(engine: Backend, folder: Path, number: int) -> Table:
    files = files_of_slice(folder, number)
    return engine.read_parquet(files) if files else _register(engine, "no_records", RECORDS.empty_table())


def _register(engine: Backend, name: str, table: pa.Table) -> Table:
    """Ibis 12 cannot make a table of DuckDB 2 from one in memory."""
    engine.con.register(name, table)
    return engine.table(name)
