"""A till that types wrong codes is stopped after five in ten minutes."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from backend.core.clock import ShiftedClock
from backend.partners.models import Shop
from backend.vouchers import jobs
from backend.vouchers.models import WrongTries
from backend.vouchers.wrong_tries import WITHIN
from tests.factories.answers import refusal
from tests.factories.catalogue import new_incentive
from tests.factories.journey import Visitor
from tests.factories.trail import audit_actions, count_rows

NewVisitor = Callable[[], Visitor]
NO_CODE = "2222-2222"
MINUTE = timedelta(minutes=1)


@pytest.fixture
def code(db: Session, shop: Shop, resident: Visitor) -> str:
    voucher = resident.claim(new_incentive(db, shops=[shop]).id).json
    drawn: str = resident.draw_typed_code(shop, voucher_id=voucher["id"]).json["code"]  # type: ignore[index]
    return drawn


def guess(clerk: Visitor, times: int) -> None:
    for _ in range(times):
        refusal(clerk.redeem(NO_CODE), 422, "voucher.not_valid")


def test_the_sixth_code_is_not_looked_at_be_it_right_or_wrong(db: Session, clerk: Visitor, code: str) -> None:
    left = [refusal(clerk.redeem(NO_CODE), 422, "voucher.not_valid")["data"]["tries_left"] for _ in range(5)]
    assert left == [4, 3, 2, 1, 0]
    for shown in (code, NO_CODE):
        for answer in (clerk.redeem(shown), clerk.post("/merchant/validations", {"code": shown})):
            refused = refusal(answer, 429, "voucher.too_many_wrong_codes")
            assert 540 < refused["data"]["retry_after"] <= 600
            assert answer.headers["Retry-After"] == str(refused["data"]["retry_after"])
    assert audit_actions(db, "clerk", clerk.tokens["clerk"]["id"])[-1] == "typed_code.tries_used_up"


def test_after_four_wrong_ones_the_right_one_is_honoured(clerk: Visitor, code: str) -> None:
    guess(clerk, 4)
    assert clerk.redeem(code).status_code == 201


def test_checking_and_honouring_are_counted_together(clerk: Visitor, code: str) -> None:
    guess(clerk, 3)
    left = [clerk.post("/merchant/validations", {"code": NO_CODE}).json["tries_left"] for _ in range(2)]
    assert left == [1, 0]
    refusal(clerk.redeem(code), 429, "voucher.too_many_wrong_codes")


def test_each_try_stops_counting_ten_minutes_after_it(
    clock: ShiftedClock, clerk: Visitor, new_resident: NewVisitor
) -> None:
    guess(clerk, 1)
    clock.ahead = 9 * MINUTE
    guess(clerk, 4)
    answer = clerk.redeem(NO_CODE)
    refusal(answer, 429, "voucher.too_many_wrong_codes")
    assert int(answer.headers["Retry-After"]) <= 60
    clock.ahead = WITHIN + timedelta(seconds=1)
    guess(clerk, 1)
    refusal(clerk.redeem(NO_CODE), 429, "voucher.too_many_wrong_codes")


def test_signing_in_anew_gives_no_new_tries(clerk: Visitor, code: str) -> None:
    guess(clerk, 5)
    clerk.sign_in_as_clerk()
    refusal(clerk.redeem(code), 429, "voucher.too_many_wrong_codes")


def test_another_till_of_the_shop_goes_on(
    db: Session, shop: Shop, clerk: Visitor, visitor: NewVisitor, code: str
) -> None:
    other = visitor()
    other.become_clerk(db, shop)
    guess(clerk, 5)
    assert other.redeem(code).status_code == 201


def test_scanning_goes_on_while_typing_is_stopped(
    db: Session, shop: Shop, clerk: Visitor, resident: Visitor
) -> None:
    voucher = resident.claim(new_incentive(db, shops=[shop]).id).json
    guess(clerk, 5)
    assert clerk.redeem(resident.show(voucher_id=voucher["id"])).status_code == 201
    refusal(clerk.redeem("HS1:WRONG"), 422, "voucher.not_valid")


def test_what_cannot_be_a_code_is_no_try(db: Session, clerk: Visitor) -> None:
    for typed in ("2222-222", "2222-22220", "OOOO-IIII", "https://example.com"):
        assert "data" not in refusal(clerk.redeem(typed), 422, "voucher.not_valid")
    assert count_rows(db, WrongTries, clerk_id=clerk.tokens["clerk"]["id"]) == 0


def test_tries_that_count_no_more_are_forgotten(db: Session, clock: ShiftedClock, clerk: Visitor) -> None:
    mine = {"clerk_id": clerk.tokens["clerk"]["id"]}
    guess(clerk, 2)
    clock.ahead = WITHIN - MINUTE
    jobs.forget_typed_codes(timestamp=0)
    assert count_rows(db, WrongTries, **mine) == 1
    clock.ahead = WITHIN + MINUTE
    jobs.forget_typed_codes(timestamp=0)
    assert count_rows(db, WrongTries, **mine) == 0
