"""How many residents there are, have a score and came lately, by district: for the office's figures."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from backend.identity.queries import came_since
from backend.scoring.models import Residence, Score


def count_residents(db: Session, *, active_since: datetime) -> Sequence[Row[str, int, int, int]]:
    """(district, residents, those with a score, those who signed in since a moment)."""
    active = came_since(active_since)
    query = (
        select(Residence.district, func.count(), func.count(Score.resident_id), func.count(active.c.id))
        .outerjoin(Score, Score.resident_id == Residence.resident_id)
        .outerjoin(active, active.c.id == Residence.resident_id)
        .group_by(Residence.district)
    )
    return db.execute(query).all()
