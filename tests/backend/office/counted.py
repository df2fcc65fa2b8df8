"""The days counted, as the job counts them."""

from datetime import date

from sqlalchemy.orm import Session

from backend.core.clock import Clock, day_in_china
from backend.office import counting


def count(db: Session, clock: Clock) -> date:
    """Bring the figures up to now; gives today. Commits."""
    now = clock.now()
    for day in counting.days_to_count(db, now=now):
        counting.count_day(db, day, now=now)
    db.commit()
    return day_in_china(now)
