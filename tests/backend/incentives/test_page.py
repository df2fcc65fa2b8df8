"""An incentive on its own page: all a resident needs to know before claiming."""

from datetime import date, time
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy.orm import Session

from backend.incentives.models import Form
from tests.backend.incentives.conftest import Shelf
from tests.factories.answers import refusal
from tests.factories.catalogue import new_shop
from tests.factories.journey import Visitor
from tests.factories.moments import in_china


def test_the_page_tells_terms_times_limits_and_source(shelf: Shelf) -> None:
    source = {"name": "湖北日报", "published_on": "2022-07-12", "note": None}
    incentive = shelf.add(
        title="鄂东医疗集团住院先诊疗后付费",
        level="excellent",
        needed_milli=80_000,
        terms=["限本人", "凭身份证"],
        weekdays=["mon", "sat"],
        opens_at=time(8, 30),
        closes_at=time(17, 0),
        limit_times=2,
        limit_period="month",
        uses=3,
        voucher_days=60,
        needs_match=True,
        contact="0714-0000000",
        source=source,
        example=False,
        valid_from=date(2026, 1, 1),
        valid_until=date(2099, 12, 31),
    )
    page = shelf.visitor.get(f"/public/incentives/{incentive.id}").json
    told = {
        "number": incentive.number,
        "title": "鄂东医疗集团住院先诊疗后付费",
        "form": "voucher",
        "needs": {"level": "excellent", "score": "80.0", "score_milli": 80_000},
        "terms": ["限本人", "凭身份证"],
        "days": ["mon", "sat"],
        "hours": "08:30-17:00",
        "limit": {"times": 2, "period": "month"},
        "uses": 3,
        "voucher_days": 60,
        "needs_match": True,
        "contact": "0714-0000000",
        "source": source,
        "example": False,
        "valid_from": "2026-01-01",
        "valid_until": "2099-12-31",
        "remaining": 100,
        "claimable": True,
        "unavailable_reason": None,
    }
    assert {name: page[name] for name in told} == told


def test_the_page_lists_the_open_shops_by_name(db: Session, shelf: Shelf) -> None:
    named = [new_shop(db, name=name) for name in ("丙店", "甲店", "乙店")]
    closed = new_shop(db, name="旧店", closed_at=in_china(-1, 12))
    incentive = shelf.add(shops=[*named, closed])
    shops = shelf.visitor.get(f"/public/incentives/{incentive.id}").json["shops"]
    assert [shop["name"] for shop in shops] == sorted(["丙店", "甲店", "乙店"])
    first = next(shop for shop in named if shop.name == shops[0]["name"])
    assert shops[0] == {
        "id": str(first.id),
        "name": first.name,
        "address": "人民路 1 号",
        "district": "420202",
        "phone": None,
        "hours": None,
        "latitude": 30.2,
        "longitude": 115.04,
        "distance_m": None,
    }


def test_what_is_only_shown_for_information_says_why(shelf: Shelf) -> None:
    incentive = shelf.add(unavailable_reason="原文未写等级", needed_milli=None)
    page = shelf.visitor.get(f"/public/incentives/{incentive.id}").json
    assert (page["claimable"], page["unavailable_reason"]) == (False, "原文未写等级")
    assert page["needs"] == {"level": None, "score": None, "score_milli": None}


@pytest.mark.parametrize(
    ("fields", "before", "after"),
    [
        ({"quota": 3}, 3, 2),
        ({"quota": 3, "per_day": 2}, 2, 1),
        ({"quota": 1, "per_day": 2}, 1, 0),
        ({"quota": 3, "per_shop": 1}, 3, 2),
    ],
)
def test_what_remains_is_what_total_and_day_leave(
    shelf: Shelf, resident: Visitor, fields: dict[str, Any], before: int, after: int
) -> None:
    incentive = shelf.add(**fields)
    assert _remaining(shelf, incentive.id) == [before, before]
    assert resident.claim(incentive.id).status_code == 201
    assert _remaining(shelf, incentive.id) == [after, after]


def test_a_standing_entitlement_never_runs_out(shelf: Shelf) -> None:
    assert _remaining(shelf, shelf.add(form=Form.STANDING).id) == [None, None]


def test_what_is_not_there_is_not_found(shelf: Shelf, resident: Visitor) -> None:
    refusal(shelf.visitor.get(f"/public/incentives/{uuid4()}"), 404, "not_found")
    refusal(resident.get(f"/resident/incentives/{uuid4()}"), 404, "not_found")
    refusal(shelf.visitor.get("/public/incentives/1001"), 404, "not_found")


def _remaining(shelf: Shelf, incentive_id: Any) -> list[int | None]:
    """On the list and on the page."""
    listed = next(item for item in shelf.page()["items"] if item["id"] == str(incentive_id))
    return [listed["remaining"], shelf.visitor.get(f"/public/incentives/{incentive_id}").json["remaining"]]
