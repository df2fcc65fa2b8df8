"""The catalogue as it is open to one resident."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from backend.core.clock import ShiftedClock
from backend.incentives.models import Form
from tests.backend.incentives.conftest import Shelf
from tests.factories.answers import refusal
from tests.factories.catalogue import new_shop
from tests.factories.journey import Visitor
from tests.factories.people import new_person

NewVisitor = Callable[[], Visitor]
MINE = ("eligible", "missing", "remaining_for_me")


def test_each_incentive_says_whether_it_is_open_to_me_and_what_is_missing(
    shelf: Shelf, resident: Visitor
) -> None:
    told: dict[int, Any] = {
        shelf.add(needed_milli=60_000).number: (True, None),
        shelf.add(needed_milli=60_001).number: (False, ("points", "0.1", 1)),
        shelf.add(needed_milli=80_000, form=Form.STANDING).number: (False, ("points", "20.0", 20_000)),
        shelf.add(needed_milli=60_000, unavailable_reason="原文未写明单位").number: (False, None),
        shelf.add(needed_milli=None, unavailable_reason="原文未写等级").number: (False, None),
    }
    items = shelf.page(resident)["items"]
    seen = {item["number"]: (item["eligible"], item["missing"]) for item in items}
    kinds = ("kind", "points", "points_milli")
    assert seen == {
        number: (eligible, missing and dict(zip(kinds, missing, strict=True)))
        for number, (eligible, missing) in told.items()
    }
    for item in items:
        page = resident.get(f"/resident/incentives/{item['id']}").json
        assert {name: page[name] for name in MINE} == {name: item[name] for name in MINE}


def test_what_is_open_to_me_can_be_claimed_and_what_is_not_cannot(shelf: Shelf, resident: Visitor) -> None:
    for milli in (59_999, 60_000, 60_001):
        shelf.add(needed_milli=milli)
    for item in shelf.page(resident)["items"]:
        assert resident.claim(item["id"]).status_code == (201 if item["eligible"] else 403)


def test_asking_for_mine_leaves_out_what_i_cannot_have(shelf: Shelf, resident: Visitor) -> None:
    mine = [
        shelf.add(needed_milli=0).number,
        shelf.add(needed_milli=60_000).number,
        shelf.add(needed_milli=60_000, form=Form.STANDING).number,
    ]
    shelf.add(needed_milli=60_001)
    shelf.add(needed_milli=60_000, unavailable_reason="原文未写明单位")
    shelf.add(needed_milli=None, unavailable_reason="原文未写等级")
    assert sorted(shelf.numbers(resident, entitled="true")) == mine
    assert len(shelf.numbers(resident, entitled="false")) == 6
    assert shelf.numbers(resident, entitled="true", sort="level", limit=1) == mine[:1]


def test_without_a_score_nothing_is_mine_and_the_reason_is_told(shelf: Shelf, visitor: NewVisitor) -> None:
    shelf.add(needed_milli=0)
    person = visitor()
    steps: list[tuple[Callable[[], Any], str]] = [
        (person.sign_in, "identity"),
        (lambda: person.bind(new_person()), "consent"),
        (person.consent, "score"),
    ]
    for step, kind in steps:
        assert step().status_code == 200
        (item,) = shelf.page(person)["items"]
        assert item["eligible"] is False
        assert item["missing"] == {"kind": kind, "points": None, "points_milli": None}
        assert shelf.numbers(person, entitled="true") == []


@pytest.mark.parametrize(("period", "next_period_in_days"), [("day", 1), ("week", 7), ("month", 31)])
def test_how_often_i_still_may_counts_down_and_starts_again_with_the_period(
    shelf: Shelf, resident: Visitor, clock: ShiftedClock, period: str, next_period_in_days: int
) -> None:
    incentive = shelf.add(limit_times=2, limit_period=period)
    left = [shelf.page(resident)["items"][0]["remaining_for_me"]]
    for _ in range(2):
        assert resident.claim(incentive.id).status_code == 201
        left.append(shelf.page(resident)["items"][0]["remaining_for_me"])
    assert left == [2, 1, 0]
    clock.ahead = timedelta(days=next_period_in_days)
    resident.sign_in()
    assert shelf.page(resident)["items"][0]["remaining_for_me"] == 2


def test_a_voucher_given_back_may_be_claimed_again(shelf: Shelf, resident: Visitor) -> None:
    incentive = shelf.add(limit_times=1)
    voucher = resident.claim(incentive.id).json
    assert shelf.page(resident)["items"][0]["remaining_for_me"] == 0
    assert resident.delete(f"/resident/vouchers/{voucher['id']}").status_code == 204
    assert shelf.page(resident)["items"][0]["remaining_for_me"] == 1


def test_the_search_and_its_pages_work_for_residents_as_for_everyone(shelf: Shelf, resident: Visitor) -> None:
    for title in ("门票", "划船", "门票"):
        shelf.add(title=title)
    for query in ({"q": "门票"}, {"sort": "level", "limit": 2}):
        assert shelf.numbers(resident, **query) == shelf.numbers(**query)
    cursor = shelf.page(resident, limit=2)["next_cursor"]
    assert len(shelf.numbers(resident, limit=2, cursor=cursor)) == 1
    refusal(resident.get("/resident/incentives", sort="nearest"), 422, "request.invalid")


def test_a_stranger_and_a_clerk_have_no_list_of_their_own(shelf: Shelf) -> None:
    refusal(shelf.visitor.get("/resident/incentives"), 401, "session.required")
    shelf.visitor.become_clerk(shelf.db, new_shop(shelf.db))
    refusal(shelf.visitor.get("/resident/incentives"), 403, "session.wrong_audience")
