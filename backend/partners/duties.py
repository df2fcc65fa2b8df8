"""What a member unit has to do by a day: begun by the city's requirements, handed in by the unit.

A day that is over has no consequence by itself. The office sees it, and a person decides: another day, or
a suspension.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ColumnElement, Select, exists, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session, selectinload

from backend.audit import service as audit
from backend.city import City
from backend.city.membership_files import RECHECK
from backend.core.actor import Actor
from backend.core.clock import day_in_china
from backend.core.errors import NotFound
from backend.core.ids import new_id
from backend.partners import queries
from backend.partners.errors import DutyDayNotLater, DutyNotOpen, DutyWithoutDocument
from backend.partners.models import Commitment, Unit, UnitDuty, UnitState


class DutyKind(StrEnum):
    """Of which kind something is, for the office's list."""

    DOCUMENTS = "documents"
    RECHECK = "recheck"


LONGEST_EXTENSION = timedelta(days=365)
# A closed unit has nothing to do any more; a suspended one may become active again.
MEMBERS = (UnitState.APPROVED, UnitState.ACTIVE, UnitState.SUSPENDED)


def begin_with_approval(db: Session, unit: Unit, *, city: City, now: datetime) -> None:
    for asked in city.membership.asked_at("approval"):
        assert asked.days is not None
        begin(db, unit.id, asked.code, due_on=day_in_china(now) + timedelta(days=asked.days), now=now)


def begin_recheck(db: Session, unit_id: UUID, *, city: City, now: datetime) -> None:
    due_on = day_in_china(now) + timedelta(days=city.membership.recheck_every_days)
    begin(db, unit_id, RECHECK, due_on=due_on, now=now)


def begin_missing_rechecks(db: Session, *, city: City, now: datetime) -> None:
    """For active units that signed before there were re-checks."""
    under_way = exists().where(UnitDuty.unit_id == Unit.id, UnitDuty.what == RECHECK)
    signed = exists().where(Commitment.unit_id == Unit.id, Commitment.ended_at.is_(None))
    for unit_id in db.scalars(select(Unit.id).where(Unit.state == UnitState.ACTIVE, signed, ~under_way)):
        begin_recheck(db, unit_id, city=city, now=now)


def opens_on(duty: UnitDuty, city: City) -> date:
    """A re-check is not for any time: it is done shortly before its day, or after."""
    if duty.what != RECHECK:
        return day_in_china(duty.begun_at)
    return duty.due_on - timedelta(days=max(city.membership.remind_days_before))


def begin(db: Session, unit_id: UUID, what: str, *, due_on: date, now: datetime) -> None:
    """Nothing happens when the same is open already."""
    row = {"id": new_id(), "unit_id": unit_id, "what": what, "due_on": due_on, "begun_at": now}
    db.execute(insert(UnitDuty).values(row).on_conflict_do_nothing())


def hand_in(db: Session, duty_id: UUID, *, unit_id: UUID, actor: Actor, now: datetime) -> UnitDuty:
    """The unit says that all documents are there; from then on they stay as they are."""
    duty = lock_open(db, duty_id, unit_id=unit_id)
    if not duty.documents:
        raise DutyWithoutDocument
    close(db, duty, actor=actor, now=now)
    return duty


def close(db: Session, duty: UnitDuty, *, actor: Actor, now: datetime) -> None:
    duty.handed_in_at = now
    _note(db, "unit_duty.handed_in", duty, actor, now)


def set_day(
    db: Session, duty_id: UUID, *, due_on: date, reason: str, actor: Actor, now: datetime
) -> UnitDuty:
    """Give the unit more time or, when it has handed in what will not do, ask once more."""
    duty = _lock(db, UnitDuty.id == duty_id)
    queries.get_unit_of_office(db, duty.unit_id, actor=actor)
    today = day_in_china(now)
    if not today < due_on <= today + LONGEST_EXTENSION:
        raise DutyDayNotLater(errors={"due_on": [DutyDayNotLater.detail]})
    if duty.handed_in_at and duty.what == RECHECK:
        raise DutyNotOpen
    action = "unit_duty.asked_again" if duty.handed_in_at else "unit_duty.extended"
    open_again(db, duty, due_on=due_on, reason=reason)
    _note(db, action, duty, actor, now)
    return duty


def open_again(db: Session, duty: UnitDuty, *, due_on: date, reason: str | None) -> None:
    """The unit is reminded of the new day as of the first."""
    duty.due_on, duty.reason, duty.handed_in_at, duty.told_days = due_on, reason, None, None
    db.flush()


def lock_open(db: Session, duty_id: UUID, *, unit_id: UUID) -> UnitDuty:
    duty = _lock(db, UnitDuty.id == duty_id, UnitDuty.unit_id == unit_id)
    if duty.handed_in_at:
        raise DutyNotOpen
    return duty


def find_open(db: Session, unit_id: UUID, what: str) -> UnitDuty | None:
    """Held until the transaction ends."""
    mine = (UnitDuty.unit_id == unit_id, UnitDuty.what == what, UnitDuty.handed_in_at.is_(None))
    return db.scalars(select(UnitDuty).where(*mine).with_for_update()).one_or_none()


def list_duties(db: Session, unit_id: UUID) -> Sequence[UnitDuty]:
    """What is open first, by its day; then what was handed in last."""
    query = select(UnitDuty).where(UnitDuty.unit_id == unit_id).options(selectinload(UnitDuty.documents))
    return db.scalars(query.order_by(UnitDuty.handed_in_at.desc().nulls_first(), UnitDuty.due_on)).all()


def units_overdue(today: date, kind: DutyKind) -> Select[UUID]:
    """The ids of members with something of this kind overdue, for other queries to narrow themselves by."""
    is_recheck = UnitDuty.what == RECHECK
    query = select(UnitDuty.unit_id).where(UnitDuty.handed_in_at.is_(None), UnitDuty.due_on < today)
    query = query.join(UnitDuty.unit).where(Unit.state.in_(MEMBERS))
    return query.where(is_recheck if kind is DutyKind.RECHECK else ~is_recheck)


def overdue_of(db: Session, units: Sequence[Unit], today: date) -> dict[UUID, list[str]]:
    """What is overdue, unit by unit; of those that are members still."""
    ids = [unit.id for unit in units if unit.state in MEMBERS]
    query = select(UnitDuty.unit_id, UnitDuty.what).where(
        UnitDuty.unit_id.in_(ids), UnitDuty.handed_in_at.is_(None), UnitDuty.due_on < today
    )
    found: dict[UUID, list[str]] = defaultdict(list)
    for unit_id, what in db.execute(query.order_by(UnitDuty.due_on)):
        found[unit_id].append(what)
    return found


def _lock(db: Session, *conditions: ColumnElement[bool]) -> UnitDuty:
    query = select(UnitDuty).where(*conditions).with_for_update()
    duty = db.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if duty is None:
        raise NotFound
    return duty


def _note(db: Session, action: str, duty: UnitDuty, actor: Actor, now: datetime) -> None:
    about = {"unit_id": str(duty.unit_id), "what": duty.what, "due_on": duty.due_on.isoformat()}
    audit.record(db, action, subject=("unit_duty", duty.id), actor=actor, now=now, **about)
