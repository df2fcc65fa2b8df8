"""Which running processes there are and which key ring each of them goes by.

A key may be used only when everybody can read with it, and taken away only when nobody uses it any
more. Every process therefore says here which ring it has taken up, and says it again and again.
"""

import os
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import psycopg
from sqlalchemy import func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from backend.core.database import Base

# Whoever was not heard of for so long is gone, or asks for the ring before it uses a key again.
LEASE = timedelta(seconds=15)
REMEMBERED = timedelta(hours=1)

_SAY = """
    INSERT INTO key_readers (id, host, pid, ring) VALUES (%(id)s, %(host)s, %(pid)s, %(ring)s)
    ON CONFLICT (id) DO UPDATE SET ring = excluded.ring, seen_at = now()
"""
_FORGET = "DELETE FROM key_readers WHERE id = %s OR seen_at < now() - %s"


class KeyReader(Base):
    """A running process and the fingerprint of the ring it goes by. Times are the database's own."""

    __tablename__ = "key_readers"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    host: Mapped[str]
    pid: Mapped[int]
    ring: Mapped[str]
    seen_at: Mapped[datetime] = mapped_column(server_default=func.now())


@dataclass(frozen=True)
class Register:
    """One process's own entry, over a short connection of its own: requests never wait for it."""

    database_url: str
    reader_id: UUID

    def say(self, ring: str) -> None:
        """Tell which ring this process goes by; psycopg.Error when the database does not hear it."""
        entry = {"id": self.reader_id, "host": socket.gethostname(), "pid": os.getpid(), "ring": ring}
        with self._connect() as connection:
            connection.execute(_SAY, entry)

    def leave(self) -> None:
        """Take the entry away, and those of processes that are long gone."""
        with self._connect() as connection:
            connection.execute(_FORGET, (self.reader_id, REMEMBERED))

    def _connect(self) -> psycopg.Connection:
        options = "-c search_path=public -c statement_timeout=2000 -c lock_timeout=2000"
        return psycopg.connect(self.database_url, autocommit=True, connect_timeout=2, options=options)


def list_readers(db: Session) -> Sequence[KeyReader]:
    """The processes that are running now, as far as they were heard of within the lease."""
    alive = KeyReader.seen_at > func.now() - LEASE
    return db.scalars(
        select(KeyReader).where(alive).order_by(KeyReader.host, KeyReader.pid),
        execution_options={"populate_existing": True},
    ).all()
