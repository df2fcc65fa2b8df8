"""The two hot statements by themselves: what they may touch, and how PostgreSQL goes about them."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from psycopg import Connection, connect
from psycopg.rows import dict_row

import backend
from backend.core.database import SEARCH_PATH
from backend.main import Parts
from backend.vouchers.claim_statement import CLAIM, Claim, claim_parameters
from backend.vouchers.redeem_statement import REDEEM, Redeeming, redeem_parameters
from backend.vouchers.statements import KeptAnswer

Database = Connection[dict[str, Any]]

# With a row for each resident or each event: whoever reads one of these from end to end is lost.
BIG = {
    "residents",
    "sessions",
    "consents",
    "scores",
    "vouchers",
    "tickets",
    "redemptions",
    "personal_counts",
    "notices",
    "access_log",
    "audit_events",
    "idempotent_answers",
    "message_credits",
    "quota_counts",
}
BOTH = {"sessions", "consents", "scores", "personal_counts", "idempotent_answers", "quota_counts"}
ROWS, TIMES = 2_000, 50
MADE = {
    "uuid": "gen_random_uuid()",
    "bytea": "decode(md5(random()::text), 'hex')",
    "text": "md5(random()::text)",
    "bigint": "n % 100",
    "date": "date '2026-01-01' + n % 100",
    "boolean": "n % 2 = 0",
    "jsonb": "'{}'",
    "timestamp with time zone": "now() - n * interval '1 second'",
}

NOW, ANSWER = datetime.now(UTC), KeptAnswer("0" * 64, "0" * 32, b"")
A_CLAIM = Claim(
    voucher_id=uuid4(),
    resident_id=uuid4(),
    session_id=uuid4(),
    incentive_id=uuid4(),
    incentive_version=1,
    now=NOW,
    today=NOW.date(),
    period_start=date(1970, 1, 1),
    expires_at=NOW,
    notice_id=uuid4(),
    notice_values="{}",
    request_id=None,
    answer=ANSWER,
)
A_REDEEMING = Redeeming(
    redemption_id=uuid4(),
    clerk_id=uuid4(),
    session_id=uuid4(),
    ticket_id=b"t" * 12,
    incentive_id=uuid4(),
    incentive_version=1,
    match=None,
    scan_id="scan",
    order_ref=None,
    amount_fen=None,
    now=NOW,
    today=NOW.date(),
    period_start=date(1970, 1, 1),
    offer="",
    purpose="",
    access_id=uuid4(),
    notice_id=uuid4(),
    request_id=None,
    answer=ANSWER,
)


@pytest.fixture
def statements(parts: Parts) -> dict[str, tuple[str, dict[str, Any]]]:
    """With their parameters, some of which are the city's."""
    return {
        "claim": (CLAIM, claim_parameters([A_CLAIM])),
        "redeem": (REDEEM, redeem_parameters([A_REDEEMING])),
    }


def test_no_other_file_of_sql_reaches_across_the_domains() -> None:
    files = {path.name for path in Path(backend.__path__[0]).rglob("*.sql")}
    assert files == {"claim.sql", "redeem.sql"}


@pytest.mark.parametrize("name", ["claim", "redeem"])
def test_a_hot_statement_reads_no_big_table_from_end_to_end(
    database_url: str, statements: dict[str, tuple[str, dict[str, Any]]], name: str
) -> None:
    with big_city(database_url) as connection:
        read = list(nodes(plan_of(connection, *statements[name])))
    from_end_to_end = {node["Relation Name"] for node in read if node["Node Type"] == "Seq Scan"}
    by_index = {node["Relation Name"] for node in read if "Relation Name" in node} - from_end_to_end
    assert from_end_to_end & BIG == set()
    assert by_index >= BOTH


def test_control_without_its_index_the_table_would_be_read_from_end_to_end(
    database_url: str, statements: dict[str, tuple[str, dict[str, Any]]]
) -> None:
    with big_city(database_url) as connection:
        connection.execute("DROP INDEX ix_sessions_clerk_id, ix_sessions_resident_id")
        connection.execute("ALTER TABLE sessions DROP CONSTRAINT pk_sessions CASCADE")
        read = list(nodes(plan_of(connection, *statements["claim"])))
    assert "sessions" in {node["Relation Name"] for node in read if node["Node Type"] == "Seq Scan"}


@contextmanager
def big_city(database_url: str) -> Iterator[Database]:
    """A transaction in which PostgreSQL believes that each big table has 100 000 rows and more: it
    has 2 000, and the catalogue says that fifty times as many stand on each page."""
    with connect(database_url, row_factory=dict_row, options=f"-c search_path={SEARCH_PATH}") as connection:
        connection.execute("SET LOCAL plan_cache_mode = force_generic_plan")
        connection.execute("SET LOCAL session_replication_role = replica")
        for table in sorted(BIG):
            fill(connection, table)
        connection.execute(
            "UPDATE pg_class SET reltuples = reltuples * %s WHERE relname = ANY(%s) AND relkind = 'r'",
            [TIMES, list(BIG)],
        )
        yield connection
        connection.rollback()


def fill(connection: Database, table: str) -> None:
    """Random rows that keep no rule but their types: nobody looks at them, they are only many."""
    rules = "SELECT conname FROM pg_constraint WHERE conrelid = %s::regclass AND contype = 'c'"
    dropped = [f'DROP CONSTRAINT "{rule["conname"]}"' for rule in connection.execute(rules, [table])]
    if dropped:
        connection.execute(f"ALTER TABLE {table} {', '.join(dropped)}")
    columns = connection.execute(
        "SELECT attname AS name, format_type(atttypid, atttypmod) AS type FROM pg_attribute"
        " WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped AND attidentity = ''",
        [table],
    )
    made = {column["name"]: MADE[column["type"]] for column in columns}
    connection.execute(
        f"INSERT INTO {table} ({', '.join(made)}) SELECT {', '.join(made.values())}"
        f" FROM generate_series(1, {ROWS}) AS n"
    )
    connection.execute(f"ANALYZE {table}")


def plan_of(connection: Database, statement: str, parameters: dict[str, Any]) -> Any:
    """As of a prepared statement, which knows the types of its parameters and not their values."""
    explained = connection.execute("EXPLAIN (FORMAT JSON) " + statement, parameters, prepare=True).fetchone()
    assert explained is not None
    return explained["QUERY PLAN"][0]["Plan"]


def nodes(plan: Any) -> Iterator[dict[str, Any]]:
    yield plan
    for child in plan.get("Plans", []):
        yield from nodes(child)
