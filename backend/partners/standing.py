"""A unit's way through its states. What is legal stands in `models.UNIT_CHANGES` and in the database."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from blinker import Signal
from sqlalchemy.orm import Session

from backend.audit import service as audit
from backend.core.actor import Actor
from backend.partners import queries
from backend.partners.errors import NotInThatUnitState
from backend.partners.models import UNIT_CHANGES, Unit, UnitChange, UnitState


@dataclass(frozen=True)
class UnitStop:
    """What receivers of the signals below are told."""

    unit_id: UUID
    reason: str
    actor: Actor
    now: datetime


# Sent with `stop`, in the transaction of the decision.
unit_suspended = Signal()
unit_closed = Signal()


def suspend_unit(db: Session, unit_id: UUID, *, reason: str, actor: Actor, now: datetime) -> Unit:
    """Take the unit and what it offers off the public pages; what residents hold stays good."""
    unit = queries.lock_unit_of_office(db, unit_id, actor=actor)
    move(db, unit, UnitState.SUSPENDED, reason=reason, actor=actor, now=now)
    unit_suspended.send(db, stop=UnitStop(unit.id, reason, actor, now))
    return unit


def lift_suspension(db: Session, unit_id: UUID, *, actor: Actor, now: datetime) -> Unit:
    """The unit is back; its incentives stay paused until somebody resumes each."""
    unit = queries.lock_unit_of_office(db, unit_id, actor=actor)
    if unit.state != UnitState.SUSPENDED:
        raise NotInThatUnitState
    move(db, unit, UnitState.ACTIVE, reason=None, actor=actor, now=now)
    return unit


def close_unit(db: Session, unit_id: UUID, *, reason: str, actor: Actor, now: datetime) -> Unit:
    """For good. What it offers ends; what residents hold stays good to its last day."""
    unit = queries.lock_unit_of_office(db, unit_id, actor=actor)
    move(db, unit, UnitState.CLOSED, reason=reason, actor=actor, now=now)
    unit_closed.send(db, stop=UnitStop(unit.id, reason, actor, now))
    return unit


def move(
    db: Session, unit: Unit, to_state: UnitState, *, reason: str | None, actor: Actor, now: datetime
) -> None:
    """Change the state of a unit that is held, and write down who did it and why."""
    before = UnitState(unit.state)
    if (before, to_state) not in UNIT_CHANGES:
        raise NotInThatUnitState
    unit.state = to_state
    change = {"from_state": before, "to_state": to_state, "reason": reason}
    db.add(UnitChange(unit_id=unit.id, account_id=actor.id, changed_at=now, **change))
    db.flush()
    audit.record(
        db, f"unit.became_{to_state}", subject=("unit", unit.id), actor=actor, now=now, before=before
    )
