"""Finding an incentive: by words, by what it is, and by what is near."""

from base64 import urlsafe_b64encode
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from backend.core.clock import day_in_china
from backend.incentives.models import Form, IncentiveState
from tests.backend.incentives.conftest import Shelf
from tests.factories.answers import refusal
from tests.factories.catalogue import new_shop
from tests.factories.moments import in_china

TODAY, DAY = day_in_china(in_china(0, 12)), timedelta(days=1)
# A hundredth of a degree to the north is 1 112 m, a tenth to the east at this latitude 9 610 m.
PLACES = [(30.2, 115.04), (30.21, 115.04), (30.2, 115.14)]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("门票", ["museum", "island"]),
        ("博物馆", ["museum"]),
        ("票九", ["museum"]),
        ("凭身份证", ["island"]),
        ("半价", ["island"]),
        ("文旅集团", ["museum", "library"]),
        ("图书 免押金", ["library"]),
        (" 免押金  图书 ", ["library"]),
        ("门票 图书", []),
        ("wifi", ["library"]),
        ("100%", ["library"]),
        ("%", ["library"]),
        ("_", ["island"]),
        ("\\", []),
        ("馆门票九折x", []),
    ],
)
def test_words_are_found_wherever_people_read_them(shelf: Shelf, words: str, found: list[str]) -> None:
    numbers = {
        "museum": shelf.add(title="博物馆门票九折", unit_name="文旅集团").number,
        "island": shelf.add(title="游船A_1门票", summary="凭身份证购票", benefit="半价").number,
        "library": shelf.add(
            title="图书借阅免押金", summary="100%免押金，有WiFi", unit_name="文旅集团"
        ).number,
    }
    assert sorted(shelf.numbers(q=words)) == sorted(numbers[name] for name in found)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, ["good", "score", "standing", "yangxin"]),
        ({"level": "good"}, ["good"]),
        ({"level": "excellent"}, ["standing"]),
        ({"form": "voucher"}, ["good", "score", "yangxin"]),
        ({"form": "standing"}, ["standing"]),
        ({"kind": "standing"}, ["standing"]),
        ({"kind": "deposit_waived"}, ["score"]),
        ({"kind": "discount", "form": "standing"}, ["standing"]),
        ({"district": "420222"}, ["good", "score", "standing", "yangxin"]),
        ({"district": "420202"}, ["good", "score", "standing"]),
        ({"level": "good", "form": "standing"}, []),
        ({"level": "outstanding"}, []),
    ],
)
def test_every_filter_keeps_what_it_says(shelf: Shelf, query: dict[str, str], found: list[str]) -> None:
    numbers = {
        "good": shelf.add(level="good", needed_milli=60_000).number,
        "score": shelf.add(needed_milli=85_000, benefit_kind="deposit_waived").number,
        "standing": shelf.add(form=Form.STANDING, level="excellent", needed_milli=80_000).number,
        "yangxin": shelf.add(districts=["420222", "420281"]).number,
    }
    assert sorted(shelf.numbers(**query)) == sorted(numbers[name] for name in found)


def test_a_category_keeps_what_is_of_it(shelf: Shelf) -> None:
    number = shelf.add(category="library").number
    assert shelf.numbers(category="library") == [number]
    assert shelf.numbers(category="medical") == []


@pytest.mark.parametrize("name", ["category", "level", "district"])
def test_a_code_that_the_city_does_not_have_is_refused(shelf: Shelf, name: str) -> None:
    answer = shelf.visitor.get("/public/incentives", **{name: "no-such-code"})
    assert set(refusal(answer, 422, "request.invalid")["errors"]) == {name}


@pytest.mark.parametrize(
    ("fields", "is_listed"),
    [
        ({}, True),
        ({"valid_until": TODAY + DAY}, True),
        ({"valid_until": TODAY - 2 * DAY}, False),
        ({"valid_from": TODAY + 2 * DAY}, True),
        ({"state": IncentiveState.PAUSED}, False),
        ({"state": IncentiveState.ENDED}, False),
        ({"unavailable_reason": "原文未写明单位"}, True),
    ],
)
def test_what_has_ended_or_is_paused_is_not_listed_but_still_has_its_page(
    shelf: Shelf, fields: dict[str, Any], is_listed: bool
) -> None:
    incentive = shelf.add(**fields)
    assert shelf.numbers() == ([incentive.number] if is_listed else [])
    page = shelf.visitor.get(f"/public/incentives/{incentive.id}").json
    assert page["number"] == incentive.number
    assert page["claimable"] == ("unavailable_reason" not in fields)


def test_the_nearest_comes_first_with_its_distance(db: Session, shelf: Shelf) -> None:
    here, north, east = (new_shop(db, latitude=lat, longitude=lng) for lat, lng in PLACES)
    closed = new_shop(db, latitude=30.2, longitude=115.04, closed_at=in_china(-1, 12))
    far = shelf.add(shops=[east])
    nowhere, shut = shelf.add(), shelf.add(shops=[closed])
    both, near = shelf.add(shops=[east, north]), shelf.add(shops=[here, closed])
    items = shelf.page(near="30.20,115.04")["items"]
    assert [(item["number"], item["distance_m"]) for item in items] == [
        (near.number, 0),
        (both.number, 1112),
        (far.number, 9610),
        (nowhere.number, None),
        (shut.number, None),
    ]
    newest = shelf.page(near="30.20,115.04", sort="newest")["items"]
    assert [item["number"] for item in newest] == sorted((item["number"] for item in items), reverse=True)
    assert {item["number"]: item["distance_m"] for item in newest} == {
        item["number"]: item["distance_m"] for item in items
    }
    assert {item["distance_m"] for item in shelf.page()["items"]} == {None}


@pytest.mark.parametrize(
    "near", ["-30.2,-64.96", "90,0", "-90,180", "0,-180", "-30.200000001,-64.960000001", " 30.2 , 115.04 "]
)
def test_any_place_on_earth_has_a_distance(db: Session, shelf: Shelf, near: str) -> None:
    shelf.add(shops=[new_shop(db)])
    distance = shelf.page(near=near)["items"][0]["distance_m"]
    assert 0 <= distance <= 20_016_000


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"near": "30.2"}, "near"),
        ({"near": "30.2,115.04,7"}, "near"),
        ({"near": "91,115"}, "near"),
        ({"near": "30,181"}, "near"),
        ({"near": "nan,nan"}, "near"),
        ({"near": "inf,0"}, "near"),
        ({"near": "黄石"}, "near"),
        ({"sort": "nearest"}, "near"),
        ({"sort": "cheapest"}, "sort"),
        ({"form": "coupon"}, "form"),
        ({"limit": "0"}, "limit"),
        ({"limit": "201"}, "limit"),
        ({"limit": "ten"}, "limit"),
        ({"q": "x" * 51}, "q"),
        ({"q": "a\x00b"}, "q"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_a_question_that_makes_no_sense_is_refused_by_its_field(
    shelf: Shelf, query: dict[str, str], field: str
) -> None:
    errors = refusal(shelf.visitor.get("/public/incentives", **query), 422, "request.invalid")["errors"]
    assert set(errors) == {field}


@pytest.mark.parametrize("query", [{"sort": "newest"}, {"sort": "level"}, {"near": "30.2,115.04"}])
@pytest.mark.parametrize("limit", [1, 2, 3, 200])
def test_all_pages_together_show_everything_once(
    db: Session, shelf: Shelf, query: dict[str, str], limit: int
) -> None:
    here, there = new_shop(db), new_shop(db, latitude=30.3)
    # Each threshold and each distance occurs more than once, so that the key alone does not decide.
    for shops in ([here], [there], [], [here, there]):
        for needed in (60_000, 80_000, None):
            shelf.add(shops=shops, needed_milli=needed, unavailable_reason=None if needed else "原文未写等级")
    whole = shelf.numbers(**query, limit=200)
    assert len(set(whole)) == 12

    found, cursor, newcomer = [], None, None
    while cursor or not found:
        page = shelf.page(**query, limit=limit, **({"cursor": cursor} if cursor else {}))
        assert len(page["items"]) <= limit
        found += [item["number"] for item in page["items"]]
        cursor = page["next_cursor"]
        # Something published while one reads must neither repeat nor hide anything.
        newcomer = newcomer or shelf.add(shops=[here], needed_milli=60_000).number
    assert [number for number in found if number != newcomer] == whole


def test_the_level_order_begins_with_what_opens_first(shelf: Shelf) -> None:
    numbers = [shelf.add(needed_milli=milli).number for milli in (90_000, 60_000, 80_000, 60_000)]
    assert shelf.numbers(sort="level") == [numbers[1], numbers[3], numbers[2], numbers[0]]


@pytest.mark.parametrize(
    ("sort", "key"),
    [
        ("newest", "[1, 2]"),
        ("level", "[1]"),
        *((sort, key) for sort in ("newest", "level") for key in ("[]", "{}", '["x", 1]', "not json", "5")),
    ],
)
def test_a_cursor_that_this_list_did_not_make_is_refused(shelf: Shelf, sort: str, key: str) -> None:
    cursor = urlsafe_b64encode(key.encode()).decode().rstrip("=")
    refusal(shelf.visitor.get("/public/incentives", sort=sort, cursor=cursor), 422, "paging.bad_cursor")
