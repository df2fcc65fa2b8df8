"""Writing many rows at once with COPY."""

from collections.abc import Iterable, Mapping
from typing import Any

from psycopg import sql
from psycopg.types.json import Jsonb
from sqlalchemy.orm import Session

from backend.core.database import Base


class Copier:
    """Gathers rows by table and sends them in the order the tables are given, so keys exist first."""

    def __init__(self, db: Session, tables: Iterable[type[Base]]) -> None:
        self._db = db
        self._rows: dict[type[Base], list[Mapping[str, Any]]] = {table: [] for table in tables}

    def add(self, table: type[Base], **row: Any) -> None:
        self._rows[table].append(row)

    def flush(self) -> None:
        """Send what was gathered, in the transaction of the session."""
        connection = self._db.connection().connection.driver_connection
        assert connection is not None
        with connection.cursor() as cursor:
            for table, rows in self._rows.items():
                if not rows:
                    continue
                names = list(rows[0])
                statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
                    sql.Identifier(table.__tablename__), sql.SQL(", ").join(map(sql.Identifier, names))
                )
                with cursor.copy(statement) as copy:
                    for row in rows:
                        copy.write_row([_as_sent(row[name]) for name in names])
                rows.clear()


def _as_sent(value: Any) -> Any:
    return Jsonb(value) if isinstance(value, dict | list) else value
