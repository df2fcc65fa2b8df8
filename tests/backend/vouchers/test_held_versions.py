"""A voucher keeps what it promised when it was claimed, whatever is published after."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy.orm import Session

from backend.partners.models import Shop
from backend.web.application import Application
from tests.factories.answers import refusal
from tests.factories.catalogue import new_shop
from tests.factories.console import Colleague, seat
from tests.factories.drafts import changed_draft, published, submitted_draft
from tests.factories.journey import Visitor

NewVisitor = Callable[[], Visitor]
WORSE = {"benefit": "可借十二本", "terms": ["限周末", "限成人"], "weekdays": None}


@pytest.fixture
def editor(db: Session, app: Application, shop: Shop) -> Colleague:
    return seat(db, app, "unit_editor", unit_id=shop.unit_id)


@pytest.fixture
def reviewer(db: Session, app: Application) -> Colleague:
    return seat(db, app, "reviewer")


@pytest.fixture
def other_shop(db: Session, shop: Shop) -> Shop:
    """Of the same unit."""
    moved = new_shop(db)
    moved.unit_id = shop.unit_id
    db.commit()
    return moved


def test_a_held_voucher_is_shown_and_honoured_by_its_own_version(
    editor: Colleague, reviewer: Colleague, shop: Shop, resident: Visitor, clerk: Visitor
) -> None:
    incentive_id = published(reviewer, submitted_draft(editor, shop))
    held: Any = resident.claim(incentive_id).json
    assert held["offer"]["benefit"] == "可借二十本"
    published(reviewer, changed_draft(editor, incentive_id, **WORSE))
    assert resident.get(f"/resident/vouchers/{held['id']}").json["offer"] == held["offer"]  # type: ignore[index]
    code = resident.show(voucher_id=held["id"])
    verdict: Any = clerk.post("/merchant/validations", {"code": code}).json
    assert (verdict["entitled"], verdict["offer"]) == (True, held["offer"])
    answer = clerk.redeem(code)
    assert (answer.status_code, answer.json["offer"]) == (201, held["offer"])  # type: ignore[index]
    (row,) = clerk.get("/merchant/redemptions").json["items"]  # type: ignore[index]
    assert row["offer"] == held["offer"]


def test_who_claims_after_a_change_gets_the_new_version(
    editor: Colleague, reviewer: Colleague, shop: Shop, resident: Visitor, clerk: Visitor
) -> None:
    incentive_id = published(reviewer, submitted_draft(editor, shop))
    published(reviewer, changed_draft(editor, incentive_id, **WORSE))
    held: Any = resident.claim(incentive_id).json
    assert held["offer"]["benefit"] == WORSE["benefit"]
    answer = clerk.redeem(resident.show(voucher_id=held["id"]))
    assert (answer.status_code, answer.json["offer"]["terms"]) == (201, WORSE["terms"])  # type: ignore[index]


def test_a_shop_that_was_promised_still_honours_what_was_claimed_then_and_no_more(
    db: Session,
    editor: Colleague,
    reviewer: Colleague,
    shop: Shop,
    other_shop: Shop,
    new_resident: NewVisitor,
    visitor: NewVisitor,
    clerk: Visitor,
) -> None:
    early, late = new_resident(), new_resident()
    incentive_id = published(reviewer, submitted_draft(editor, shop, limit_times=2))
    held: Any = early.claim(incentive_id).json
    second: Any = early.claim(incentive_id).json
    published(reviewer, changed_draft(editor, incentive_id, shop_ids=[str(other_shop.id)]))
    claimed: Any = late.claim(incentive_id).json
    refusal(clerk.redeem(late.show(voucher_id=claimed["id"])), 422, "voucher.not_valid")
    typed = early.draw_typed_code(shop, voucher_id=held["id"])
    assert typed.status_code == 201, typed.text
    assert clerk.redeem(typed.json["code"]).status_code == 201  # type: ignore[index]
    elsewhere = visitor()
    elsewhere.become_clerk(db, other_shop)
    assert elsewhere.redeem(early.show(voucher_id=second["id"])).status_code == 201


def test_days_and_hours_are_those_of_the_version_that_was_claimed(
    editor: Colleague, reviewer: Colleague, shop: Shop, new_resident: NewVisitor, clerk: Visitor
) -> None:
    early, late = new_resident(), new_resident()
    incentive_id = published(reviewer, submitted_draft(editor, shop))
    held: Any = early.claim(incentive_id).json
    # No minute of the day but one, at which this test does not run twice.
    published(reviewer, changed_draft(editor, incentive_id, opens_at="00:00", closes_at="00:01"))
    claimed: Any = late.claim(incentive_id).json
    refusal(clerk.redeem(late.show(voucher_id=claimed["id"])), 409, "voucher.not_at_this_hour")
    assert clerk.redeem(early.show(voucher_id=held["id"])).status_code == 201
