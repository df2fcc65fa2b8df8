"""The office decides on a draft; what it approves is published at once or at a set time."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from backend.audit import service as audit
from backend.core.actor import SYSTEM, Actor
from backend.core.errors import DomainError
from backend.core.ids import new_id
from backend.incentives.content import as_stored, columns_of, complete, read_content
from backend.incentives.drafting import check_whole, lock_at, note
from backend.incentives.errors import DraftOutdated, OwnDraft
from backend.incentives.models import (
    DraftState,
    Incentive,
    IncentiveDraft,
    IncentiveShop,
    IncentiveState,
    QuotaCount,
    QuotaRule,
)
from backend.incentives.versions import SCOPES, record_version
from backend.partners.queries import check_is_active, get_unit_name

# Above every number that a city's files give.
NEXT_NUMBER = text("SELECT nextval('incentive_numbers')")


def approve_draft(
    db: Session, draft_id: UUID, *, revision: int, publish_at: datetime | None, actor: Actor, now: datetime
) -> IncentiveDraft:
    """Without `publish_at`, or with a time that has come, it is published with the approval."""
    draft = _lock_for_decision(db, draft_id, revision, actor)
    check_whole(db, draft)
    draft.state, draft.reviewer_id, draft.decided_at = DraftState.APPROVED, actor.id, now
    draft.publish_at = publish_at or now
    db.flush()
    note(db, "incentive_draft.approved", draft, actor, now, revision=revision)
    if draft.publish_at <= now:
        publish_draft(db, draft, actor=actor, now=now)
    return draft


def return_draft(
    db: Session,
    draft_id: UUID,
    *,
    revision: int,
    reasons: Sequence[dict[str, Any]],
    actor: Actor,
    now: datetime,
) -> IncentiveDraft:
    """Back to its author, with a reason for each field that is wrong, or for the whole."""
    draft = _lock_for_decision(db, draft_id, revision, actor)
    draft.state, draft.reviewer_id, draft.decided_at = DraftState.RETURNED, actor.id, now
    draft.reasons = list(reasons)
    db.flush()
    note(db, "incentive_draft.returned", draft, actor, now, revision=revision)
    return draft


def publish_due(db: Session, *, now: datetime, limit: int) -> int:
    """Publish approved drafts whose time has come; gives how many. Two jobs at once share them."""
    due = (
        select(IncentiveDraft)
        .where(IncentiveDraft.state == DraftState.APPROVED, IncentiveDraft.publish_at <= now)
        .order_by(IncentiveDraft.publish_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    drafts = db.scalars(due).all()
    for draft in drafts:
        try:
            with db.begin_nested():
                check_whole(db, draft)
                publish_draft(db, draft, actor=SYSTEM, now=now)
        except DomainError as refusal:
            # Such as a shop that has closed since: its unit looks at it again.
            draft.state, draft.reasons = DraftState.RETURNED, [{"field": None, "reason": refusal.detail}]
            note(db, "incentive_draft.not_published", draft, SYSTEM, now, refusal=refusal.code)
    return len(drafts)


def publish_draft(db: Session, draft: IncentiveDraft, *, actor: Actor, now: datetime) -> Incentive:
    """Make an approved draft, whose row is locked, what holds from now on: a new version."""
    check_is_active(db, draft.unit_id)
    values = read_content(draft.content)
    if draft.incentive_id is None:
        incentive = _add(db, draft, values, now)
    else:
        incentive = _change(db, draft, values, now)
    _raise_quotas(db, incentive.id, values)
    _move_shops(db, incentive.id, values["shop_ids"])
    draft.incentive_id, draft.state = incentive.id, DraftState.PUBLISHED
    record_version(db, incentive, content=as_stored(complete(values)), now=now)
    db.flush()
    audit.record(
        db,
        "incentive.published",
        subject=("incentive", incentive.id),
        actor=actor,
        now=now,
        number=incentive.number,
        version=incentive.version,
        draft=str(draft.id),
    )
    return incentive


def _lock_for_decision(db: Session, draft_id: UUID, revision: int, actor: Actor) -> IncentiveDraft:
    draft = lock_at(db, draft_id, revision, actor, (DraftState.SUBMITTED,))
    if actor.id in (draft.author_id, draft.edited_by):
        raise OwnDraft
    return draft


def _add(db: Session, draft: IncentiveDraft, values: dict[str, Any], now: datetime) -> Incentive:
    incentive = Incentive(
        id=new_id(),
        number=db.scalar(NEXT_NUMBER),
        version=1,
        state=IncentiveState.PUBLISHED,
        unit_id=draft.unit_id,
        unit_name=get_unit_name(db, draft.unit_id),
        example=False,
        published_at=now,
        **columns_of(values),
    )
    db.add(incentive)
    db.flush()
    return incentive


def _change(db: Session, draft: IncentiveDraft, values: dict[str, Any], now: datetime) -> Incentive:
    changed = db.scalars(
        update(Incentive)
        .where(Incentive.id == draft.incentive_id, Incentive.version == draft.base_version)
        .values(**columns_of(values), version=Incentive.version + 1, published_at=now)
        .returning(Incentive)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if changed is None:
        raise DraftOutdated
    return changed


def _raise_quotas(db: Session, incentive_id: UUID, values: dict[str, Any]) -> None:
    """Counts that began keep what was taken; the CHECK holds it within the quota. A quota raised since
    the draft was written stays raised."""
    for name, scope in SCOPES.items():
        quota = values.get(name)
        if quota is None:
            continue
        rule = insert(QuotaRule).values(incentive_id=incentive_id, scope=scope, quota=quota)
        raised = rule.on_conflict_do_update(
            index_elements=["incentive_id", "scope"], set_={"quota": quota}, where=QuotaRule.quota < quota
        )
        db.execute(raised)
        db.execute(
            update(QuotaCount)
            .where(QuotaCount.incentive_id == incentive_id, QuotaCount.scope == scope)
            .where(QuotaCount.quota < quota)
            .values(quota=quota)
        )


def _move_shops(db: Session, incentive_id: UUID, shop_ids: Sequence[UUID]) -> None:
    db.execute(
        delete(IncentiveShop).where(
            IncentiveShop.incentive_id == incentive_id, IncentiveShop.shop_id.not_in(shop_ids)
        )
    )
    rows = [{"incentive_id": incentive_id, "shop_id": shop_id} for shop_id in shop_ids]
    db.execute(insert(IncentiveShop).values(rows).on_conflict_do_nothing())
