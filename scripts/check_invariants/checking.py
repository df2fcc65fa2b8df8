"""Running the statements, each in the same snapshot of the database."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

STATEMENTS = Path(__file__).parent / "statements"
ANSWERS = Path(__file__).parent / "answers.sql"
FIRST_IDS = 5
COUNTED = """
    SELECT count(*) AS looked, count(*) FILTER (WHERE broken) AS broken,
        coalesce((array_agg(id ORDER BY id) FILTER (WHERE broken))[1:{first}], '{{}}') AS first
    FROM ({statement}) AS looked_at
"""


@dataclass(frozen=True)
class Finding:
    """What was counted for one invariant. `first` are the first ids that break it, for a look by hand."""

    name: str
    sentence: str
    looked: int
    broken: int
    first: Sequence[str]


@dataclass(frozen=True)
class Statement:
    """An invariant as SQL; `sentence` begins with the rule it belongs to."""

    name: str
    sentence: str
    sql: str

    @classmethod
    def read(cls, path: Path) -> "Statement":
        first, _, sql = path.read_text().partition("\n")
        return cls(path.stem.partition("_")[2] or path.stem, first.removeprefix("-- "), sql)

    def check(self, db: Session, **values: Any) -> Finding:
        counted = text(COUNTED.format(first=FIRST_IDS, statement=self.sql))
        row = db.execute(counted, values).one()
        return Finding(self.name, self.sentence, row.looked, row.broken, row.first)


def statements() -> list[Statement]:
    return [Statement.read(path) for path in sorted(STATEMENTS.glob("*.sql"))]


def check_statements(db: Session) -> Iterator[Finding]:
    for statement in statements():
        yield statement.check(db)


def check_answers(db: Session, path: Path) -> Finding:
    """Whether each 2xx answer that a client saw is in the database, and each request had one effect.

    A line of the file is `{"kind": "claim" | "redeem" | "reverse", "key": …, "id": …}`: `key` is what the
    client sent to be recognised by, `id` the voucher or redemption it was answered with.
    """
    answers = [json.loads(line) for line in path.read_text().splitlines()]
    return Statement.read(ANSWERS).check(db, answers=json.dumps(answers))
