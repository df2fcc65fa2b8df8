"""Score pages as they were stored: those asked for at the same moment come in one statement."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Engine

from backend.core.batches import Batcher
from backend.core.clock import day_in_china
from backend.core.database import read_on_living_connection

# Each session is judged where every session is, and each page found by the resident it gives. A stored
# score needs no further check: it is there only while its resident consents. OFFSET 0 makes PostgreSQL
# look up each page by itself: not knowing how many are asked for, it would rather read the whole table.
STATEMENT = """
    SELECT entered.resident_id, ready.page
    FROM unnest(%(session_ids)s::uuid[], %(moments)s::timestamptz[], %(days)s::date[])
        WITH ORDINALITY AS asked (session_id, moment, day, position)
    LEFT JOIN LATERAL enter_session(asked.session_id, asked.moment) AS entered ON true
    LEFT JOIN LATERAL (
        SELECT explanation::text AS page FROM scores
        WHERE scores.resident_id = entered.resident_id AND scores.as_of = asked.day
        OFFSET 0
    ) AS ready ON true
    ORDER BY asked.position
"""


@dataclass(frozen=True, slots=True)
class Asked:
    """Whose page is asked for, by the word of the access token, and when."""

    resident_id: UUID
    session_id: UUID
    now: datetime


class ReadyPages:
    """The pages of this process's requests."""

    def __init__(self, engine: Engine) -> None:
        """`engine` sees all rows, and commits each statement."""
        self._engine = engine
        self._batches: Batcher[Asked, str | None] = Batcher("score_page", self._read)

    def find(self, *, resident_id: UUID, session_id: UUID, now: datetime) -> str | None:
        """The answer for today; None where the session is not open or no score of today is stored."""
        return self._batches.submit(Asked(resident_id, session_id, now), keys=())

    def _read(self, asked: Sequence[Asked]) -> list[str | None]:
        arrays: dict[str, Any] = {
            "session_ids": [one.session_id for one in asked],
            "moments": [one.now for one in asked],
            "days": [day_in_china(one.now) for one in asked],
        }
        rows = read_on_living_connection(
            self._engine, lambda connection: connection.exec_driver_sql(STATEMENT, arrays).all()
        )
        return [
            page if resident_id == one.resident_id else None
            for one, (resident_id, page) in zip(asked, rows, strict=True)
        ]
