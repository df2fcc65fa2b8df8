"""What waits for the office's decision, and how much of it for too long."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from backend.city import City
from backend.city.in_force import value_of
from backend.city.settings import DECIDED_WITHIN
from backend.core.actor import Actor
from backend.core.clock import day_in_china
from backend.incentives.draft_queries import drafts_waiting_since
from backend.partners.queries import applications_waiting_since
from backend.reports.queries import count_unsettled
from backend.sources.watching import count_alerts


def count_waiting(
    db: Session, *, actor: Actor, city: City, now: datetime
) -> dict[str, dict[str, int] | None]:
    """By kind: how many there are, and how many of them have waited longer than the aim. A report waits for
    its unit, by the city's own number of days; a source for somebody to ask, which a district does not do."""
    days = city.working_days
    within = value_of(DECIDED_WITHIN)

    def counted(waiting_since: Sequence[datetime]) -> dict[str, int]:
        due = [days.add(day_in_china(moment), within) for moment in waiting_since]
        return {"count": len(due), "overdue": sum(day < day_in_china(now) for day in due)}

    return {
        "unit_applications": counted(applications_waiting_since(db, actor=actor)),
        "incentive_drafts": counted(drafts_waiting_since(db, actor)),
        "reports": count_unsettled(db, actor=actor, today=day_in_china(now)),
        "sources": None if actor.district else count_alerts(db, city=city, now=now),
    }
