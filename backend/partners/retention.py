"""How long applications are kept that nobody hands in."""

from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from backend.audit import service as audit
from backend.city import City
from backend.core.actor import SYSTEM
from backend.partners.models import OPEN, UnitApplication, UnitDocument


def forget_untouched_applications(db: Session, *, city: City, now: datetime) -> int:
    """Begun or returned, and then left alone: they go with their reviews and documents, whose files are
    swept after them. Gives how many."""
    over = now - timedelta(days=city.membership.untouched_kept_days)
    query = select(UnitApplication.id).where(
        UnitApplication.state.in_(OPEN), UnitApplication.changed_at < over
    )
    ids = db.scalars(query.with_for_update(skip_locked=True)).all()
    db.execute(delete(UnitDocument).where(UnitDocument.application_id.in_(ids)))
    db.execute(delete(UnitApplication).where(UnitApplication.id.in_(ids)))
    subject = ("unit_applications", "untouched")
    audit.record(
        db, "unit_applications.forgotten", subject=subject, actor=SYSTEM, now=now, applications=len(ids)
    )
    return len(ids)
