"""Offers that ask the resident to say two digits: a stolen look at the screen is not enough."""

from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from backend.core.clock import SystemClock
from backend.incentives.models import Incentive
from backend.partners.models import Shop
from tests.factories.answers import refusal
from tests.factories.catalogue import new_incentive
from tests.factories.journey import Visitor
from tests.factories.trail import audit_actions


@dataclass
class Guessing:
    """A code on the screen, the digits that belong to it, and a clerk who types digits."""

    clerk: Visitor
    code: str
    right: str

    @property
    def wrong(self) -> str:
        return f"{(int(self.right) + 1) % 100:02}"

    def type(self, digits: str | None, **more: Any) -> TestResponse:
        return (
            self.clerk.redeem(self.code, **more)
            if digits is None
            else self.clerk.redeem(self.code, match=digits, **more)
        )

    def look(self) -> Any:
        return self.clerk.post("/merchant/validations", {"code": self.code}).json


@pytest.fixture
def incentive(db: Session, shop: Shop) -> Incentive:
    return new_incentive(db, shops=[shop], needs_match=True)


@pytest.fixture
def guessing(incentive: Incentive, clerk: Visitor, resident: Visitor) -> Guessing:
    return new_guessing(incentive, clerk, resident)


def new_guessing(incentive: Incentive, clerk: Visitor, resident: Visitor) -> Guessing:
    voucher = resident.claim(incentive.id).json
    ticket = resident.draw_ticket(voucher_id=voucher["id"])
    assert ticket.match_number is not None
    return Guessing(clerk, ticket.at(SystemClock().now()), ticket.match_number)


def test_without_the_digits_the_till_is_asked_for_them_as_often_as_it_likes(guessing: Guessing) -> None:
    for _ in range(4):
        refusal(guessing.type(None), 423, "voucher.needs_match")
    assert guessing.type(guessing.right).status_code == 201


def test_wrong_digits_are_counted_and_the_right_ones_still_honour(
    db: Session, incentive: Incentive, guessing: Guessing
) -> None:
    tries_left = [
        refusal(guessing.type(guessing.wrong), 423, "voucher.needs_match")["data"]["tries_left"]
        for _ in range(2)
    ]
    assert tries_left == [2, 1]
    assert guessing.type(guessing.right).status_code == 201
    assert audit_actions(db, "incentive", incentive.id).count("ticket.match_failed") == 2


def test_after_three_wrong_answers_the_code_is_dead(guessing: Guessing) -> None:
    assert guessing.look()["entitled"]
    for _ in range(3):
        last = refusal(guessing.type(guessing.wrong), 423, "voucher.needs_match")
    assert last["data"]["tries_left"] == 0
    for digits in (guessing.right, guessing.wrong, None):
        refusal(guessing.type(digits), 422, "voucher.not_valid")
    assert guessing.look() == {
        "entitled": False,
        "reason": "voucher.not_valid",
        "offer": None,
        "valid_until": None,
        "tries_left": None,
    }


def test_the_voucher_itself_is_still_good_with_a_fresh_code(
    db: Session, guessing: Guessing, resident: Visitor
) -> None:
    for _ in range(3):
        guessing.type(guessing.wrong)
    voucher = resident.get("/resident/vouchers").json["items"][0]
    ticket = resident.draw_ticket(voucher_id=voucher["id"])
    assert guessing.clerk.redeem(ticket.at(SystemClock().now()), match=ticket.match_number).status_code == 201


def test_a_guess_sent_again_under_its_scan_id_is_another_guess(guessing: Guessing) -> None:
    first, second = (guessing.type(guessing.wrong, scan_id="scan-1") for _ in range(2))
    assert [answer.json["data"]["tries_left"] for answer in (first, second)] == [2, 1]
    assert guessing.type(guessing.right, scan_id="scan-1").status_code == 201


@pytest.mark.parametrize("digits", ["7", "123", "1a", "４２", ""])
def test_anything_but_two_digits_is_refused_and_not_counted(guessing: Guessing, digits: str) -> None:
    assert "match" in refusal(guessing.type(digits), 422, "request.invalid")["errors"]
    left = refusal(guessing.type(guessing.wrong), 423, "voucher.needs_match")["data"]["tries_left"]
    assert left == 2
