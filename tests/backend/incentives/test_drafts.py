"""A unit writes an incentive, somebody else at the office decides, and residents see what was approved."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.audit.models import AuditEvent
from backend.core.clock import ShiftedClock
from backend.core.ids import new_id
from backend.incentives import reviewing
from backend.incentives.models import IncentiveDraft, IncentiveVersion
from backend.partners.models import Shop
from backend.web.application import Application
from tests.factories.answers import refusal
from tests.factories.catalogue import new_incentive, new_shop
from tests.factories.console import Colleague, seat
from tests.factories.drafts import (
    DRAFTS,
    approve,
    begun_draft,
    changed_draft,
    handed_in,
    published,
    submitted_draft,
    whole_content,
)
from tests.factories.journey import Visitor

REVIEW = "/office/incentive-drafts"


@pytest.fixture
def shop(db: Session) -> Shop:
    return new_shop(db)


@pytest.fixture
def editor(db: Session, app: Application, shop: Shop) -> Colleague:
    return seat(db, app, "unit_editor", unit_id=shop.unit_id)


@pytest.fixture
def reviewer(db: Session, app: Application) -> Colleague:
    return seat(db, app, "reviewer")


def shown(visitor: Visitor, incentive_id: str) -> dict[str, Any]:
    answer = visitor.get(f"/public/incentives/{incentive_id}")
    assert answer.status_code == 200, answer.text
    page: dict[str, Any] = answer.json  # type: ignore[assignment]
    return page


def actions(db: Session, draft_id: str) -> list[str]:
    query = select(AuditEvent.action).where(AuditEvent.subject_id == draft_id).order_by(AuditEvent.id)
    return list(db.scalars(query))


def test_what_is_approved_is_what_residents_see(
    db: Session, visitor: Callable[[], Visitor], editor: Colleague, reviewer: Colleague, shop: Shop
) -> None:
    somebody = visitor()
    draft = begun_draft(editor, {"title": "图书馆借阅加倍"})
    assert (draft["state"], draft["revision"]) == ("draft", 1)
    content = whole_content(shop, title=f"借书{new_id()}")
    saved = editor.put(f"{DRAFTS}/{draft['id']}", {"revision": 1, "content": content})
    assert saved.status_code == 200, saved.text
    submitted = handed_in(editor, saved.json)  # type: ignore[arg-type]
    assert somebody.get("/public/incentives", q=content["title"]).json["items"] == []  # type: ignore[index]
    incentive_id = published(reviewer, submitted)
    (found,) = somebody.get("/public/incentives", q=content["title"]).json["items"]  # type: ignore[index]
    assert (found["id"], found["remaining"]) == (incentive_id, 100)
    page = shown(somebody, incentive_id)
    assert [each["id"] for each in page["shops"]] == [str(shop.id)]
    assert page["terms"] == ["本人使用"]
    assert actions(db, draft["id"]) == [
        f"incentive_draft.{done}" for done in ("begun", "saved", "submitted", "approved")
    ]
    assert actions(db, incentive_id) == ["incentive.published"]


def test_the_preview_is_the_very_page_that_residents_get(
    visitor: Callable[[], Visitor], editor: Colleague, reviewer: Colleague, shop: Shop
) -> None:
    content = whole_content(shop)
    answer = editor.post("/partner/incentive-previews", {"content": content})
    assert answer.status_code == 200, answer.text
    preview: dict[str, Any] = answer.json  # type: ignore[assignment]
    page = shown(visitor(), published(reviewer, submitted_draft(editor, shop)))
    assert {**preview, "id": page["id"], "number": page["number"]} == page


def test_a_preview_of_nothing_yet_is_blank(editor: Colleague) -> None:
    answer = editor.post("/partner/incentive-previews", {"content": {}})
    assert answer.status_code == 200, answer.text
    assert (answer.json["title"], answer.json["shops"]) == ("", [])  # type: ignore[index]


def test_nobody_decides_on_what_they_wrote(db: Session, app: Application, shop: Shop) -> None:
    both = seat(db, app, "programme_manager", "reviewer")
    draft: Any = both.post(REVIEW, {"unit_id": str(shop.unit_id), "content": whole_content(shop)}).json
    sent = both.post(f"{REVIEW}/{draft['id']}/submission", {"revision": 1})
    assert sent.json["is_own"] is True  # type: ignore[index]
    refusal(approve(both, draft), 403, "draft.own")
    refusal(
        both.post(f"{REVIEW}/{draft['id']}/return", {"revision": 1, "reasons": [{"reason": "不清楚"}]}),
        403,
        "draft.own",
    )
    published(seat(db, app, "reviewer"), sent.json)  # type: ignore[arg-type]


def test_what_is_incomplete_is_not_taken_and_every_gap_is_named(editor: Colleague, shop: Shop) -> None:
    draft = begun_draft(editor, {"title": "只有名称"})
    answer = editor.post(f"{DRAFTS}/{draft['id']}/submission", {"revision": 1})
    errors = refusal(answer, 422, "draft.incomplete")["errors"]
    assert {"content.form", "content.benefit", "content.shop_ids"} <= set(errors)
    wrong: dict[str, dict[str, Any]] = {
        "level": {"level": "good"},
        "valid_until": {"valid_until": "2019-12-31"},
        "closes_at": {"opens_at": "18:00", "closes_at": "09:00"},
        "quota_per_day": {"quota_per_day": 101},
        "voucher_days": {"voucher_days": None},
    }
    for field, fields in wrong.items():
        draft = begun_draft(editor, whole_content(shop, **fields))
        answer = editor.post(f"{DRAFTS}/{draft['id']}/submission", {"revision": 1})
        assert list(refusal(answer, 422, "draft.incomplete")["errors"]) == [f"content.{field}"]


def test_a_wrong_value_is_refused_when_it_is_saved(editor: Colleague) -> None:
    answer = editor.post(DRAFTS, {"content": {"category": "nothing", "quota_total": 0, "opens_at": "9 点"}})
    errors = refusal(answer, 422, "request.invalid")["errors"]
    assert set(errors) == {"content.category", "content.quota_total", "content.opens_at"}


def test_a_unit_cannot_promise_another_units_shop(db: Session, editor: Colleague, shop: Shop) -> None:
    draft = begun_draft(editor, whole_content(shop, new_shop(db)))
    answer = editor.post(f"{DRAFTS}/{draft['id']}/submission", {"revision": 1})
    assert list(refusal(answer, 422, "draft.incomplete")["errors"]) == ["content.shop_ids"]


def test_who_saves_second_is_shown_the_first(
    db: Session, app: Application, editor: Colleague, shop: Shop
) -> None:
    colleague = seat(db, app, "unit_manager", unit_id=shop.unit_id)
    draft = begun_draft(editor, whole_content(shop))
    path = f"{DRAFTS}/{draft['id']}"
    first = colleague.put(path, {"revision": 1, "content": whole_content(shop, title="同事写的")})
    assert first.status_code == 200
    second = editor.put(path, {"revision": 1, "content": whole_content(shop, title="我写的")})
    newer = refusal(second, 409, "draft.stale")["data"]["newer"]
    assert (newer["revision"], newer["content"]["title"], newer["edited_by"]) == (2, "同事写的", "周敏")
    assert editor.put(path, {"revision": 2, "content": whole_content(shop)}).status_code == 200


def test_what_is_returned_comes_with_reasons_and_can_be_handed_in_again(
    db: Session, editor: Colleague, reviewer: Colleague, shop: Shop
) -> None:
    draft = submitted_draft(editor, shop)
    reasons = [{"field": "terms", "reason": "请写清每次借期"}, {"field": None, "reason": "其他都好"}]
    answer = reviewer.post(f"{REVIEW}/{draft['id']}/return", {"revision": 1, "reasons": reasons})
    assert answer.status_code == 200, answer.text
    seen: Any = editor.get(f"{DRAFTS}/{draft['id']}").json
    assert (seen["state"], seen["reasons"], seen["reviewer"]) == ("returned", reasons, "信用办")
    refusal(approve(reviewer, draft), 409, "draft.not_in_that_state")
    again = editor.put(f"{DRAFTS}/{draft['id']}", {"revision": 1, "content": whole_content(shop)}).json
    published(reviewer, handed_in(editor, again))  # type: ignore[arg-type]


def test_a_draft_that_was_handed_in_is_taken_back_or_given_up(
    editor: Colleague, reviewer: Colleague, shop: Shop
) -> None:
    draft = submitted_draft(editor, shop)
    path = f"{DRAFTS}/{draft['id']}"
    save = {"revision": 1, "content": {}}
    refusal(editor.put(path, save), 409, "draft.not_in_that_state")
    assert editor.post(f"{path}/withdrawal").json["state"] == "draft"  # type: ignore[index]
    refusal(approve(reviewer, draft), 409, "draft.not_in_that_state")
    assert editor.delete(path).status_code == 204
    refusal(editor.put(path, save), 409, "draft.not_in_that_state")


def test_a_change_says_what_it_changes_in_words(
    db: Session, editor: Colleague, reviewer: Colleague, shop: Shop
) -> None:
    incentive_id = published(reviewer, submitted_draft(editor, shop))
    draft = changed_draft(editor, incentive_id, quota_total=150, level="good", score_milli=None)
    changes = {change["field"]: (change["before"], change["after"]) for change in draft["changes"]}
    assert changes == {
        "quota_total": ("100", "150"),
        "level": ("（无）", "信用良好"),
        "score_milli": ("0 分", "（无）"),
    }
    published(reviewer, draft)
    versions: Any = editor.get(f"/partner/incentives/{incentive_id}/versions").json
    assert [each["version"] for each in versions["items"]] == [2, 1]
    assert {change["field"] for change in versions["items"][0]["changes"]} == set(changes)
    kept = db.get_one(IncentiveVersion, (UUID(incentive_id), 1))
    assert kept.content["quota_total"] == 100


def test_an_incentive_is_changed_by_one_draft_at_a_time(db: Session, editor: Colleague, shop: Shop) -> None:
    incentive = new_incentive(db, shops=[shop])
    begun_draft(editor, {}, incentive_id=str(incentive.id))
    answer = editor.post(DRAFTS, {"incentive_id": str(incentive.id)})
    refusal(answer, 409, "draft.open_already")


def test_a_change_takes_nothing_from_a_quota(editor: Colleague, reviewer: Colleague, shop: Shop) -> None:
    incentive_id = published(reviewer, submitted_draft(editor, shop))
    draft = begun_draft(editor, {"quota_total": 99}, incentive_id=incentive_id)
    answer = editor.post(f"{DRAFTS}/{draft['id']}/submission", {"revision": 1})
    assert list(refusal(answer, 422, "draft.incomplete")["errors"]) == ["content.quota_total"]


def test_what_is_approved_for_a_time_is_published_then_and_once(
    db: Session,
    visitor: Callable[[], Visitor],
    editor: Colleague,
    reviewer: Colleague,
    shop: Shop,
    clock: ShiftedClock,
) -> None:
    title = f"定时{new_id()}"
    draft = submitted_draft(editor, shop, title=title)
    at = clock.now() + timedelta(hours=2)
    answer = approve(reviewer, draft, publish_at=at.isoformat())
    assert (answer.status_code, answer.json["state"]) == (200, "approved"), answer.text

    def listed() -> int:
        return len(visitor().get("/public/incentives", q=title).json["items"])  # type: ignore[index]

    reviewing.publish_due(db, now=at - timedelta(seconds=1), limit=100)
    db.commit()
    assert listed() == 0
    for _ in range(2):
        reviewing.publish_due(db, now=at, limit=100)
        db.commit()
    assert listed() == 1


def test_what_cannot_be_published_any_more_goes_back_to_its_unit(
    db: Session, editor: Colleague, reviewer: Colleague, shop: Shop, clock: ShiftedClock
) -> None:
    draft = submitted_draft(editor, shop)
    at = clock.now() + timedelta(hours=1)
    assert approve(reviewer, draft, publish_at=at.isoformat()).status_code == 200
    db.merge(shop).closed_at = clock.now()
    db.flush()
    reviewing.publish_due(db, now=at, limit=100)
    db.commit()
    kept = db.get_one(IncentiveDraft, UUID(draft["id"]), populate_existing=True)
    assert (kept.state, len(kept.reasons)) == ("returned", 1)


def test_lists_show_the_own_house_only(
    db: Session, app: Application, editor: Colleague, reviewer: Colleague, shop: Shop
) -> None:
    draft = submitted_draft(editor, shop)
    stranger = seat(db, app, "unit_editor", unit_id=new_shop(db).unit_id)
    elsewhere = seat(db, app, "reviewer", district="420203")
    nearby = seat(db, app, "reviewer", district="420202")

    def sees(person: Colleague, path: str) -> bool:
        items = person.get(path, sort="newest", limit=200).json["items"]  # type: ignore[index]
        return draft["id"] in {item["id"] for item in items}

    assert sees(editor, DRAFTS)
    assert sees(reviewer, REVIEW)
    assert sees(nearby, REVIEW)
    assert not sees(stranger, DRAFTS)
    assert not sees(elsewhere, REVIEW)
    waiting: Any = nearby.get(REVIEW, sort="waiting", state="submitted", unit_id=str(shop.unit_id)).json
    assert [item["id"] for item in waiting["items"]] == [draft["id"]]
