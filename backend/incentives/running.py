"""While an incentive runs: pausing, resuming, ending, and adding to its quota."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from backend.audit import service as audit
from backend.core.actor import SYSTEM, Actor, ActorKind
from backend.core.errors import NotFound
from backend.incentives.errors import NotInThatState, PausedByOffice
from backend.incentives.models import Incentive, IncentiveState, QuotaCount, QuotaRule, QuotaScope
from backend.partners.queries import check_is_active
from backend.partners.standing import UnitStop

LIVING = (IncentiveState.PUBLISHED, IncentiveState.PAUSED)


def pause_incentive(
    db: Session, incentive_id: UUID, *, reason: str | None, actor: Actor, now: datetime
) -> Incentive:
    """Take it off the list; what people already hold stays good. The office may take over a unit's pause."""
    may_be = Incentive.state == IncentiveState.PUBLISHED
    if actor.kind is ActorKind.OFFICE:
        may_be |= (Incentive.state == IncentiveState.PAUSED) & (Incentive.stopped_by == ActorKind.PARTNER)
    return _set_state(db, incentive_id, may_be, IncentiveState.PAUSED, reason, actor, now)


def resume_incentive(db: Session, incentive_id: UUID, *, actor: Actor, now: datetime) -> Incentive:
    paused = db.execute(
        select(Incentive.stopped_by, Incentive.unit_id).where(
            Incentive.id == incentive_id, Incentive.state == IncentiveState.PAUSED
        )
    ).one_or_none()
    if paused and paused.stopped_by == ActorKind.OFFICE and actor.kind is not ActorKind.OFFICE:
        raise PausedByOffice
    if paused and paused.unit_id:
        check_is_active(db, paused.unit_id)
    may_be = Incentive.state == IncentiveState.PAUSED
    return _set_state(db, incentive_id, may_be, IncentiveState.PUBLISHED, None, actor, now)


def end_incentive(db: Session, incentive_id: UUID, *, reason: str, actor: Actor, now: datetime) -> Incentive:
    """For good; what people already hold stays good to its last day."""
    may_be = Incentive.state.in_(LIVING)
    return _set_state(db, incentive_id, may_be, IncentiveState.ENDED, reason, actor, now)


def end_those_over(db: Session, *, today: date, now: datetime, limit: int) -> int:
    """End what had its last day; gives how many."""
    over = (
        select(Incentive.id)
        .where(Incentive.state.in_(LIVING), Incentive.valid_until < today)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    ended = db.scalars(
        update(Incentive)
        .where(Incentive.id.in_(over))
        .values(state=IncentiveState.ENDED)
        .returning(Incentive.id)
    ).all()
    for incentive_id in ended:
        audit.record(db, "incentive.ended", subject=("incentive", incentive_id), actor=SYSTEM, now=now)
    return len(ended)


def pause_with_unit(db: Session, *, stop: UnitStop) -> None:
    """When the office suspends a unit; a unit cannot resume what the office has paused."""
    for incentive_id in _living_of(db, stop.unit_id, not_paused_by_office=True):
        pause_incentive(db, incentive_id, reason=stop.reason, actor=stop.actor, now=stop.now)


def end_with_unit(db: Session, *, stop: UnitStop) -> None:
    """When the office closes a unit."""
    for incentive_id in _living_of(db, stop.unit_id):
        end_incentive(db, incentive_id, reason=stop.reason, actor=stop.actor, now=stop.now)


def _living_of(db: Session, unit_id: UUID, *, not_paused_by_office: bool = False) -> Sequence[UUID]:
    query = select(Incentive.id).where(Incentive.unit_id == unit_id, Incentive.state.in_(LIVING))
    if not_paused_by_office:
        query = query.where(Incentive.stopped_by.is_distinct_from(ActorKind.OFFICE))
    return db.scalars(query.order_by(Incentive.id).with_for_update()).all()


def raise_quota(db: Session, incentive_id: UUID, *, by: int, actor: Actor, now: datetime) -> int:
    """Add to the total while it runs; gives the new total. A quota is never lowered."""
    if by <= 0:
        raise ValueError("a quota is only raised")
    state = db.scalar(select(Incentive.state).where(Incentive.id == incentive_id).with_for_update())
    if state is None:
        raise NotFound
    if state not in LIVING:
        raise NotInThatState
    raised = db.execute(
        update(QuotaRule)
        .where(QuotaRule.incentive_id == incentive_id, QuotaRule.scope == QuotaScope.TOTAL)
        .values(quota=QuotaRule.quota + by)
        .returning(QuotaRule.quota)
    ).scalar()
    if raised is None:
        raise NotInThatState
    db.execute(
        update(QuotaCount)
        .where(QuotaCount.incentive_id == incentive_id, QuotaCount.scope == QuotaScope.TOTAL)
        .values(quota=raised)
    )
    subject = ("incentive", incentive_id)
    audit.record(db, "incentive.quota_raised", subject=subject, actor=actor, now=now, quota=raised, by=by)
    return raised


def id_of(db: Session, number: int) -> UUID:
    """The office's command line names incentives by their number."""
    found = db.scalar(select(Incentive.id).where(Incentive.number == number))
    if found is None:
        raise NotFound
    return found


def _set_state(
    db: Session,
    incentive_id: UUID,
    may_be: ColumnElement[bool],
    after: IncentiveState,
    reason: str | None,
    actor: Actor,
    now: datetime,
) -> Incentive:
    is_running = after is IncentiveState.PUBLISHED
    incentive = db.scalars(
        update(Incentive)
        .where(Incentive.id == incentive_id, may_be)
        .values(
            state=after,
            stopped_by=None if is_running else actor.kind,
            stopped_because=None if is_running else reason,
        )
        .returning(Incentive)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if incentive is None:
        known = db.scalar(select(Incentive.id).where(Incentive.id == incentive_id))
        raise NotInThatState if known else NotFound
    subject = ("incentive", incentive.id)
    audit.record(db, f"incentive.{after}", subject=subject, actor=actor, now=now, number=incentive.number)
    return incentive
