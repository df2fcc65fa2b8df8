"""Writing a draft and handing it in: by a unit, or by the office for one."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from backend.audit import service as audit
from backend.core.actor import Actor
from backend.core.ids import new_id
from backend.incentives import draft_queries
from backend.incentives.content import QUOTAS, as_stored, find_gaps, read_content
from backend.incentives.errors import DraftIncomplete, DraftNotInThatState, DraftStale
from backend.incentives.models import OPEN_STATES, DraftState, IncentiveDraft
from backend.incentives.versions import content_of
from backend.partners.queries import open_shops_of

WRITABLE = (DraftState.DRAFT, DraftState.RETURNED)
WITH_THE_OFFICE = (DraftState.SUBMITTED, DraftState.APPROVED)


def begin_draft(
    db: Session,
    *,
    unit_id: UUID,
    incentive_id: UUID | None,
    content: dict[str, Any],
    actor: Actor,
    now: datetime,
) -> IncentiveDraft:
    """A new incentive, or a change of one that was published: it begins with what holds now."""
    base_version = None
    stored = as_stored(content)
    if incentive_id:
        incentive = draft_queries.get_incentive(db, incentive_id, actor)
        base_version = incentive.version
        stored = {**content_of(db, incentive), **stored}
    assert actor.id is not None
    draft = IncentiveDraft(
        id=new_id(),
        incentive_id=incentive_id,
        base_version=base_version,
        unit_id=unit_id,
        content=stored,
        state=DraftState.DRAFT,
        revision=1,
        author_id=actor.id,
        edited_by=actor.id,
        reasons=[],
        created_at=now,
        edited_at=now,
    )
    db.add(draft)
    db.flush()
    note(db, "incentive_draft.begun", draft, actor, now)
    return draft


def save_draft(
    db: Session, draft_id: UUID, *, revision: int, content: dict[str, Any], actor: Actor, now: datetime
) -> IncentiveDraft:
    """Replace what is written. Whoever began from an older revision is shown the newer one."""
    assert actor.id is not None
    draft = lock_at(db, draft_id, revision, actor, WRITABLE)
    draft.content, draft.edited_by, draft.edited_at = as_stored(content), actor.id, now
    draft.revision += 1
    db.flush()
    note(db, "incentive_draft.saved", draft, actor, now, revision=draft.revision)
    return draft


def submit_draft(
    db: Session, draft_id: UUID, *, revision: int, actor: Actor, now: datetime
) -> IncentiveDraft:
    draft = lock_at(db, draft_id, revision, actor, WRITABLE)
    check_whole(db, draft)
    draft.state, draft.submitted_at, draft.reasons = DraftState.SUBMITTED, now, []
    note(db, "incentive_draft.submitted", draft, actor, now, revision=draft.revision)
    return draft


def withdraw_draft(db: Session, draft_id: UUID, *, actor: Actor, now: datetime) -> IncentiveDraft:
    """Take it back from the office, to write on."""
    draft = draft_queries.lock_draft(db, draft_id, actor)
    check_state(draft, WITH_THE_OFFICE)
    draft.state, draft.publish_at = DraftState.DRAFT, None
    note(db, "incentive_draft.taken_back", draft, actor, now)
    return draft


def discard_draft(db: Session, draft_id: UUID, *, actor: Actor, now: datetime) -> None:
    draft = draft_queries.lock_draft(db, draft_id, actor)
    check_state(draft, OPEN_STATES)
    draft.state = DraftState.WITHDRAWN
    note(db, "incentive_draft.discarded", draft, actor, now)


def check_whole(db: Session, draft: IncentiveDraft) -> None:
    """Refuse what lacks something, names a shop of others, or gives less than was promised."""
    values = read_content(draft.content)
    own = {shop.id for shop in open_shops_of(db, draft.unit_id)}
    promised = None
    if draft.incentive_id:
        promised = content_of(db, draft_queries.get_published(db, draft.incentive_id))
    errors = find_faults(values, own_shops=own, promised=promised)
    if errors:
        raise DraftIncomplete(errors={f"content.{name}": texts for name, texts in errors.items()})


def find_faults(
    values: dict[str, Any], *, own_shops: Collection[UUID], promised: Mapping[str, Any] | None
) -> dict[str, list[str]]:
    """What keeps values from being handed in, by field. `promised` is what the incentive holds now."""
    errors = find_gaps(values)
    if not errors and not set(values["shop_ids"]) <= set(own_shops):
        errors["shop_ids"] = ["只能选本单位还在营业的门店。"]
    return errors | _less_than_promised(values, promised) if promised else errors


def _less_than_promised(values: dict[str, Any], promised: Mapping[str, Any]) -> dict[str, list[str]]:
    errors = {
        name: [f"现在是 {promised[name]}，只能增加。"]
        for name in QUOTAS
        if promised[name] is not None and (values.get(name) is None or values[name] < promised[name])
    }
    if values.get("form") != promised["form"]:
        errors["form"] = ["发布以后不能改形式，请另建一个项目。"]
    return errors


def lock_at(
    db: Session, draft_id: UUID, revision: int, actor: Actor, states: tuple[DraftState, ...]
) -> IncentiveDraft:
    """The draft as the caller saw it; DraftStale when somebody saved it since."""
    draft = draft_queries.lock_draft(db, draft_id, actor)
    if draft.revision != revision:
        raise DraftStale(
            newer={
                "revision": draft.revision,
                "state": draft.state,
                "edited_at": draft.edited_at.isoformat(),
                "edited_by": draft_queries.name_of(db, draft.edited_by, actor),
                "content": draft.content,
            }
        )
    check_state(draft, states)
    return draft


def check_state(draft: IncentiveDraft, states: tuple[DraftState, ...]) -> None:
    if draft.state not in states:
        raise DraftNotInThatState(state=draft.state)


def note(
    db: Session, action: str, draft: IncentiveDraft, actor: Actor, now: datetime, **data: object
) -> None:
    subject = ("incentive_draft", draft.id)
    unit, incentive = str(draft.unit_id), draft.incentive_id and str(draft.incentive_id)
    audit.record(db, action, subject=subject, actor=actor, now=now, unit=unit, incentive=incentive, **data)
