"""Calls that start together, and the control: what naive code would let through.

The application may use 16 database connections at once, so 64 clients contend for rows and for
connections alike. The control runs the read-check-then-write that the application does not do, on real
connections that all look before any of them writes: when it lets too many win, the race is real.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from threading import Barrier
from typing import Any, TypeVar

from psycopg import connect
from psycopg.rows import dict_row
from sqlalchemy import text
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from backend.core.database import Base
from backend.core.scopes import act_as_owner

NAIVE_CLIENTS = 16
START_WITHIN_S = 20

Result = TypeVar("Result")


def together(calls: Sequence[Callable[[], Result]]) -> list[Result]:
    """Run all calls in threads that start at the same moment; the results in the order of the calls."""
    start = Barrier(len(calls))

    def run(call: Callable[[], Result]) -> Result:
        start.wait(START_WITHIN_S)
        return call()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def outcomes(answers: Sequence[TestResponse]) -> dict[int | tuple[int, str], int]:
    """How many answers of each kind: by status, and by code where it is a refusal."""
    return Counter(
        (answer.status_code, answer.json["code"])
        if answer.status_code >= 400 and answer.json
        else answer.status_code
        for answer in answers
    )


@dataclass(frozen=True)
class Naive:
    """Code without a guard: it looks, and writes if `sees` gave a row. Both are SQL.

    `writes` may use the columns seen beside `values`.
    """

    sees: str
    writes: str
    values: Mapping[str, Any] = field(default_factory=dict)


def naive_winners(url: str, *attempts: Naive) -> int:
    """How many of these get their way when all look before any writes."""
    looked = Barrier(len(attempts))

    def run(attempt: Naive) -> bool:
        with connect(url, row_factory=dict_row) as connection:
            seen = connection.execute(attempt.sees, attempt.values).fetchone()
            looked.wait(START_WITHIN_S)
            if seen is None:
                return False
            connection.execute(attempt.writes, {**attempt.values, **seen})
            return True

    with ThreadPoolExecutor(len(attempts)) as pool:
        return sum(pool.map(run, attempts))


def copy_without_constraints(db: Session, table: type[Base], *columns: str) -> str:
    """An empty copy of some columns in a schema of its own, with nothing to keep rows apart; its name."""
    name = f"naive.{table.__tablename__}_by_{'_'.join(columns)}"
    act_as_owner(db)
    db.execute(text("CREATE SCHEMA IF NOT EXISTS naive"))
    db.execute(
        text(f"CREATE TABLE {name} AS SELECT {', '.join(columns)} FROM {table.__tablename__} WITH NO DATA")
    )
    db.commit()
    return name
