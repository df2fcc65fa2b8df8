"""The office lists vouchers and redemptions, never whose they are; a district lists its own."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy.orm import Session

from backend.core.ids import new_id
from backend.office.lists import REDEMPTIONS, VOUCHERS
from backend.partners.models import Shop, Unit
from backend.vouchers.lists import Narrowing
from backend.web.application import Application
from tests.factories.answers import refusal
from tests.factories.catalogue import new_incentive, new_shop
from tests.factories.console import Colleague, seat
from tests.factories.journey import Visitor
from tests.factories.plans import plan_of

NewVisitor = Callable[[], Visitor]
HERE, THERE = "420222", "420204"
LISTS = {"vouchers": VOUCHERS, "redemptions": REDEMPTIONS}


@pytest.fixture
def manager(app: Application, db: Session) -> Colleague:
    return seat(db, app, "programme_manager")


@pytest.fixture
def used(db: Session, visitor: NewVisitor) -> dict[str, Any]:
    """Five vouchers of a unit of a district, two of them honoured in its shop, one of these undone."""
    shop = new_shop(db, district=HERE)
    db.get_one(Unit, shop.unit_id).district = HERE
    db.commit()
    resident, clerk = visitor(), visitor()
    resident.become_scored(db)
    clerk.become_clerk(db, shop)
    incentive = new_incentive(db, shops=[shop], limit_times=9)
    held = [resident.claim(incentive.id).json["id"] for _ in range(5)]  # type: ignore[index]
    for voucher_id in held[:2]:
        honoured: Any = clerk.redeem(resident.show(voucher_id=voucher_id), amount_fen=1_200)
        assert honoured.status_code == 201
    undone = clerk.post(f"/merchant/redemptions/{honoured.json['id']}/reversal", {"reason": "扫错了"})
    assert undone.status_code == 200
    return {"incentive": str(incentive.id), "held": held, "resident": resident, "shop": shop}


def listed(person: Colleague, what: str, **query: Any) -> list[dict[str, Any]]:
    """All rows, page by page."""
    found: list[dict[str, Any]] = []
    cursor = None
    while True:
        more: dict[str, str] = {"cursor": cursor} if cursor else {}
        answer = person.get(f"/office/{what}", limit=2, **query, **more)
        assert answer.status_code == 200, answer.text
        found += answer.json["items"]  # type: ignore[index]
        cursor = answer.json["next_cursor"]  # type: ignore[index]
        if cursor is None:
            return found


def test_vouchers_are_walked_newest_or_oldest_first(manager: Colleague, used: dict[str, Any]) -> None:
    mine = {"incentive_id": used["incentive"]}
    assert [row["id"] for row in listed(manager, "vouchers", **mine)] == used["held"][::-1]
    assert [row["id"] for row in listed(manager, "vouchers", sort="oldest", **mine)] == used["held"]


def test_lists_are_narrowed_by_state_and_day(manager: Colleague, used: dict[str, Any]) -> None:
    mine = {"incentive_id": used["incentive"]}
    assert [row["state"] for row in listed(manager, "vouchers", state="redeemed", **mine)] == ["redeemed"]
    (undone,) = listed(manager, "redemptions", state="reversed", **mine)
    assert undone["reversed_at"] is not None
    assert undone["amount_fen"] == 1_200
    assert undone["shop_name"] == used["shop"].name
    long_ago = {"from": "2020-01-01", "to": "2020-12-31"}
    assert listed(manager, "redemptions", **mine, **long_ago) == []


def test_no_list_says_whose_it_is(manager: Colleague, used: dict[str, Any]) -> None:
    resident_id = used["resident"].tokens["resident"]["id"]
    for what in LISTS:
        answer = manager.get(f"/office/{what}", incentive_id=used["incentive"])
        assert resident_id not in answer.text
        assert not any("resident" in name for row in answer.json["items"] for name in row)  # type: ignore[index]


@pytest.mark.parametrize("what", LISTS)
def test_a_district_lists_its_own_units_and_shops(
    app: Application, db: Session, used: dict[str, Any], what: str
) -> None:
    mine = {"incentive_id": used["incentive"]}
    here, there = (seat(db, app, "programme_manager", district=key) for key in (HERE, THERE))
    assert listed(here, what, **mine)
    assert listed(there, what, **mine) == []


def test_an_unknown_state_is_refused(manager: Colleague) -> None:
    answer = refusal(manager.get("/office/vouchers", state="lost"), 422, "request.invalid")
    assert list(answer["errors"]) == ["state"]


NARROWED = {
    "": Narrowing(),
    "by state": Narrowing(state="reversed"),
    "by incentive": Narrowing(incentive_id=new_id()),
}


@pytest.mark.parametrize("what", LISTS)
@pytest.mark.parametrize("narrowed", NARROWED)
@pytest.mark.parametrize("oldest_first", [True, False])
def test_a_page_of_every_offered_order_comes_from_an_index(
    db: Session, what: str, narrowed: str, oldest_first: bool
) -> None:
    query = LISTS[what].query(NARROWED[narrowed], oldest_first=oldest_first)
    plan = plan_of(db, query.limit(50))
    assert "Index" in plan, plan
    assert "Sort" not in plan, plan
    assert "Seq Scan" not in plan, plan


def test_the_plan_notices_an_order_without_an_index(db: Session) -> None:
    """The control."""
    shops = LISTS["redemptions"].query(Narrowing()).order_by(None)
    plan = plan_of(db, shops.order_by(shops.selected_columns.amount_fen).limit(50))
    assert "Sort" in plan


def test_a_shop_keeps_its_name_after_it_closed(manager: Colleague, db: Session, used: dict[str, Any]) -> None:
    shop = db.get_one(Shop, used["shop"].id)
    shop.closed_at = shop.unit.joined_at
    db.commit()
    assert listed(manager, "redemptions", incentive_id=used["incentive"])[0]["shop_name"] == shop.name
