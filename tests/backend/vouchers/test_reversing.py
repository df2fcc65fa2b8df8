"""Undoing a mistake at the till: within a day, by the shop that made it, and everything is as before."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from backend.core.clock import ShiftedClock
from backend.incentives.models import Form, Incentive
from backend.partners.models import Shop
from backend.vouchers import jobs
from tests.factories.answers import refusal
from tests.factories.catalogue import new_incentive, new_shop
from tests.factories.journey import Visitor
from tests.factories.moments import in_china, move_to
from tests.factories.trail import audit_actions

NewVisitor = Callable[[], Visitor]
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)


def test_a_voucher_honoured_by_mistake_is_good_again(
    db: Session, shop: Shop, clerk: Visitor, resident: Visitor
) -> None:
    incentive = new_incentive(db, shops=[shop], title="门票九折")
    voucher = resident.claim(incentive.id).json
    code = resident.show(voucher_id=voucher["id"])
    redeemed = clerk.redeem(code).json
    undone = _undo(clerk, redeemed)
    assert undone.status_code == 200
    assert (undone.json["id"], undone.json["state"]) == (redeemed["id"], "reversed")
    assert undone.json["reversed_at"] is not None
    held = resident.get(f"/resident/vouchers/{voucher['id']}").json
    assert (held["state"], held["uses_left"], held["last_redeemed_at"]) == ("issued", 1, None)

    refusal(clerk.redeem(code), 422, "voucher.not_valid")
    assert clerk.redeem(resident.show(voucher_id=voucher["id"])).status_code == 201
    assert audit_actions(db, "redemption", redeemed["id"]) == ["voucher.redeemed", "redemption.reversed"]
    notices = resident.get("/resident/notices").json["items"]
    assert "voucher_reversed" in [notice["kind"] for notice in notices]


def test_undoing_twice_gives_back_once(db: Session, shop: Shop, clerk: Visitor, resident: Visitor) -> None:
    voucher, redeemed = _use(clerk, resident, new_incentive(db, shops=[shop], uses=3))
    assert _undo(clerk, redeemed).status_code == 200
    refusal(_undo(clerk, redeemed), 409, "redemption.already_reversed")
    assert resident.get(f"/resident/vouchers/{voucher['id']}").json["uses_left"] == 3


def test_another_shop_cannot_undo_it(
    db: Session, shop: Shop, clerk: Visitor, resident: Visitor, visitor: NewVisitor
) -> None:
    other_shop, other = new_shop(db), visitor()
    other.become_clerk(db, other_shop)
    voucher, redeemed = _use(clerk, resident, new_incentive(db, shops=[shop, other_shop]))
    refusal(_undo(other, redeemed), 404, "not_found")
    assert resident.get(f"/resident/vouchers/{voucher['id']}").json["state"] == "redeemed"
    assert _undo(clerk, redeemed).status_code == 200


@pytest.mark.parametrize("reason", ["", "x" * 201, None])
def test_undoing_needs_a_reason(
    db: Session, shop: Shop, clerk: Visitor, resident: Visitor, reason: str | None
) -> None:
    _voucher, redeemed = _use(clerk, resident, new_incentive(db, shops=[shop]))
    answer = clerk.post(f"/merchant/redemptions/{redeemed['id']}/reversal", {"reason": reason})
    assert "reason" in refusal(answer, 422, "request.invalid")["errors"]


@pytest.mark.parametrize(("later", "is_undone"), [(DAY - MINUTE, True), (DAY + MINUTE, False)])
def test_a_mistake_can_be_undone_for_24_hours(
    db: Session,
    clock: ShiftedClock,
    shop: Shop,
    clerk: Visitor,
    resident: Visitor,
    later: timedelta,
    is_undone: bool,
) -> None:
    voucher, redeemed = _use(clerk, resident, new_incentive(db, shops=[shop]))
    clock.ahead = later
    clerk.sign_in_as_clerk()
    resident.sign_in()
    answer = _undo(clerk, redeemed)
    if is_undone:
        assert answer.status_code == 200
    else:
        refusal(answer, 409, "redemption.too_late")
    state = resident.get(f"/resident/vouchers/{voucher['id']}").json["state"]
    assert state == ("issued" if is_undone else "redeemed")


def test_an_undone_use_of_a_standing_entitlement_does_not_count(
    db: Session, shop: Shop, clerk: Visitor, resident: Visitor
) -> None:
    incentive = new_incentive(db, shops=[shop], form=Form.STANDING, limit_times=1)
    redeemed = clerk.redeem(resident.show(incentive_id=incentive.id)).json
    refusal(clerk.redeem(resident.show(incentive_id=incentive.id)), 409, "voucher.limit_reached")
    assert _undo(clerk, redeemed).status_code == 200
    assert resident.get(f"/resident/incentives/{incentive.id}").json["remaining_for_me"] == 1
    assert clerk.redeem(resident.show(incentive_id=incentive.id)).status_code == 201


def test_a_use_undone_the_next_morning_goes_back_to_the_day_before(
    db: Session, clock: ShiftedClock, shop: Shop, clerk: Visitor, resident: Visitor
) -> None:
    incentive = new_incentive(db, shops=[shop], form=Form.STANDING, limit_times=1)
    redeemed = {}
    for day, hour in ((1, 9), (2, 8)):
        move_to(clock, in_china(day, hour))
        resident.sign_in()
        clerk.sign_in_as_clerk()
        answer = clerk.redeem(resident.show(incentive_id=incentive.id, clock=clock))
        assert answer.status_code == 201
        redeemed[day] = answer.json
    assert _undo(clerk, redeemed[1]).status_code == 200
    again = clerk.redeem(resident.show(incentive_id=incentive.id, clock=clock))
    refusal(again, 409, "voucher.limit_reached")


def test_the_shop_gets_the_place_in_its_quota_back(
    db: Session, shop: Shop, clerk: Visitor, new_resident: NewVisitor
) -> None:
    incentive = new_incentive(db, shops=[shop], per_shop=1)
    _voucher, redeemed = _use(clerk, new_resident(), incentive)
    second = new_resident()
    held = second.claim(incentive.id).json
    refusal(clerk.redeem(second.show(voucher_id=held["id"])), 409, "voucher.sold_out")
    assert _undo(clerk, redeemed).status_code == 200
    assert clerk.redeem(second.show(voucher_id=held["id"])).status_code == 201


@pytest.mark.parametrize("undone", [0, 1, 2])
def test_any_of_several_uses_can_be_undone_and_used_again(
    db: Session, shop: Shop, clerk: Visitor, resident: Visitor, undone: int
) -> None:
    voucher = resident.claim(new_incentive(db, shops=[shop], uses=4).id).json
    codes = iter([resident.show(voucher_id=voucher["id"]) for _ in range(6)])
    uses = [clerk.redeem(next(codes)).json for _ in range(3)]
    assert _undo(clerk, uses[undone]).status_code == 200
    assert [clerk.redeem(next(codes)).status_code for _ in range(3)] == [201, 201, 409]
    held = resident.get(f"/resident/vouchers/{voucher['id']}").json
    assert (held["state"], held["uses_left"]) == ("redeemed", 0)


@pytest.mark.parametrize(("uses", "state"), [(1, "reversed"), (2, "expired")])
def test_a_use_undone_after_the_vouchers_end_does_not_revive_it(
    db: Session,
    clock: ShiftedClock,
    shop: Shop,
    clerk: Visitor,
    resident: Visitor,
    uses: int,
    state: str,
) -> None:
    move_to(clock, in_china(1, 20))
    resident.sign_in()
    clerk.sign_in_as_clerk()
    incentive = new_incentive(db, shops=[shop], voucher_days=0, uses=uses)
    voucher = resident.claim(incentive.id).json
    redeemed = clerk.redeem(resident.show(voucher_id=voucher["id"], clock=clock)).json
    move_to(clock, in_china(2, 8))
    resident.sign_in()
    clerk.sign_in_as_clerk()
    jobs.expire_vouchers(timestamp=0)
    assert _undo(clerk, redeemed).status_code == 200
    held = resident.get(f"/resident/vouchers/{voucher['id']}").json
    assert (held["state"], held["uses_left"]) == (state, uses)


def _use(clerk: Visitor, resident: Visitor, incentive: Incentive) -> tuple[Any, Any]:
    """A voucher claimed and used once, and the redemption."""
    voucher = resident.claim(incentive.id).json
    answer = clerk.redeem(resident.show(voucher_id=voucher["id"]))
    assert answer.status_code == 201, answer.text
    return voucher, answer.json


def _undo(clerk: Visitor, redeemed: Any) -> TestResponse:
    return clerk.post(f"/merchant/redemptions/{redeemed['id']}/reversal", {"reason": "扫错了"})
