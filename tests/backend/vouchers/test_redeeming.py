"""Honouring at the till: as often as promised, at the hours and shops it holds, each scan once."""

from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from backend.core.clock import ShiftedClock
from backend.incentives.models import Form, Incentive
from backend.incentives.rules import WEEKDAYS
from backend.partners.models import Shop
from backend.vouchers.models import Redemption
from tests.factories.answers import refusal
from tests.factories.catalogue import new_incentive, new_shop
from tests.factories.journey import Visitor
from tests.factories.moments import in_china, move_to
from tests.factories.trail import audit_actions, count_rows

NewVisitor = Callable[[], Visitor]


def test_honouring_notes_the_order_and_leaves_its_trail(
    db: Session, shop: Shop, clerk: Visitor, resident: Visitor
) -> None:
    incentive = new_incentive(db, shops=[shop], title="门票九折")
    code = _code(resident, incentive)
    redeemed = clerk.redeem(code, order_ref="订单 7", amount_fen=4200).json
    assert (redeemed["state"], redeemed["order_ref"], redeemed["amount_fen"]) == ("accepted", "订单 7", 4200)
    assert redeemed["offer"]["number"] == incentive.number
    assert audit_actions(db, "redemption", redeemed["id"]) == ["voucher.redeemed"]
    assert clerk.get("/merchant/redemptions").json["items"] == [redeemed]
    held = resident.get("/resident/vouchers").json["items"][0]
    assert held["last_redeemed_at"] == redeemed["accepted_at"]


def test_looking_at_a_code_does_not_use_it(
    db: Session, shop: Shop, clerk: Visitor, resident: Visitor
) -> None:
    incentive = new_incentive(db, shops=[shop])
    code = _code(resident, incentive)
    looks = [clerk.post("/merchant/validations", {"code": code}).json for _ in range(3)]
    assert [look["entitled"] for look in looks] == [True] * 3
    assert audit_actions(db, "incentive", incentive.id).count("code.checked") == 3
    assert clerk.redeem(code).status_code == 201
    used = clerk.post("/merchant/validations", {"code": code}).json
    assert (used["entitled"], used["reason"]) == (False, "voucher.already_redeemed")


def test_only_the_shop_that_honoured_a_voucher_is_told_when(
    db: Session, shop: Shop, clerk: Visitor, resident: Visitor, visitor: NewVisitor
) -> None:
    other_shop = new_shop(db)
    other = visitor()
    other.become_clerk(db, other_shop)
    incentive = new_incentive(db, shops=[shop, other_shop])
    voucher = resident.claim(incentive.id).json
    first, second = (resident.show(voucher_id=voucher["id"]) for _ in range(2))
    accepted_at = clerk.redeem(first).json["accepted_at"]
    for code in (first, second):
        told = refusal(clerk.redeem(code), 409, "voucher.already_redeemed")["data"]["redeemed_at"]
        assert datetime.fromisoformat(told) == datetime.fromisoformat(accepted_at)
        assert "data" not in refusal(other.redeem(code), 409, "voucher.already_redeemed")


def test_a_voucher_for_three_uses_is_honoured_three_times(
    db: Session, shop: Shop, clerk: Visitor, resident: Visitor
) -> None:
    voucher = resident.claim(new_incentive(db, shops=[shop], uses=3).id).json
    codes = [resident.show(voucher_id=voucher["id"]) for _ in range(4)]
    seen = []
    for code in codes[:3]:
        assert clerk.redeem(code).status_code == 201
        held = resident.get(f"/resident/vouchers/{voucher['id']}").json
        seen.append((held["state"], held["uses_left"]))
    assert seen == [("issued", 2), ("issued", 1), ("redeemed", 0)]
    refusal(clerk.redeem(codes[3]), 409, "voucher.already_redeemed")
    refusal(clerk.redeem(codes[0]), 409, "voucher.already_redeemed")
    assert count_rows(db, Redemption, voucher_id=voucher["id"]) == 3


def test_a_standing_entitlement_is_used_within_its_limit_and_again_the_next_day(
    db: Session, clock: ShiftedClock, shop: Shop, clerk: Visitor, resident: Visitor
) -> None:
    incentive = new_incentive(db, shops=[shop], form=Form.STANDING, limit_times=2)
    codes = [resident.show(incentive_id=incentive.id) for _ in range(3)]
    redeemed = [clerk.redeem(code) for code in codes[:2]]
    assert [answer.status_code for answer in redeemed] == [201, 201]
    assert audit_actions(db, "redemption", redeemed[0].json["id"]) == ["entitlement.used"]
    refusal(clerk.redeem(codes[2]), 409, "voucher.limit_reached")
    verdict = clerk.post("/merchant/validations", {"code": codes[2]}).json
    assert (verdict["entitled"], verdict["reason"]) == (False, "voucher.limit_reached")
    assert resident.get(f"/resident/incentives/{incentive.id}").json["remaining_for_me"] == 0

    clock.ahead = timedelta(days=1)
    resident.sign_in()
    clerk.sign_in_as_clerk()
    assert clerk.redeem(resident.show(incentive_id=incentive.id, clock=clock)).status_code == 201


def test_a_shop_honours_no_more_than_its_own_quota(
    db: Session, shop: Shop, clerk: Visitor, visitor: NewVisitor, new_resident: NewVisitor
) -> None:
    other_shop, other = new_shop(db), visitor()
    other.become_clerk(db, other_shop)
    incentive = new_incentive(db, shops=[shop, other_shop], per_shop=1)
    codes = [_code(new_resident(), incentive) for _ in range(2)]
    assert clerk.redeem(codes[0]).status_code == 201
    refusal(clerk.redeem(codes[1]), 409, "voucher.sold_out")
    checked = clerk.post("/merchant/validations", {"code": codes[1]}).json
    assert (checked["entitled"], checked["reason"]) == (False, "voucher.sold_out")
    assert other.redeem(codes[1]).status_code == 201


@pytest.mark.parametrize(
    ("weekdays", "hour", "is_honoured"),
    [
        (WEEKDAYS, 8, False),
        (WEEKDAYS, 9, True),
        (WEEKDAYS, 16, True),
        (WEEKDAYS, 17, False),
        (None, 12, True),
        ((), 12, True),
        ("all but that day", 12, False),
        ("only that day", 12, True),
    ],
)
def test_an_offer_holds_on_its_days_and_at_its_hours_in_china(
    db: Session,
    clock: ShiftedClock,
    shop: Shop,
    clerk: Visitor,
    resident: Visitor,
    weekdays: Any,
    hour: int,
    is_honoured: bool,
) -> None:
    moment = in_china(1, hour)
    that_day = WEEKDAYS[moment.weekday()]
    named = {
        "only that day": [that_day],
        "all but that day": [day for day in WEEKDAYS if day != that_day],
    }
    days = named[weekdays] if isinstance(weekdays, str) else weekdays and list(weekdays)
    incentive = new_incentive(db, shops=[shop], weekdays=days, opens_at=time(9), closes_at=time(17))
    move_to(clock, moment)
    resident.sign_in()
    clerk.sign_in_as_clerk()
    voucher = resident.claim(incentive.id).json
    answer = clerk.redeem(resident.show(voucher_id=voucher["id"], clock=clock))
    if is_honoured:
        assert answer.status_code == 201
    else:
        refusal(answer, 409, "voucher.not_at_this_hour")
        held = resident.get(f"/resident/vouchers/{voucher['id']}").json
        assert held["state"] == "issued"


def test_what_one_holds_is_honoured_also_when_the_offer_is_paused(
    db: Session, shop: Shop, clerk: Visitor, resident: Visitor
) -> None:
    incentive = new_incentive(db, shops=[shop])
    code = _code(resident, incentive)
    incentive.state, incentive.needed_milli = "paused", 90_000
    db.commit()
    assert clerk.redeem(code).status_code == 201


def test_a_scan_sent_again_minutes_later_gets_the_first_answer(
    db: Session, clock: ShiftedClock, shop: Shop, clerk: Visitor, resident: Visitor
) -> None:
    code = _code(resident, new_incentive(db, shops=[shop]))
    first = clerk.redeem(code, scan_id="scan-7", amount_fen=100)
    clock.ahead = timedelta(minutes=10)
    again = clerk.redeem(code, scan_id="scan-7", amount_fen=100)
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json == first.json
    refusal(clerk.redeem(code, scan_id="scan-8"), 422, "voucher.not_valid")
    assert audit_actions(db, "redemption", first.json["id"]) == ["voucher.redeemed"]


def test_a_scan_id_stands_for_one_code_at_one_shop(
    db: Session, shop: Shop, clerk: Visitor, visitor: NewVisitor, new_resident: NewVisitor
) -> None:
    other_shop, other = new_shop(db), visitor()
    other.become_clerk(db, other_shop)
    incentive = new_incentive(db, shops=[shop, other_shop])
    codes = [_code(new_resident(), incentive) for _ in range(2)]
    assert clerk.redeem(codes[0], scan_id="scan-1").status_code == 201
    refusal(clerk.redeem(codes[1], scan_id="scan-1"), 422, "idempotency.mismatch")
    assert other.redeem(codes[1], scan_id="scan-1").status_code == 201


@pytest.mark.parametrize(
    "noted",
    [
        {"amount_fen": -1},
        {"amount_fen": 4.5},
        {"amount_fen": 10**12},
        {"order_ref": "x" * 65},
        {"level": "good"},
    ],
)
def test_what_makes_no_sense_beside_a_code_is_refused(
    db: Session, shop: Shop, clerk: Visitor, resident: Visitor, noted: dict[str, Any]
) -> None:
    code = _code(resident, new_incentive(db, shops=[shop]))
    errors = refusal(clerk.redeem(code, **noted), 422, "request.invalid")["errors"]
    assert set(errors) == set(noted)
    assert clerk.redeem(code).status_code == 201


def _code(resident: Visitor, incentive: Incentive) -> str:
    return resident.show(voucher_id=resident.claim(incentive.id).json["id"])
