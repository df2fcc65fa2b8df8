"""A unit's way through its states. What is legal stands in `models.UNIT_CHANGES` and in the database."""

from datetime import datetime

from sqlalchemy.orm import Session

from backend.audit import service as audit
from backend.core.actor import Actor
from backend.partners.errors import UnitNotOpen
from backend.partners.models import UNIT_CHANGES, Unit, UnitChange, UnitState


def move(
    db: Session, unit: Unit, to_state: UnitState, *, reason: str | None, actor: Actor, now: datetime
) -> None:
    """Change the state of a unit that is held, and write down who did it and why."""
    before = UnitState(unit.state)
    if (before, to_state) not in UNIT_CHANGES:
        raise UnitNotOpen
    unit.state = to_state
    change = {"from_state": before, "to_state": to_state, "reason": reason}
    db.add(UnitChange(unit_id=unit.id, account_id=actor.id, changed_at=now, **change))
    db.flush()
    audit.record(
        db, f"unit.became_{to_state}", subject=("unit", unit.id), actor=actor, now=now, before=before
    )
