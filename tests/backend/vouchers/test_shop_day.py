"""A shop's list of what it honoured, and the sums of a day in China."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy.orm import Session

from backend.core.clock import ShiftedClock, day_in_china
from backend.incentives.models import Form
from backend.partners.models import Shop
from tests.factories.answers import refusal
from tests.factories.catalogue import new_incentive, new_shop
from tests.factories.journey import Visitor
from tests.factories.moments import in_china, move_to
from tests.factories.pages import all_items

NewVisitor = Callable[[], Visitor]


def test_the_list_shows_everything_once_newest_first_however_it_is_paged(
    db: Session, shop: Shop, clerk: Visitor, resident: Visitor
) -> None:
    incentive = new_incentive(db, shops=[shop], form=Form.STANDING, limit_times=9)
    redeemed = [clerk.redeem(resident.show(incentive_id=incentive.id)).json["id"] for _ in range(5)]
    for limit in (1, 2, 5, 200):
        assert _listed(clerk, limit=limit) == redeemed[::-1]
    refusal(clerk.get("/merchant/redemptions", limit=0), 422, "request.invalid")
    refusal(clerk.get("/merchant/redemptions", cursor="made-up"), 422, "paging.bad_cursor")


def test_a_shop_sees_only_what_it_honoured_itself(
    db: Session, shop: Shop, clerk: Visitor, resident: Visitor, visitor: NewVisitor
) -> None:
    other_shop, other = new_shop(db), visitor()
    other.become_clerk(db, other_shop)
    incentive = new_incentive(db, shops=[shop, other_shop], form=Form.STANDING, limit_times=9)
    mine = clerk.redeem(resident.show(incentive_id=incentive.id)).json["id"]
    theirs = other.redeem(resident.show(incentive_id=incentive.id)).json["id"]
    assert (_listed(clerk), _listed(other)) == ([mine], [theirs])
    assert clerk.get("/merchant/summary").json["accepted"] == 1


def test_a_day_begins_and_ends_at_midnight_in_china(
    db: Session, clock: ShiftedClock, shop: Shop, clerk: Visitor, resident: Visitor
) -> None:
    incentive = new_incentive(db, shops=[shop], form=Form.STANDING, limit_times=9)
    redeemed = []
    for moment in (
        in_china(1, 23, 59, 30),
        in_china(2, 0, 0, 2),
        in_china(2, 23, 59, 30),
        in_china(3, 0, 0, 2),
    ):
        move_to(clock, moment)
        resident.sign_in()
        clerk.sign_in_as_clerk()
        # What stands for the moment is set last, so that signing in takes no time off it.
        code = resident.draw_ticket(incentive_id=incentive.id)
        move_to(clock, moment)
        redeemed.append(clerk.redeem(code.at(moment)).json["id"])
    days = [str(in_china(offset, 12).date()) for offset in (0, 1, 2, 3, 4)]
    found = [_listed(clerk, on=day) for day in days]
    assert found == [[], redeemed[:1], redeemed[2:0:-1], redeemed[3:], []]
    assert [clerk.get("/merchant/summary", on=day).json["accepted"] for day in days] == [0, 1, 2, 1, 0]
    today = clerk.get("/merchant/summary").json
    assert (today["on"], today["accepted"]) == (days[3], 1)


def test_the_summary_adds_up_each_offer_and_leaves_out_what_was_undone(
    db: Session, shop: Shop, clerk: Visitor, resident: Visitor
) -> None:
    tickets, boats, unused = (
        new_incentive(db, shops=[shop], title=title, form=Form.STANDING, limit_times=9)
        for title in ("门票", "划船", "没有人用")
    )
    amounts: list[tuple[Any, int | None]] = [(tickets, 1000), (tickets, 2500), (boats, None), (tickets, 99)]
    for incentive, amount in amounts:
        last = clerk.redeem(resident.show(incentive_id=incentive.id), amount_fen=amount).json
    undone = clerk.post(f"/merchant/redemptions/{last['id']}/reversal", {"reason": "扫错了"})
    assert undone.status_code == 200
    summary = clerk.get("/merchant/summary").json
    assert summary == {
        "on": str(day_in_china(datetime.now(UTC))),
        "accepted": 3,
        "reversed": 1,
        "amount_fen": 3500,
        "offers": [
            {"number": tickets.number, "title": "门票", "accepted": 2, "reversed": 1, "amount_fen": 3500},
            {"number": boats.number, "title": "划船", "accepted": 1, "reversed": 0, "amount_fen": 0},
        ],
    }
    assert unused.number not in [offer["number"] for offer in summary["offers"]]


@pytest.mark.parametrize("day", ["yesterday", "2026-02-30", "20260101x"])
def test_what_is_no_day_is_refused(clerk: Visitor, day: str) -> None:
    for page in ("redemptions", "summary"):
        assert "on" in refusal(clerk.get(f"/merchant/{page}", on=day), 422, "request.invalid")["errors"]


def _listed(clerk: Visitor, **query: Any) -> list[str]:
    return [item["id"] for item in all_items(clerk, "/merchant/redemptions", **query)]
