"""Looking drafts up, and the incentives of a unit or of the office's district."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, literal, select, true, tuple_
from sqlalchemy.orm import Session

from backend.accounts.queries import find_name
from backend.core.actor import Actor
from backend.core.errors import NotFound
from backend.incentives.models import (
    DraftState,
    Incentive,
    IncentiveDraft,
    QuotaCount,
    QuotaRule,
    QuotaScope,
)
from backend.partners.queries import units_in

OFFICE, UNIT = "信用办", "成员单位"


@dataclass(frozen=True)
class Wanted:
    """What a list is narrowed to; None means any."""

    text: str | None = None
    state: str | None = None
    category: str | None = None
    unit_id: UUID | None = None
    district: str | None = None


def looked_after_by(actor: Actor, table: type[Incentive] | type[IncentiveDraft]) -> ColumnElement[bool]:
    """The own unit's, the own district's, or everybody's."""
    if actor.unit_id:
        return table.unit_id == actor.unit_id
    return table.unit_id.in_(units_in(actor.district)) if actor.district else true()


def drafts_waiting_since(db: Session, actor: Actor) -> Sequence[datetime]:
    """When each draft that waits for the office's decision was handed in."""
    query = select(IncentiveDraft.submitted_at).where(IncentiveDraft.state == DraftState.SUBMITTED)
    return [moment for moment in db.scalars(query.where(looked_after_by(actor, IncentiveDraft))) if moment]


def get_draft(db: Session, draft_id: UUID, actor: Actor) -> IncentiveDraft:
    query = select(IncentiveDraft).where(IncentiveDraft.id == draft_id)
    return _one(db.scalars(query.where(looked_after_by(actor, IncentiveDraft))).one_or_none())


def lock_draft(db: Session, draft_id: UUID, actor: Actor) -> IncentiveDraft:
    query = select(IncentiveDraft).where(IncentiveDraft.id == draft_id).with_for_update()
    query = query.where(looked_after_by(actor, IncentiveDraft)).execution_options(populate_existing=True)
    return _one(db.scalars(query).one_or_none())


def get_incentive(db: Session, incentive_id: UUID, actor: Actor) -> Incentive:
    """One that belongs to a unit; what only the city's files name has nobody to change it."""
    query = select(Incentive).where(Incentive.id == incentive_id, Incentive.unit_id.is_not(None))
    found = db.scalars(query.where(looked_after_by(actor, Incentive))).one_or_none()
    if found is None:
        raise NotFound
    return found


def get_published(db: Session, incentive_id: UUID) -> Incentive:
    return db.get_one(Incentive, incentive_id, populate_existing=True)


def find_open_draft(db: Session, incentive_id: UUID) -> UUID | None:
    done = (DraftState.PUBLISHED, DraftState.WITHDRAWN)
    query = select(IncentiveDraft.id).where(IncentiveDraft.incentive_id == incentive_id)
    return db.scalar(query.where(IncentiveDraft.state.not_in(done)))


def list_drafts(
    db: Session, wanted: Wanted, *, actor: Actor, sort: str, after: tuple[Any, ...] | None, limit: int
) -> Sequence[IncentiveDraft]:
    """`sort`: waiting, the longest first, or newest."""
    query = select(IncentiveDraft).where(looked_after_by(actor, IncentiveDraft))
    if wanted.text:
        query = query.where(IncentiveDraft.content["title"].astext.icontains(wanted.text, autoescape=True))
    if wanted.category:
        query = query.where(IncentiveDraft.content["category"].astext == wanted.category)
    query = query.where(*_common(IncentiveDraft, wanted))
    if sort == "newest":
        if after:
            query = query.where(IncentiveDraft.id < after[0])
        return db.scalars(query.order_by(IncentiveDraft.id.desc()).limit(limit)).all()
    key = (IncentiveDraft.submitted_at, IncentiveDraft.id)
    query = query.where(IncentiveDraft.submitted_at.is_not(None))
    if after:
        query = query.where(tuple_(*key) > tuple_(*map(literal, after)))
    return db.scalars(query.order_by(*key).limit(limit)).all()


def list_incentives(
    db: Session, wanted: Wanted, *, actor: Actor, sort: str, after: tuple[Any, ...] | None, limit: int
) -> Sequence[Incentive]:
    """`sort`: newest, or ends, what ends first coming first."""
    query = select(Incentive).where(looked_after_by(actor, Incentive), *_common(Incentive, wanted))
    if wanted.text:
        query = query.where(Incentive.title.icontains(wanted.text, autoescape=True))
    if wanted.category:
        query = query.where(Incentive.category == wanted.category)
    if sort == "ends":
        key = (Incentive.valid_until, Incentive.number)
        if after:
            query = query.where(tuple_(*key) > tuple_(*map(literal, after)))
        return db.scalars(query.order_by(*key).limit(limit)).all()
    if after:
        query = query.where(Incentive.number < after[0])
    return db.scalars(query.order_by(Incentive.number.desc()).limit(limit)).all()


def sort_key(row: Incentive | IncentiveDraft, sort: str) -> tuple[Any, ...]:
    """Where a row stands in a list: what the page after it begins from."""
    if isinstance(row, Incentive):
        return (row.number,) if sort == "newest" else (row.valid_until, row.number)
    return (row.id,) if sort == "newest" else (row.submitted_at, row.id)


def claimed(db: Session, incentive_ids: Sequence[UUID]) -> dict[UUID, Row[UUID, int, int | None]]:
    """By incentive: how many there are in all, and how many of them are taken."""
    query = (
        select(QuotaRule.incentive_id, QuotaRule.quota, QuotaCount.taken)
        .outerjoin(
            QuotaCount,
            (QuotaCount.incentive_id == QuotaRule.incentive_id) & (QuotaCount.scope == QuotaScope.TOTAL),
        )
        .where(QuotaRule.scope == QuotaScope.TOTAL, QuotaRule.incentive_id.in_(incentive_ids))
    )
    return {row.incentive_id: row for row in db.execute(query)}


def name_of(db: Session, account_id: UUID | None, actor: Actor) -> str | None:
    """Who it was. Of the other house one learns the house only."""
    if account_id is None:
        return None
    return find_name(db, account_id) or (OFFICE if actor.unit_id else UNIT)


def _common(table: type[Incentive] | type[IncentiveDraft], wanted: Wanted) -> list[ColumnElement[bool]]:
    conditions = []
    if wanted.state:
        conditions.append(table.state == wanted.state)
    if wanted.unit_id:
        conditions.append(table.unit_id == wanted.unit_id)
    if wanted.district:
        conditions.append(table.unit_id.in_(units_in(wanted.district)))
    return conditions


def _one(draft: IncentiveDraft | None) -> IncentiveDraft:
    if draft is None:
        raise NotFound
    return draft
