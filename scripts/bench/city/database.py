"""A city of its own in PostgreSQL: from records there to results there, and the same as SQL by hand.

Its people are rows without persons: nothing in their sealed cells could be opened.
"""

import os
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

from alembic import command
from psycopg import connect
from psycopg.types.json import Jsonb
from sqlalchemy import NullPool, create_engine

from backend.city import City
from backend.core.background import in_background
from backend.core.clock import Clock, day_in_china
from backend.core.database import system_sessions
from backend.main import alembic_config
from backend.scoring.bulk.engines import DuckDB
from backend.scoring.bulk.expression import rules_of
from backend.scoring.bulk.running import CityScorer, Progress
from backend.scoring.city_model import own_model
from scripts.bench.city.by_hand import HEAVIEST, lines_sql, scores_sql
from scripts.bench.city.columns import RECORDS_EACH
from scripts.bench.city.watched import CityFailed

NAME = "bench_city"
# No keys are checked while loading: that is not what is measured.
UNCHECKED = "SET session_replication_role = replica"
# Ids grow with the rows, as those do that the system gives.
PEOPLE = (
    """
    INSERT INTO residents (id, openid_index, openid_cipher, name_cipher, id_number_cipher, id_number_index,
        identity_provider, bound_at, created_at, last_signed_in_at)
    SELECT lpad(to_hex(n), 32, '0')::uuid, sha256(('o' || n)::bytea), '', '', '', sha256(('i' || n)::bytea),
        'sandbox', %(then)s, %(then)s, %(then)s
    FROM generate_series(1, %(people)s) AS n
    """,
    """
    INSERT INTO consents (resident_id, purpose, version, decision, decided_at)
    SELECT id, 'scoring', '1', 'given', %(then)s FROM residents
    """,
    "INSERT INTO residences (resident_id, district) SELECT id, '420202' FROM residents",
    """
    INSERT INTO scores (resident_id, as_of, model_version, score_milli, heaviest, computed_at)
    SELECT id, %(today)s - 1, 'before', 0, '[]', %(then)s FROM residents
    """,
)
DELIVER = """
    INSERT INTO credit_records (id, resident_id, indicator, occurred_on, quantity, status, received_at)
    SELECT lpad(to_hex(person.place * %(each)s + one), 32, '0')::uuid, person.id,
        (%(codes)s::text[])[1 + floor(random() * %(kinds)s)],
        %(today)s - floor(random() * 2000)::int, 1 + floor(random() * 5)::int,
        CASE WHEN random() < 0.9 THEN 'active' ELSE 'objected' END, %(then)s
    FROM (SELECT id, row_number() OVER (ORDER BY id) AS place FROM residents) AS person
    CROSS JOIN generate_series(1, %(each)s) AS one
    WHERE place %% %(parts)s = %(part)s
"""
INDEXES = """
    SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index
    WHERE indrelid = 'credit_records'::regclass AND NOT indisprimary
"""
# Reading, which is what is measured, is the same; writing takes a quarter of the time.
BARE = (
    "ALTER TABLE credit_records DROP CONSTRAINT pk_credit_records CASCADE",
    "ALTER TABLE credit_records SET UNLOGGED",
)
WHOLE = "ALTER TABLE credit_records ADD CONSTRAINT pk_credit_records PRIMARY KEY (id)"
RECORDS = """(
    SELECT resident_id AS person, id AS record, known.indicator, occurred_on - DATE '1970-01-01' AS occurred,
        quantity, expires_on - DATE '1970-01-01' AS expires, status = 'objected' AS objected
    FROM credit_records JOIN (SELECT indicator, code FROM rules) AS known ON code = credit_records.indicator
    WHERE status IN ('active', 'objected')
) AS delivered"""
RULES = """
    CREATE TEMP TABLE rules AS
    SELECT * FROM jsonb_to_recordset(%s) AS one (indicator smallint, code text, dimension smallint,
        points bigint, cap bigint, decays boolean, valid_days bigint, keeps_objected boolean)
"""


def load(server: str, city: City, *, people: int, clock: Clock) -> str:
    """The address of a new database with so many people, all scored yesterday."""
    url = server.replace("/postgres?", f"/{NAME}?")
    drop(server)
    with connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {NAME}")
    command.upgrade(alembic_config(url), "head")
    now = clock.now()
    codes = [one.code for one in own_model(city, day_in_china(now)).indicators]
    values = {
        "people": people,
        "each": RECORDS_EACH,
        "codes": codes,
        "kinds": len(codes),
        "today": day_in_china(now),
        "then": now - timedelta(days=1),
    }
    with connect(url, autocommit=True) as connection:
        connection.execute(UNCHECKED)
        connection.execute("SET maintenance_work_mem = '1GB'")
        for statement in PEOPLE:
            connection.execute(statement, values if "%(" in statement else None)
        indexes = connection.execute(INDEXES).fetchall()
        for name, _ in indexes:
            connection.execute(f"DROP INDEX {name}")
        for statement in BARE:
            connection.execute(statement)
        _deliver(url, values)
        for statement in (WHOLE, *(definition for _, definition in indexes)):
            connection.execute(statement)
        connection.execute("VACUUM ANALYZE")
    return url


def _deliver(url: str, values: dict[str, Any]) -> None:
    """Everybody's records, by as many connections as there are processors."""
    parts = os.cpu_count() or 1

    def deliver(part: int) -> None:
        with connect(url, autocommit=True) as connection:
            connection.execute(UNCHECKED)
            connection.execute("SELECT setseed(0.5)")
            connection.execute(DELIVER, {**values, "parts": parts, "part": part})

    with ThreadPoolExecutor(parts) as threads:
        list(threads.map(deliver, range(parts)))


def drop(server: str) -> None:
    with connect(server, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {NAME} WITH (FORCE)")


def run(url: str, city: City, *, folder: Path, clock: Clock) -> float:
    """Seconds from records in PostgreSQL to everybody's result in PostgreSQL."""
    engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://", 1), poolclass=NullPool)
    scorer = CityScorer(engine, system_sessions(engine), engine=DuckDB(), folder=folder, clock=clock)
    began = time.monotonic()
    done = in_background(lambda: scorer.run(city))
    if not isinstance(done, Progress) or done.done != done.people or not done.people:
        raise CityFailed(f"the run did not score everybody: {done}")
    return time.monotonic() - began


def run_by_hand(url: str, city: City, *, clock: Clock) -> float:
    """The same people's scores and heaviest lines by PostgreSQL alone, into tables beside; compares them
    with what the run has written."""
    on = day_in_china(clock.now())
    model = own_model(city, on)
    with connect(url, autocommit=True) as connection:
        connection.execute(RULES, [Jsonb(rules_of(model).to_pylist())])
        began = time.monotonic()
        connection.execute(f"CREATE TEMP TABLE lines AS {lines_sql(RECORDS, on, divided='/')}")
        connection.execute("ANALYZE lines")
        people = "(SELECT resident_id AS person FROM scores) AS everybody"
        connection.execute(f"CREATE TEMP TABLE found AS {scores_sql(model, people)}")
        connection.execute(f"CREATE TEMP TABLE heaviest AS {HEAVIEST}")
        seconds = time.monotonic() - began
        [different] = connection.execute(
            "SELECT count(*) FROM scores JOIN found ON found.person = scores.resident_id"
            " WHERE (scores.score_milli, scores.level) IS DISTINCT FROM (found.score_milli, found.level)"
        ).fetchone() or [None]
    if different != 0:
        raise CityFailed(f"{different} scores differ from those by hand")
    return seconds


def make_outdated(url: str) -> None:
    """Everybody's score is of yesterday again."""
    with connect(url, autocommit=True) as connection:
        connection.execute(
            "UPDATE scores SET as_of = as_of - 1, computed_at = computed_at - interval '1 day'"
        )
        connection.execute("VACUUM scores")
