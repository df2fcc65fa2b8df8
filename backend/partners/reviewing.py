"""What the office decides about an application: return it with reasons, or approve it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.orm import Session

from backend.accounts import joining
from backend.audit import service as audit
from backend.city import City
from backend.core.actor import Actor
from backend.core.ids import new_id
from backend.core.jobs import defer
from backend.partners import duties, jobs, queries
from backend.partners.applying import fields_of, is_code_right
from backend.partners.errors import ApplicationDecided, CodeNotConfirmed, UnknownReason
from backend.partners.models import (
    ApplicationState,
    Decision,
    Unit,
    UnitApplication,
    UnitChange,
    UnitReview,
    UnitState,
)


def return_application(
    db: Session,
    application_id: UUID,
    *,
    version: int,
    reasons: dict[str, str],
    actor: Actor,
    city: City,
    now: datetime,
) -> UnitApplication:
    """Give it back to the applicant, who is told by mail what to mend."""
    unknown = {name: [UnknownReason.detail] for name in reasons if name not in fields_of(city)}
    if unknown:
        raise UnknownReason(errors=unknown)
    application = _take(db, application_id, version, actor)
    application.state, application.changed_at = ApplicationState.RETURNED, now
    _decide(db, application, Decision.RETURNED, actor, now, reasons=reasons)
    application.link_sent_at = now
    defer(db, jobs.send_application_link, application_id=str(application.id))
    return application


def approve_application(
    db: Session,
    application_id: UUID,
    *,
    version: int,
    code_reason: str | None,
    actor: Actor,
    city: City,
    now: datetime,
) -> UnitApplication:
    """Make the unit a member, and invite the contact to manage it. It becomes active by its commitment."""
    application = _take(db, application_id, version, actor)
    is_right = is_code_right(application.unified_code)
    if not is_right and not code_reason:
        raise CodeNotConfirmed(errors={"code_reason": [CodeNotConfirmed.detail]})
    unit = _new_unit(application, now)
    db.add(unit)
    db.flush()
    application.state, application.unit_id, application.changed_at = ApplicationState.APPROVED, unit.id, now
    application.token_hash = None
    reason = None if is_right else code_reason
    _decide(db, application, Decision.APPROVED, actor, now, code_reason=reason)
    db.add(UnitChange(unit_id=unit.id, to_state=unit.state, account_id=actor.id, changed_at=now))
    duties.begin_with_approval(db, unit, city=city, now=now)
    audit.record(db, "unit.approved", subject=("unit", unit.id), actor=actor, now=now)
    joining.invite_first_of_unit(
        db,
        unit.id,
        email=application.email or "",
        name=application.contact or "",
        actor=actor,
        now=now,
    )
    return application


def _take(db: Session, application_id: UUID, version: int, actor: Actor) -> UnitApplication:
    """The submission that was read, held; told apart from one that has changed since."""
    application = queries.get_application(db, application_id, actor=actor)
    held = (
        update(UnitApplication)
        .where(
            UnitApplication.id == application.id,
            UnitApplication.state == ApplicationState.SUBMITTED,
            UnitApplication.version == version,
        )
        .values(version=UnitApplication.version)
        .returning(UnitApplication.id)
    )
    if db.scalar(held) is None:
        raise ApplicationDecided
    db.refresh(application)
    return application


def _new_unit(application: UnitApplication, now: datetime) -> Unit:
    assert application.unit_name is not None
    assert application.category is not None
    return Unit(
        id=new_id(),
        key=None,
        name=application.unit_name,
        unified_code=application.unified_code,
        category=application.category,
        district=application.district,
        example=False,
        state=UnitState.APPROVED,
        joined_at=now,
    )


def _decide(
    db: Session,
    application: UnitApplication,
    decision: Decision,
    actor: Actor,
    now: datetime,
    *,
    reasons: dict[str, str] | None = None,
    code_reason: str | None = None,
) -> None:
    review = UnitReview(
        id=new_id(),
        application_id=application.id,
        version=application.version,
        decision=decision,
        reasons=reasons or {},
        code_reason=code_reason,
        account_id=actor.id,
        decided_at=now,
    )
    application.reviews.append(review)
    db.flush()
    audit.record(
        db,
        f"unit_application.{decision}",
        subject=("unit_application", application.id),
        actor=actor,
        now=now,
        version=application.version,
        fields=sorted(review.reasons),
    )
