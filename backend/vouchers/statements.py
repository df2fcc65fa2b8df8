"""Running the two hot statements: a batch in one transaction, an outcome for each of its items."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Connection, Engine
from sqlalchemy.orm import Session

from backend.core.database import on_living_connection
from backend.notices.service import queue_messages


class Outcome(NamedTuple):
    """What became of one item: done or not. `outdated`: the incentive has another version by now.
    `tells`: the resident once agreed to WeChat messages, so one may be due for the notice."""

    accepted: bool
    outdated: bool
    tells: bool
    notice_id: UUID


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """The answer under an Idempotency-Key, sealed; kept together with the effect."""

    id: str
    request_digest: str
    body_cipher: bytes


def read_statement(name: str) -> str:
    return (Path(__file__).parent / name).read_text()


def arrays(items: Sequence[Any]) -> dict[str, list[Any]]:
    """The fields of some items as columns; the kept answer's own fields stand beside the others."""
    return dict(_columns(items))


def _columns(items: Sequence[Any]) -> Iterator[tuple[str, list[Any]]]:
    for field in fields(items[0]):
        if field.name != "answer":
            yield field.name, [getattr(item, field.name) for item in items]
    answers = [item.answer for item in items]
    yield "answer_id", [answer and answer.id for answer in answers]
    yield "request_digest", [answer and answer.request_digest for answer in answers]
    yield "body_cipher", [answer and answer.body_cipher for answer in answers]


def run_together(engine: Engine, statement: str, parameters: dict[str, Any]) -> list[Outcome]:
    """Run one of the statements and commit; only then is anybody told."""

    def run(connection: Connection) -> list[Outcome]:
        outcomes = [Outcome(*row) for row in connection.exec_driver_sql(statement, parameters)]
        if told := [outcome.notice_id for outcome in outcomes if outcome.tells]:
            with Session(connection) as db:
                queue_messages(db, told)
                db.flush()
        return outcomes

    return on_living_connection(engine, run)
