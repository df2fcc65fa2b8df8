"""Good rows become drafts, and drafts that nobody has touched go again."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from backend.core.actor import Actor
from backend.core.errors import DomainError
from backend.core.ids import new_id
from backend.incentives.content import read_content
from backend.incentives.drafting import begin_draft, note, save_draft, submit_draft
from backend.incentives.models import DraftState, IncentiveDraft
from backend.incentives.sheets.judging import Judged, Outcome
from backend.incentives.sheets.models import SheetImport


def take_rows(
    db: Session, sheet: SheetImport, judged: Sequence[Judged], *, actor: Actor, now: datetime
) -> None:
    _make_drafts(db, sheet, [each for each in judged if each.outcome is Outcome.NEW], actor, now)
    for each in judged:
        if each.outcome is Outcome.CHANGED:
            _change(db, sheet, each, actor, now)


def remove_untouched(db: Session, sheet: SheetImport, *, limit: int) -> Sequence[Any]:
    """Some drafts of a sheet that are as it left them; gives their ids."""
    some = (
        IncentiveDraft.__table__.select()
        .with_only_columns(IncentiveDraft.id)
        .where(IncentiveDraft.sheet_import_id == sheet.id, IncentiveDraft.revision == 1)
        .where(IncentiveDraft.state.in_((DraftState.DRAFT, DraftState.SUBMITTED)))
        .where(IncentiveDraft.reviewer_id.is_(None))
        .limit(limit)
    )
    gone = delete(IncentiveDraft).where(IncentiveDraft.id.in_(some)).returning(IncentiveDraft.id)
    return db.scalars(gone).all()


def _make_drafts(
    db: Session, sheet: SheetImport, rows: Sequence[Judged], actor: Actor, now: datetime
) -> None:
    """In one go. Another import that makes the same drafts at the same time waits here, and makes none."""
    if not rows:
        return
    # Ids of one moment come in any order; these shall be in the sheet's.
    ids = sorted(new_id() for _row in rows)
    drafts = [_new(draft_id, sheet, row, actor, now) for draft_id, row in zip(ids, rows, strict=True)]
    columns = [column.key for column in IncentiveDraft.__table__.columns]
    values = [{name: getattr(draft, name) for name in columns} for draft in drafts]
    made = (
        insert(IncentiveDraft)
        .on_conflict_do_nothing(
            index_elements=["unit_id", "sheet_digest"],
            # In words: a value bound to it would no longer fit the index once the plan is kept.
            index_where=text("state <> 'withdrawn' AND sheet_digest IS NOT NULL"),
        )
        .returning(IncentiveDraft.id)
    )
    kept = set(db.scalars(made, values))
    for draft in drafts:
        if draft.id in kept:
            note(db, "incentive_draft.begun", draft, actor, now, sheet=str(sheet.id))
            if sheet.submits:
                note(db, "incentive_draft.submitted", draft, actor, now, revision=1)
    sheet.drafts_made += len(kept)
    sheet.drafts_submitted += len(kept) if sheet.submits else 0


def _new(draft_id: UUID, sheet: SheetImport, row: Judged, actor: Actor, now: datetime) -> IncentiveDraft:
    return IncentiveDraft(
        id=draft_id,
        unit_id=row.unit_id,
        content=row.content,
        state=DraftState.SUBMITTED if sheet.submits else DraftState.DRAFT,
        revision=1,
        author_id=actor.id,
        edited_by=actor.id,
        reasons=[],
        created_at=now,
        edited_at=now,
        submitted_at=now if sheet.submits else None,
        sheet_import_id=sheet.id,
        sheet_digest=row.digest,
    )


def _change(db: Session, sheet: SheetImport, row: Judged, actor: Actor, now: datetime) -> None:
    """Write over the open draft, or begin one. Who came in between keeps what they did."""
    assert row.target
    assert row.unit_id
    told: dict[str, Any] = {"actor": actor, "now": now}
    try:
        with db.begin_nested():
            if draft := row.target.draft:
                save_draft(db, draft.id, revision=draft.revision, content=read_content(row.content), **told)
            else:
                assert row.target.incentive
                incentive_id = row.target.incentive.id
                draft = begin_draft(db, unit_id=row.unit_id, incentive_id=incentive_id, content={}, **told)
                draft.content, draft.sheet_import_id = row.content, sheet.id
            if sheet.submits:
                submit_draft(db, draft.id, revision=draft.revision, **told)
    except (DomainError, IntegrityError):
        return
    sheet.drafts_made += row.target.draft is None
    sheet.drafts_changed += row.target.draft is not None
    sheet.drafts_submitted += sheet.submits
