"""Reads of reports: a resident's own, a unit's, those of the office's district."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select, true
from sqlalchemy.orm import Session

from backend.core.actor import Actor
from backend.core.errors import NotFound
from backend.partners.shop_queries import ids_looked_after_by
from backend.reports.models import Report, ReportState


@dataclass(frozen=True)
class WantedReports:
    """What a list is narrowed to; None means any. `overdue_on` asks for what was due before that day."""

    state: str | None = None
    shop_id: UUID | None = None
    unit_id: UUID | None = None
    overdue_on: date | None = None


def list_own(db: Session, *, before: UUID | None, limit: int) -> Sequence[Report]:
    """Of the resident for whom the transaction works: the database's guard is the only filter, since no
    request can read whose a report is."""
    query = select(Report)
    if before:
        query = query.where(Report.id < before)
    return db.scalars(query.order_by(Report.id.desc()).limit(limit)).all()


def get_own(db: Session, report_id: UUID) -> Report:
    """As `list_own`."""
    return _one(db.scalars(select(Report).where(Report.id == report_id)).one_or_none())


def looked_after_by(actor: Actor) -> ColumnElement[bool]:
    """Of the own unit, of a shop in the own district, or all."""
    if actor.unit_id:
        return Report.unit_id == actor.unit_id
    return Report.shop_id.in_(ids_looked_after_by(actor)) if actor.district else true()


def list_reports(
    db: Session, wanted: WantedReports, *, actor: Actor, before: UUID | None, limit: int
) -> Sequence[Report]:
    """The newest first."""
    query = _reports(actor)
    for column, value in (
        (Report.state, wanted.state),
        (Report.shop_id, wanted.shop_id),
        (Report.unit_id, wanted.unit_id),
    ):
        if value is not None:
            query = query.where(column == value)
    if wanted.overdue_on:
        query = query.where(Report.state == ReportState.OPEN, Report.due_on < wanted.overdue_on)
    if before:
        query = query.where(Report.id < before)
    return db.scalars(query.order_by(Report.id.desc()).limit(limit)).all()


def get_report(db: Session, report_id: UUID, *, actor: Actor) -> Report:
    return _one(db.scalars(_reports(actor).where(Report.id == report_id)).one_or_none())


def lock_report(db: Session, report_id: UUID, *, actor: Actor) -> Report:
    query = _reports(actor).where(Report.id == report_id).with_for_update()
    return _one(db.scalars(query.execution_options(populate_existing=True)).one_or_none())


def count_unsettled(db: Session, *, actor: Actor, today: date) -> dict[str, int]:
    """How many are not closed, and how many of them the unit should have answered by now."""
    overdue = func.count().filter(Report.state == ReportState.OPEN, Report.due_on < today)
    query = _reports(actor).where(Report.state != ReportState.CLOSED)
    counted = db.execute(query.with_only_columns(func.count(), overdue)).one()
    return {"count": counted[0], "overdue": counted[1]}


def _reports(actor: Actor) -> Select[Report]:
    return select(Report).where(looked_after_by(actor))


def _one(report: Report | None) -> Report:
    if report is None:
        raise NotFound
    return report
