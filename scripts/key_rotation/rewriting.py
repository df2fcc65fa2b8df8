"""Writing everything anew that stands under an earlier key, in batches, beside running requests.

A row says itself under which key it stands, so a run that was killed is taken up where it ended. Rows
that a request holds at the moment are passed over and come in the next round: nobody waits for us but
for the length of a batch, and we wait for nobody, so there is no deadlock.
"""

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, bindparam, func, select, text, update
from sqlalchemy.exc import OperationalError

from backend.core.encryption import Vault
from backend.core.indexes import REWRITING
from backend.core.keys import KeyRing
from backend.core.keys.turning import Role
from scripts.key_rotation.personal import Personal, key_in_use, personal_tables

ROWS_AT_ONCE = 500
NEXT_ROUND_AFTER_S = 0.2
# Whoever needs an index waits behind us while we wait for those who use one, so we do not wait long.
LOCK_WITHIN = "100ms"
LOCK_NOT_AVAILABLE = "55P03"

Told = Callable[[int], Any]


@dataclass(frozen=True)
class Rewriting:
    """The tables of a role and the key under which all they hold is to stand."""

    engine: Engine
    role: Role
    vault: Vault
    key_id: int
    rows_at_once: int = ROWS_AT_ONCE

    @classmethod
    def under(
        cls, ring: KeyRing, role: Role, engine: Engine, rows_at_once: int = ROWS_AT_ONCE
    ) -> "Rewriting":
        return cls(engine, role, Vault(ring), key_in_use(ring, role), rows_at_once)

    @property
    def tables(self) -> list[Personal]:
        return personal_tables(self.role)

    def count_stale(self) -> int:
        """How many rows hold something under an earlier key. Sees what was committed, all of it."""
        with self.engine.begin() as connection:
            self._keep_others_out(connection, patiently=True)
            counts = [
                connection.scalar(
                    select(func.count()).select_from(each.table).where(each.is_stale(self.key_id))
                )
                for each in self.tables
            ]
        return sum(count or 0 for count in counts)

    def run(self, told: Told) -> None:
        """Write rows anew until none is stale; `told` hears how many were done."""
        for each in self.tables:
            while self._round(each, told):
                time.sleep(NEXT_ROUND_AFTER_S)

    def _round(self, each: Personal, told: Told) -> bool:
        """Once through the table in the order of its key; tells whether stale rows are left."""
        after: Any = None
        while True:
            with self.engine.begin() as connection:
                if not self._keep_others_out(connection):
                    return True
                rows = self._lock_stale(connection, each, after)
                if rows:
                    self._renew(connection, each, rows)
            if not rows:
                break
            after = rows[-1][0]
            told(len(rows))
        with self.engine.connect() as connection:
            stale = select(each.row_id).where(each.is_stale(self.key_id)).limit(1)
            return connection.execute(stale).first() is not None

    def _keep_others_out(self, connection: Connection, *, patiently: bool = False) -> bool:
        """Alone with the indexes until the transaction ends; False when others use them too long."""
        connection.execute(text("SET LOCAL statement_timeout = 0"))
        if self.role is not Role.INDEX:
            return True
        if not patiently:
            connection.execute(text(f"SET LOCAL lock_timeout = '{LOCK_WITHIN}'"))
        try:
            connection.execute(select(func.pg_advisory_xact_lock(*REWRITING)))
        except OperationalError as error:
            if getattr(error.orig, "sqlstate", None) != LOCK_NOT_AVAILABLE:
                raise
            connection.rollback()
            return False
        return True

    def _lock_stale(self, connection: Connection, each: Personal, after: Any) -> list[Any]:
        wanted = select(each.row_id, *(part.column for part in each.columns))
        wanted = wanted.where(each.is_stale(self.key_id)).order_by(each.row_id).limit(self.rows_at_once)
        if after is not None:
            wanted = wanted.where(each.row_id > after)
        return list(connection.execute(wanted.with_for_update(skip_locked=True)).all())

    def _renew(self, connection: Connection, each: Personal, rows: list[Any]) -> None:
        names = [f"new_{part.column.name}" for part in each.columns]
        change = update(each.table).where(each.row_id == bindparam("row"))
        change = change.values(
            {part.column.name: bindparam(name) for part, name in zip(each.columns, names, strict=True)}
        )
        connection.execute(change, [{"row": row[0], **self._renewed(each, row, names)} for row in rows])

    def _renewed(self, each: Personal, row: Any, names: list[str]) -> dict[str, Any]:
        return {
            name: value
            if value is None or part.stands_under(value) == self.key_id
            else part.renewed(self.vault, row[0], value)
            for part, name, value in zip(each.columns, names, row[1:], strict=True)
        }


def count_by_key(engine: Engine, role: Role) -> dict[int, int]:
    """How many cells or indexes stand under each key."""
    counts: Counter[int] = Counter()
    with engine.connect() as connection:
        connection.execute(text("SET LOCAL statement_timeout = 0"))
        for each in personal_tables(role):
            for part in each.columns:
                key_id = part.key_id()
                query = select(key_id, func.count()).where(part.column.is_not(None)).group_by(key_id)
                for found, count in connection.execute(query):
                    counts[int.from_bytes(found, "big")] += count
    return dict(counts)
