"""The yearly re-check: a member unit confirms how it is, and its commitment, anew.

What is as it was needs nobody's decision: the unit's word is enough. What has changed goes to the office,
and counts once it is accepted. The next re-check begins with the acceptance of this one.
"""

from dataclasses import asdict, dataclass, field, fields
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from backend.audit import service as audit
from backend.city import City
from backend.city.membership_files import RECHECK, Requirement
from backend.core.actor import Actor
from backend.core.clock import day_in_china
from backend.core.errors import NotFound
from backend.core.ids import new_id
from backend.core.keys import KeyRing, LiveKeys
from backend.partners import committing, duties, queries
from backend.partners.applying import MISSING, NO_DOCUMENT, field_of
from backend.partners.errors import RecheckDecided, RecheckIncomplete, RecheckNotDue, UnknownReason
from backend.partners.models import (
    RecheckState,
    Unit,
    UnitApplication,
    UnitDuty,
    UnitRecheck,
    UnitState,
)

# A unit that is to mend what it wrote has at least so long.
TIME_TO_MEND = timedelta(days=14)
# A suspended unit may be overdue, and this is how it gets back.
RECHECKED = (UnitState.ACTIVE, UnitState.SUSPENDED)


@dataclass(frozen=True)
class Facts:
    """How a unit is, in its own words. The unified code is another unit's name, so it is not among them."""

    unit_name: str | None = None
    category: str | None = None
    contact: str | None = None
    phone: str | None = None
    answers: dict[str, str] = field(default_factory=dict)


def facts_of(db: Session, unit: Unit) -> Facts:
    """As last accepted: with a re-check, or with the application."""
    accepted = select(UnitRecheck).where(UnitRecheck.state == RecheckState.ACCEPTED)
    query = accepted.where(UnitRecheck.unit_id == unit.id).order_by(UnitRecheck.submitted_at.desc())
    known: UnitRecheck | UnitApplication | None = db.scalars(query.limit(1)).first()
    if known is None:
        known = db.scalars(select(UnitApplication).where(UnitApplication.unit_id == unit.id)).one_or_none()
    if known is None:
        return Facts(unit_name=unit.name, category=unit.category)
    return Facts(unit.name, unit.category, known.contact, known.phone, dict(known.answers))


def asked(city: City) -> list[Requirement]:
    """What the unit confirms: all that it wrote when it applied, and what is asked each year."""
    texts = [each for each in city.membership.asked_at("application") if each.kind == "text"]
    return [*texts, *city.membership.asked_at("yearly")]


def submit_recheck(
    db: Session,
    *,
    unit_id: UUID,
    facts: Facts,
    version: str,
    signer_name: str,
    signer_position: str,
    keys: KeyRing | LiveKeys,
    city: City,
    actor: Actor,
    now: datetime,
) -> UnitRecheck:
    """Confirm or change the facts, and sign the commitment anew."""
    unit = queries.lock_unit(db, unit_id)
    duty = duties.find_open(db, unit.id, RECHECK)
    if unit.state not in RECHECKED or duty is None or day_in_china(now) < duties.opens_on(duty, city):
        raise RecheckNotDue
    wrong = mistakes(facts, duty, city)
    if wrong:
        raise RecheckIncomplete(errors=wrong)
    changed = changes(facts_of(db, unit), facts, city)
    signing: dict[str, Any] = {"signer_name": signer_name, "signer_position": signer_position}
    committing.sign_anew(db, unit, version=version, **signing, keys=keys, city=city, actor=actor, now=now)
    duties.close(db, duty, actor=actor, now=now)
    recheck = UnitRecheck(
        id=new_id(),
        duty_id=duty.id,
        unit_id=unit.id,
        state=RecheckState.SUBMITTED if changed else RecheckState.ACCEPTED,
        unit_name=facts.unit_name,
        category=facts.category,
        answers=facts.answers,
        changed=changed,
        submitted_by=actor.id,
        submitted_at=now,
        decided_at=None if changed else now,
    )
    recheck.contact, recheck.phone = facts.contact, facts.phone
    db.add(recheck)
    db.flush()
    _note(db, "unit_recheck.submitted", recheck, actor, now, fields=changed)
    if not changed:
        _accepted(db, recheck, city, actor, now)
    return recheck


def accept_recheck(db: Session, recheck_id: UUID, *, actor: Actor, city: City, now: datetime) -> UnitRecheck:
    """What the unit has changed holds from now on."""
    recheck = _take(db, recheck_id, actor)
    unit = queries.lock_unit(db, recheck.unit_id)
    unit.name, unit.category = recheck.unit_name, recheck.category
    recheck.state, recheck.decided_by, recheck.decided_at = RecheckState.ACCEPTED, actor.id, now
    db.flush()
    _accepted(db, recheck, city, actor, now)
    return recheck


def return_recheck(
    db: Session, recheck_id: UUID, *, reasons: dict[str, str], actor: Actor, city: City, now: datetime
) -> UnitRecheck:
    """The unit is to do it again, and has time for it."""
    known = {each.name for each in fields(Facts)} - {"answers"} | {field_of(each) for each in asked(city)}
    unknown = {name: [UnknownReason.detail] for name in reasons if name not in known}
    if unknown:
        raise UnknownReason(errors=unknown)
    recheck = _take(db, recheck_id, actor)
    recheck.state, recheck.reasons = RecheckState.RETURNED, reasons
    recheck.decided_by, recheck.decided_at = actor.id, now
    db.flush()
    day = max(recheck.duty.due_on, day_in_china(now) + TIME_TO_MEND)
    duties.open_again(db, recheck.duty, due_on=day, reason=None)
    _note(db, "unit_recheck.returned", recheck, actor, now, fields=sorted(reasons))
    return recheck


def list_rechecks(db: Session, unit_id: UUID) -> list[UnitRecheck]:
    """The newest first."""
    query = select(UnitRecheck).where(UnitRecheck.unit_id == unit_id)
    return list(db.scalars(query.order_by(UnitRecheck.submitted_at.desc(), UnitRecheck.id.desc())))


def units_waiting() -> Select[UUID]:
    """The ids of units whose re-check waits for the office, for other queries to narrow themselves by."""
    return select(UnitRecheck.unit_id).where(UnitRecheck.state == RecheckState.SUBMITTED)


def mistakes(facts: Facts, duty: UnitDuty, city: City) -> dict[str, list[str]]:
    wrong = {name: [MISSING] for name, value in asdict(facts).items() if name != "answers" and not value}
    if facts.category and facts.category not in {each.code for each in city.categories}:
        wrong["category"] = ["没有这个类别。"]
    texts = {each.code for each in asked(city) if each.kind == "text"}
    wrong |= {f"answers.{code}": ["没有这一项。"] for code in facts.answers if code not in texts}
    given = {code for code, answer in facts.answers.items() if answer}
    given |= {document.requirement for document in duty.documents}
    for each in asked(city):
        if not each.optional and each.code not in given:
            wrong[field_of(each)] = [NO_DOCUMENT if each.kind == "document" else MISSING]
    return wrong


def changes(before: Facts, after: Facts, city: City) -> list[str]:
    """The fields that differ. What is asked each year differs each year, and is no change."""
    names = [each.name for each in fields(Facts) if each.name != "answers"]
    changed = [name for name in names if getattr(before, name) != getattr(after, name)]
    codes = [each.code for each in city.membership.asked_at("application") if each.kind == "text"]
    answers = (before.answers, after.answers)
    return changed + [
        f"answers.{code}" for code in codes if len({each.get(code, "") for each in answers}) > 1
    ]


def _take(db: Session, recheck_id: UUID, actor: Actor) -> UnitRecheck:
    """One that waits for a decision, held."""
    query = select(UnitRecheck).where(UnitRecheck.id == recheck_id).with_for_update()
    recheck = db.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if recheck is None:
        raise NotFound
    queries.get_unit_of_office(db, recheck.unit_id, actor=actor)
    if recheck.state != RecheckState.SUBMITTED:
        raise RecheckDecided
    return recheck


def _accepted(db: Session, recheck: UnitRecheck, city: City, actor: Actor, now: datetime) -> None:
    duties.begin_recheck(db, recheck.unit_id, city=city, now=now)
    _note(db, "unit_recheck.accepted", recheck, actor, now)


def _note(
    db: Session, action: str, recheck: UnitRecheck, actor: Actor, now: datetime, **data: object
) -> None:
    subject = ("unit_recheck", recheck.id)
    audit.record(db, action, subject=subject, actor=actor, now=now, unit_id=str(recheck.unit_id), **data)
