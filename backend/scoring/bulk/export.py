"""Records out of PostgreSQL into columns (Parquet), all as they stood at one moment.

Only people are taken who consent and whose score is of an earlier day or another version of the model.
Whoever has no score yet is scored alone, with the notice that belongs to a first one. Records that can
give nothing stay behind.
"""

from datetime import date
from pathlib import Path

import duckdb
from adbc_driver_postgresql.dbapi import Connection, Cursor

from backend.scoring.bulk.columns import PEOPLE, SLICES, mark_complete, write_rules
from backend.scoring.engine.errors import UnknownIndicator
from backend.scoring.engine.model import ScoreModel

MAKE_TABLES = (
    "CREATE TEMPORARY TABLE run_people (person bigint, resident_id uuid) ON COMMIT DROP",
    "CREATE TEMPORARY TABLE run_indicators (indicator smallint, code text) ON COMMIT DROP",
)
TAKE_PEOPLE = """
    INSERT INTO run_people
    SELECT row_number() OVER (ORDER BY scores.resident_id) - 1, scores.resident_id
    FROM scores
    JOIN residents ON residents.id = scores.resident_id AND residents.bound_at IS NOT NULL
    JOIN consents ON consents.resident_id = scores.resident_id
        AND consents.purpose = 'scoring' AND consents.decision = 'given'
    JOIN residences ON residences.resident_id = scores.resident_id
        AND (residences.records_expected_on IS NULL OR residences.records_expected_on <= $1::date)
    WHERE scores.as_of < $1::date OR scores.model_version <> $2 OR $3::boolean
"""
TAKE_INDICATORS = """
    INSERT INTO run_indicators
    SELECT place - 1, code FROM unnest(string_to_array($1, ',')) WITH ORDINALITY AS places (code, place)
"""
READ_PEOPLE = "SELECT person, resident_id::text AS resident FROM run_people ORDER BY person"
# No parameters: only then do rows come as they are found, and not after all of them.
READ_RECORDS = """
    SELECT run_people.person, uuid_send(credit_records.id) AS record, run_indicators.indicator,
        occurred_on - DATE '1970-01-01' AS occurred, quantity::integer,
        expires_on - DATE '1970-01-01' AS expires, status = 'objected' AS objected
    FROM credit_records
    JOIN run_people USING (resident_id)
    LEFT JOIN run_indicators ON run_indicators.code = credit_records.indicator
    WHERE status IN ('active', 'objected')
"""
FIND_UNKNOWN = """
    SELECT indicator FROM credit_records JOIN run_people USING (resident_id)
    WHERE status IN ('active', 'objected') AND indicator NOT IN (SELECT code FROM run_indicators)
    LIMIT 1
"""


def export_records(
    connection: Connection,
    folder: Path,
    *,
    model: ScoreModel,
    on: date,
    per_slice: int,
    everybody: bool = False,
) -> None:
    """Write rules, people and records, in slices of so many people; complete when this returns.

    With `everybody` those are taken too who have a score of the day.

    An indicator the model does not have is refused: a run without these records would be wrong.
    """
    write_rules(folder, model)
    with connection.cursor() as cursor, duckdb.connect() as columns:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        for statement in MAKE_TABLES:
            cursor.execute(statement)
        cursor.execute(TAKE_PEOPLE, [on.isoformat(), model.version, everybody])
        cursor.execute(TAKE_INDICATORS, [",".join(indicator.code for indicator in model.indicators)])
        cursor.execute("ANALYZE run_people, run_indicators")
        cursor.execute(READ_PEOPLE)
        _copy(columns, cursor, "SELECT *", f"'{folder / PEOPLE}' (FORMAT parquet)")
        cursor.execute(READ_RECORDS)
        sliced = f"SELECT *, person // {per_slice} AS slice"
        _copy(columns, cursor, sliced, f"'{folder / SLICES}' (FORMAT parquet, PARTITION_BY (slice))")
        _refuse_unknown(columns, cursor, folder)
    connection.rollback()
    mark_complete(folder)


def _refuse_unknown(columns: duckdb.DuckDBPyConnection, cursor: Cursor, folder: Path) -> None:
    for file in (folder / SLICES).glob("*/*.parquet"):
        if columns.read_parquet(str(file)).filter("indicator IS NULL").limit(1).fetchall():
            cursor.execute(FIND_UNKNOWN)
            [code] = cursor.fetchone() or [""]
            raise UnknownIndicator(code)


def _copy(columns: duckdb.DuckDBPyConnection, cursor: Cursor, select: str, target: str) -> None:
    columns.register("incoming", cursor.fetch_record_batch())
    columns.execute(f"COPY ({select} FROM incoming) TO {target}")
    columns.unregister("incoming")
