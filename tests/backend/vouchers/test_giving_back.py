"""Giving back a voucher one does not need: somebody else can have it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from backend.core.clock import ShiftedClock, day_in_china
from backend.incentives.models import QuotaCount
from backend.partners.models import Shop
from tests.factories.answers import refusal
from tests.factories.catalogue import new_incentive
from tests.factories.journey import Visitor
from tests.factories.trail import audit_actions

NewVisitor = Callable[[], Visitor]


def test_what_one_gives_back_another_can_claim(db: Session, new_resident: NewVisitor) -> None:
    incentive = new_incentive(db, quota=1)
    first, second = new_resident(), new_resident()
    voucher = _claim(first, incentive)
    refusal(second.claim(incentive.id), 409, "voucher.sold_out")
    assert _give_back(first, voucher).status_code == 204
    assert second.claim(incentive.id).status_code == 201

    returned = first.get(f"/resident/vouchers/{voucher['id']}").json
    assert (returned["state"], returned["ended_at"] is not None) == ("cancelled", True)
    assert audit_actions(db, "voucher", voucher["id"]) == ["voucher.issued", "voucher.cancelled"]
    assert first.get("/resident/notices").json["items"][0]["kind"] == "voucher_given_back"


def test_giving_back_also_gives_back_the_claim_against_the_limit(db: Session, resident: Visitor) -> None:
    incentive = new_incentive(db, limit_times=1)
    for _ in range(3):
        voucher = _claim(resident, incentive)
        refusal(resident.claim(incentive.id), 409, "voucher.limit_reached")
        assert _give_back(resident, voucher).status_code == 204


def test_giving_back_twice_counts_once(db: Session, resident: Visitor) -> None:
    incentive = new_incentive(db, quota=10, limit_times=5)
    voucher, _kept = _claim(resident, incentive), _claim(resident, incentive)
    assert [_give_back(resident, voucher).status_code for _ in range(2)] == [204, 204]
    assert _taken(db, incentive) == {("total", ""): 1}
    assert audit_actions(db, "voucher", voucher["id"]) == ["voucher.issued", "voucher.cancelled"]
    kinds = [notice["kind"] for notice in resident.get("/resident/notices").json["items"]]
    assert kinds.count("voucher_given_back") == 1


def test_a_place_goes_back_to_the_day_it_was_claimed_on(
    db: Session, clock: ShiftedClock, resident: Visitor
) -> None:
    incentive = new_incentive(db, quota=10, per_day=1, limit_times=5)
    claimed_on = day_in_china(clock.now())
    voucher = _claim(resident, incentive)
    clock.ahead = timedelta(days=1)
    resident.sign_in()
    _claim(resident, incentive)
    assert _give_back(resident, voucher).status_code == 204
    assert _taken(db, incentive) == {
        ("total", ""): 1,
        ("day", str(claimed_on)): 0,
        ("day", str(claimed_on + timedelta(days=1))): 1,
    }
    refusal(resident.claim(incentive.id), 409, "voucher.sold_out")


def test_what_was_used_even_once_is_not_taken_back(
    db: Session, shop: Shop, clerk: Visitor, resident: Visitor
) -> None:
    used_up, begun = (new_incentive(db, shops=[shop], uses=uses) for uses in (1, 3))
    for incentive in (used_up, begun):
        voucher = _claim(resident, incentive)
        assert clerk.redeem(resident.show(voucher_id=voucher["id"])).status_code == 201
        refusal(_give_back(resident, voucher), 409, "voucher.not_returnable")
        assert _taken(db, incentive) == {("total", ""): 1}
        assert audit_actions(db, "voucher", voucher["id"]) == ["voucher.issued"]


def test_a_voucher_whose_time_is_over_is_not_taken_back(
    db: Session, clock: ShiftedClock, resident: Visitor
) -> None:
    incentive = new_incentive(db, voucher_days=0)
    voucher = _claim(resident, incentive)
    clock.ahead = timedelta(days=1)
    resident.sign_in()
    refusal(_give_back(resident, voucher), 409, "voucher.not_returnable")
    assert _taken(db, incentive) == {("total", ""): 1}


def test_another_persons_voucher_is_not_found(db: Session, new_resident: NewVisitor) -> None:
    holder, other = new_resident(), new_resident()
    voucher = _claim(holder, new_incentive(db))
    refusal(_give_back(other, voucher), 404, "not_found")
    refusal(other.get(f"/resident/vouchers/{voucher['id']}"), 404, "not_found")
    refusal(_give_back(other, {"id": uuid4()}), 404, "not_found")
    assert holder.get(f"/resident/vouchers/{voucher['id']}").json["state"] == "issued"


def test_the_code_of_a_voucher_given_back_is_worth_nothing(
    db: Session, shop: Shop, clerk: Visitor, resident: Visitor
) -> None:
    voucher = _claim(resident, new_incentive(db, shops=[shop]))
    code = resident.show(voucher_id=voucher["id"])
    assert _give_back(resident, voucher).status_code == 204
    refusal(clerk.redeem(code), 422, "voucher.not_valid")


def _claim(resident: Visitor, incentive: Any) -> Any:
    claimed = resident.claim(incentive.id)
    assert claimed.status_code == 201, claimed.text
    return claimed.json


def _give_back(resident: Visitor, voucher: Any) -> TestResponse:
    return resident.delete(f"/resident/vouchers/{voucher['id']}")


def _taken(db: Session, incentive: Any) -> dict[tuple[str, str], int]:
    counts = select(QuotaCount.scope, QuotaCount.place, QuotaCount.taken)
    rows = db.execute(counts.where(QuotaCount.incentive_id == incentive.id))
    return {(scope, place): taken for scope, place, taken in rows}
