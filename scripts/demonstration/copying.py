"""Writing many rows at once with COPY, its text made wherever there is a processor to make it."""

from collections.abc import Iterable
from typing import Any, NamedTuple

import orjson
from psycopg import sql
from sqlalchemy.orm import Session

from backend.core.database import Base
from backend.core.scopes import act_as_owner


class Block(NamedTuple):
    """Rows of one table in COPY's text format; plain values, so it travels between processes."""

    table: str
    columns: tuple[str, ...]
    text: bytes


class RowGatherer:
    """Gathers rows by table and gives them in the order of the tables, so that keys exist first."""

    def __init__(self, tables: Iterable[type[Base]]) -> None:
        self._rows: dict[type[Base], list[dict[str, Any]]] = {table: [] for table in tables}

    def add(self, table: type[Base], **row: Any) -> None:
        """All rows of a table must name the same columns."""
        self._rows[table].append(row)

    def take(self) -> list[Block]:
        """What was gathered since the last time."""
        blocks = []
        for table, rows in self._rows.items():
            if rows:
                columns = tuple(rows[0])
                lines = ["\t".join([_as_text(row[name]) for name in columns]) for row in rows]
                blocks.append(Block(table.__tablename__, columns, "\n".join([*lines, ""]).encode()))
                rows.clear()
        return blocks


def send(db: Session, blocks: Iterable[Block]) -> None:
    """Write blocks in the transaction of the session."""
    act_as_owner(db)
    connection = db.connection().connection.driver_connection
    assert connection is not None
    with connection.cursor() as cursor:
        for block in blocks:
            statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
                sql.Identifier(block.table), sql.SQL(", ").join(map(sql.Identifier, block.columns))
            )
            with cursor.copy(statement) as copy:
                copy.write(block.text)


def _as_text(value: Any) -> str:
    match value:
        case None:
            return r"\N"
        case bytes():
            return rf"\\x{value.hex()}"
        case dict() | list():
            return _escaped(orjson.dumps(value).decode())
        case str():
            return _escaped(value)
    return str(value)


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace("\n", r"\n").replace("\r", r"\r").replace("\t", r"\t")
