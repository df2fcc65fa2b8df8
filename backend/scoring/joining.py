"""Somebody joins while records about them are being delivered: one of the two waits for the other.

Without that, a delivery that does not see the new resident yet would leave records to wait for somebody
who has just come to fetch them.
"""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

# Held in common by who joins, alone by a delivery; until the transaction ends.
DELIVERING = 7_305_002


def await_deliveries(db: Session) -> None:
    db.execute(select(func.pg_advisory_xact_lock_shared(DELIVERING)))


def await_joining(db: Session) -> None:
    """Also keeps deliveries from each other: records come in one part of a batch after the other."""
    db.execute(select(func.pg_advisory_xact_lock(DELIVERING)))
