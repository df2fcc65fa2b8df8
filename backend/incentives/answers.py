"""How the console's routes show drafts, versions and running incentives."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from flask import current_app
from sqlalchemy.orm import Session

from backend.city.serving import current_city
from backend.incentives import draft_queries
from backend.incentives.content import columns_of, read_content
from backend.incentives.differences import changes_between, wording_for
from backend.incentives.models import Form, Incentive, IncentiveDraft, IncentiveVersion
from backend.incentives.queries import shops_named
from backend.incentives.schemas import as_detail
from backend.incentives.versions import content_of
from backend.partners.queries import get_unit_name, unit_names
from backend.web.context import current_actor
from backend.web.transaction import request_session

CountUses = Callable[[Session, Sequence[UUID], UUID], dict[UUID, int]]
NOBODY = UUID(int=0)


def shown_drafts(drafts: Sequence[IncentiveDraft]) -> list[dict[str, Any]]:
    names = unit_names(request_session(), {draft.unit_id for draft in drafts})
    return [_listed(draft, names) for draft in drafts]


def shown_draft(draft: IncentiveDraft) -> dict[str, Any]:
    db, actor = request_session(), current_actor()
    before: dict[str, Any] = {}
    if draft.incentive_id and draft.base_version is not None:
        before = content_of(db, draft_queries.get_published(db, draft.incentive_id))
    wording = wording_for(db, current_city(), [before, draft.content])
    return {
        **_listed(draft, unit_names(db, [draft.unit_id])),
        "base_version": draft.base_version,
        "revision": draft.revision,
        "content": read_content(draft.content),
        "changes": changes_between(wording, before, draft.content),
        "reasons": draft.reasons,
        "author": draft_queries.name_of(db, draft.author_id, actor),
        "edited_by": draft_queries.name_of(db, draft.edited_by, actor),
        "reviewer": draft_queries.name_of(db, draft.reviewer_id, actor),
        "is_own": actor.id in (draft.author_id, draft.edited_by),
        "decided_at": draft.decided_at,
    }


def shown_running(incentives: Sequence[Incentive]) -> list[dict[str, Any]]:
    db, ids = request_session(), [incentive.id for incentive in incentives]
    taken = draft_queries.claimed(db, ids)
    used: dict[UUID, int] | None = None
    # The office sees no redemptions: they are rows about residents at a unit's shops.
    if unit_id := current_actor().unit_id:
        count_uses: CountUses = current_app.extensions["count_uses"]
        used = count_uses(db, ids, unit_id)
    return [
        {
            **{name: getattr(incentive, name) for name in RUNNING},
            "quota": row.quota if row else None,
            "claimed": (row.taken or 0) if row else None,
            "used": None if used is None else used.get(incentive.id, 0),
        }
        for incentive in incentives
        for row in [taken.get(incentive.id)]
    ]


def shown_running_one(incentive: Incentive) -> dict[str, Any]:
    db = request_session()
    return {
        **shown_running([incentive])[0],
        "content": read_content(content_of(db, incentive)),
        "stopped_by": incentive.stopped_by,
        "stopped_because": incentive.stopped_because,
        "open_draft_id": draft_queries.find_open_draft(db, incentive.id),
    }


def shown_versions(versions: Sequence[IncentiveVersion]) -> dict[str, Any]:
    """Newest first, each with what it changed."""
    contents = [version.content for version in versions]
    wording = wording_for(request_session(), current_city(), contents)
    return {
        "items": [
            {
                "version": version.version,
                "published_at": version.published_at,
                "changes": changes_between(wording, before, version.content),
            }
            for version, before in zip(versions, [*contents[1:], {}], strict=False)
        ]
    }


def shown_preview(content: dict[str, Any], *, unit_id: UUID, today: date) -> dict[str, Any]:
    """Exactly what the resident's page would be given, blank where nothing is written yet."""
    db = request_session()
    blank = {**dict.fromkeys(TEXTS, ""), "form": Form.VOUCHER, "terms": [], "limit_times": 1}
    days = {"valid_from": today, "valid_until": today}
    written = {name: value for name, value in columns_of(content).items() if value is not None}
    incentive = Incentive(
        **{**dict.fromkeys(columns_of(content)), **blank, **days, "limit_period": "ever", **written},
        id=NOBODY,
        number=0,
        unit_id=unit_id,
        unit_name=get_unit_name(db, unit_id),
        example=False,
    )
    shops = shops_named(db, unit_id, content.get("shop_ids", []))
    return as_detail(incentive, left=content.get("quota_total"), shops=shops)


def _listed(draft: IncentiveDraft, names: dict[UUID, str]) -> dict[str, Any]:
    return {
        **{name: getattr(draft, name) for name in LISTED},
        **{name: draft.content.get(name) for name in ("category", "form")},
        "title": draft.content.get("title") or "",
        "unit": {"id": draft.unit_id, "name": names[draft.unit_id]},
    }


LISTED = ("id", "incentive_id", "state", "created_at", "edited_at", "submitted_at", "publish_at")
TEXTS = ("title", "summary", "category", "benefit_kind", "benefit", "cost_bearer")
RUNNING = (
    "id",
    "number",
    "title",
    "form",
    "category",
    "state",
    "version",
    "unit_id",
    "unit_name",
    "valid_from",
    "valid_until",
    "published_at",
)
