"""Running the two hot statements: a batch in one transaction, an outcome for each of its items."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import Engine


class Outcome(NamedTuple):
    """What became of one item: done or not. `outdated`: the incentive has another version by now."""

    accepted: bool
    outdated: bool


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
    """Run one of the statements; only when it has been committed is anybody told.

    It commits by itself (`engine` does so for each statement): it holds rows that everybody waits for, and
    would hold them until this process found the time to say so.
    """
    with engine.connect() as connection:
        rows = connection.exec_driver_sql(statement, parameters).all()
    return [Outcome(accepted, outdated) for accepted, outdated, _ in rows]
