"""Making sure that every running process has come along before the next step of replacing a key."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from backend.core.keys import KeyRing
from backend.core.keys.readers import KeyReader, list_readers

LOOK_EVERY_S = 0.2

# All that run in this database. To a role that is not the owner PostgreSQL hides what kind of process it is.
TRANSACTIONS = text(
    """
    SELECT locks.virtualtransaction FROM pg_locks AS locks JOIN pg_stat_activity AS activity USING (pid)
    WHERE locks.locktype = 'virtualxid' AND locks.pid <> pg_backend_pid()
      AND activity.datname = current_database()
      AND coalesce(activity.backend_type, 'client backend') = 'client backend'
    """
)

Told = Callable[[int, int], None]


class NotAllAlong(RuntimeError):
    """Some processes did not take up the ring in time; `readers` are those."""

    def __init__(self, readers: Sequence[KeyReader]) -> None:
        super().__init__("not all processes have taken up the key ring")
        self.readers = readers


@dataclass(frozen=True)
class Waiting:
    """`settle_s` is the longest that a request may hold a value it made before it writes it down."""

    engine: Engine
    settle_s: float
    patience_s: float

    def for_readers(self, ring: KeyRing, told: Told, *, within_s: float | None = None) -> None:
        """Until every running process goes by this very ring; NotAllAlong when that takes too long."""
        end = time.monotonic() + (self.patience_s if within_s is None else within_s)
        while True:
            with Session(self.engine) as db:
                readers = list_readers(db)
            behind = [reader for reader in readers if reader.ring != ring.fingerprint]
            told(len(readers) - len(behind), len(readers))
            if not behind:
                return
            if time.monotonic() >= end:
                raise NotAllAlong(behind)
            time.sleep(LOOK_EVERY_S)

    def for_those_under_way(self, told: Told) -> None:
        """Until whatever was begun with the ring before is done: requests, and all their transactions."""
        end = time.monotonic() + self.settle_s
        while (left := end - time.monotonic()) > 0:
            told(round(self.settle_s - left), round(self.settle_s))
            time.sleep(min(LOOK_EVERY_S, left))
        begun = self._transactions()
        while begun & self._transactions():
            time.sleep(LOOK_EVERY_S)

    def _transactions(self) -> set[str]:
        with self.engine.connect() as connection:
            return set(connection.scalars(TRANSACTIONS))
