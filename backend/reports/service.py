"""What becomes of a report: a resident makes it, the unit answers, the office closes it."""

from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from backend.audit import service as audit
from backend.city import City
from backend.core.actor import Actor
from backend.core.clock import day_in_china
from backend.core.ids import new_id
from backend.core.jobs import defer
from backend.identity.queries import get_bound_resident
from backend.incentives.queries import holds_at
from backend.partners.queries import get_any_shop
from backend.reports import jobs, queries
from backend.reports.errors import ImpossibleDay, NotHeldThere, NotOpen, UnknownReason
from backend.reports.models import Outcome, Report, ReportState

REMEMBERED = timedelta(days=90)


def make_report(
    db: Session,
    *,
    resident_id: UUID,
    incentive_id: UUID,
    shop_id: UUID,
    reason: str,
    text: str | None,
    happened_on: date | None,
    city: City,
    actor: Actor,
    now: datetime,
) -> Report:
    """One report of a resident about an incentive and a shop runs at a time."""
    get_bound_resident(db, resident_id)
    _check(city, reason, happened_on, day_in_china(now))
    if not holds_at(db, incentive_id, shop_id):
        raise NotHeldThere(errors={"shop_id": [NotHeldThere.detail]})
    report = Report(
        id=new_id(),
        resident_id=resident_id,
        incentive_id=incentive_id,
        shop_id=shop_id,
        unit_id=get_any_shop(db, shop_id).unit_id,
        reason=reason,
        happened_on=happened_on,
        made_at=now,
        due_on=city.working_days.add(day_in_china(now), city.reports.answered_within),
    )
    report.text = text
    db.add(report)
    db.flush()
    _note(
        db, "report.made", report, actor, now, shop=str(shop_id), incentive=str(incentive_id), reason=reason
    )
    return report


def answer_report(db: Session, report_id: UUID, *, answer: str, actor: Actor, now: datetime) -> Report:
    """What the unit says it did, once; the resident is told."""
    report = queries.lock_report(db, report_id, actor=actor)
    if report.state != ReportState.OPEN:
        raise NotOpen
    report.state, report.answered_at, report.answered_by = ReportState.ANSWERED, now, actor.id
    report.answer = answer
    _note(db, "report.answered", report, actor, now)
    db.flush()
    defer(db, jobs.tell_resident, report_id=str(report.id), state=ReportState.ANSWERED)
    return report


def close_report(
    db: Session, report_id: UUID, *, outcome: Outcome, note: str | None, actor: Actor, now: datetime
) -> Report:
    """For good, answered or not; the resident is told."""
    report = queries.lock_report(db, report_id, actor=actor)
    if report.state == ReportState.CLOSED:
        raise NotOpen
    report.state, report.closed_at, report.closed_by = ReportState.CLOSED, now, actor.id
    report.outcome, report.note = outcome, note
    _note(db, "report.closed", report, actor, now, outcome=outcome)
    db.flush()
    defer(db, jobs.tell_resident, report_id=str(report.id), state=ReportState.CLOSED)
    return report


def _check(city: City, reason: str, happened_on: date | None, today: date) -> None:
    if reason not in {each.code for each in city.reports.reasons}:
        raise UnknownReason(errors={"reason": [UnknownReason.detail]})
    if happened_on and not today - REMEMBERED <= happened_on <= today:
        raise ImpossibleDay(errors={"happened_on": [ImpossibleDay.detail]})


def _note(db: Session, action: str, report: Report, actor: Actor, now: datetime, **data: str) -> None:
    audit.record(db, action, subject=("report", report.id), actor=actor, now=now, **data)
