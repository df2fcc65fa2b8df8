"""One slice of the people: what an engine found out about them, written back in one transaction."""

from datetime import date, datetime
from uuid import UUID

import duckdb
import pyarrow as pa
from adbc_driver_postgresql.dbapi import Connection

from backend.scoring.bulk.engines import Results
from backend.scoring.bulk.expression import rules_of
from backend.scoring.engine.model import ScoreModel

# JSON is DuckDB's own dialect, whatever engine computed: Ibis has no word for it.
GATHER = """
    SELECT resident, score_milli, level, coalesce(heaviest::varchar, '[]') AS heaviest
    FROM people JOIN scores USING (person)
    LEFT JOIN (
        SELECT person, to_json(list({
            'record_id': record::uuid, 'indicator': code, 'points_milli': lines.points
        } ORDER BY place)) AS heaviest
        FROM lines JOIN rules USING (indicator)
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
        INSERT INTO score_months (resident_id, month, score_milli, level, model_version, as_of, computed_at)
        SELECT resident_id, date_trunc('month', $1::date)::date, score_milli, level, $2,
            $1::date, $3::timestamptz
        FROM written
        ON CONFLICT (resident_id, month) DO UPDATE
        SET score_milli = excluded.score_milli, level = excluded.level,
            model_version = excluded.model_version, as_of = excluded.as_of, computed_at = excluded.computed_at
    )
    INSERT INTO score_run_slices (run_id, slice, people, written, done_at)
    SELECT $4::uuid, $5, (SELECT count(*) FROM run_results), (SELECT count(*) FROM written), $6::timestamptz
"""


def gather(results: Results, people: pa.Table, model: ScoreModel) -> pa.Table:
    """Rows to be written: resident, score_milli, level, and the heaviest lines as JSON."""
    with duckdb.connect() as columns:
        columns.register("people", people)
        columns.register("rules", rules_of(model))
        columns.register("scores", results.scores)
        columns.register("lines", results.heaviest)
        return columns.sql(GATHER).to_arrow_table()


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
