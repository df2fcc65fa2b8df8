"""Everyone reads the score model: each figure with its basis, and what never counts."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from backend.city import City
from backend.core.clock import ShiftedClock, day_in_china
from backend.core.points import format_points
from backend.main import Parts
from backend.scoring.publication import publish
from backend.scoring.schemas_public import PublicScoreModelSchema
from tests.backend.scoring.conftest import NewScored
from tests.factories.answers import refusal
from tests.factories.journey import Visitor

CURRENT = "/public/score-models/current"


@pytest.fixture
def guest(visitor: Callable[[], Visitor]) -> Visitor:
    """Somebody who never signed in."""
    return visitor()


@pytest.fixture
def city(parts: Parts) -> City:
    return parts.city


def test_every_indicator_stands_there_with_all_that_decides_its_points(
    guest: Visitor, city: City, clock: ShiftedClock
) -> None:
    shown = _shown(guest)
    model = city.score_model(day_in_china(clock.now()))
    assert [part["code"] for part in shown["dimensions"]] == [part.code for part in model.dimensions]
    told = [each for part in shown["dimensions"] for each in part["indicators"]]
    assert len(told) == len(list(model.indicators))
    for indicator, each in zip(model.indicators, told, strict=True):
        same = {name: getattr(indicator, name) for name in each if not name.endswith(("points", "cap"))}
        assert {name: each[name] for name in same} == same
        assert each["points"] == format_points(indicator.points_milli)
        assert each["cap"] == format_points(indicator.cap_milli)
        assert all(each[name] for name in ("legal_basis", "catalogue_item", "source_unit", "unit"))


def test_it_says_what_holds_today_and_that_it_is_an_example(guest: Visitor, city: City) -> None:
    shown = _shown(guest)
    assert (shown["version"], shown["in_force"], shown["example"]) == ("2026-01", True, True)
    assert (shown["floor"], shown["base"], shown["ceiling"]) == ("0.0", "60.0", "100.0")
    assert [level["from"] for level in shown["levels"]] == ["60.0", "80.0", "90.0"]
    assert shown["effective_on"] == "2026-01-01"
    days = {version["version"]: version["effective_on"] for version in shown["versions"]}
    assert days["2026-01"] == "2026-01-01"
    assert list(days.values()) == sorted(days.values(), reverse=True)
    assert shown["not_scored"] == list(city.texts.not_scored)
    assert "异议" in shown["objection"]
    assert shown.keys() == {field.data_key or name for name, field in PublicScoreModelSchema().fields.items()}


def test_a_version_is_found_by_its_name_and_a_wrong_name_finds_none(guest: Visitor) -> None:
    assert _shown(guest, "/public/score-models/2026-01") == _shown(guest)
    refusal(guest.get("/public/score-models/2025-01"), 404, "not_found")


def test_the_version_of_a_score_page_can_be_read_there(guest: Visitor, new_scored: NewScored) -> None:
    version = new_scored().page()["model"]["version"]
    assert _shown(guest, f"/public/score-models/{version}")["version"] == version


def test_whoever_has_the_page_is_not_sent_it_again(guest: Visitor) -> None:
    answer = guest.get(CURRENT)
    assert answer.headers["Content-Type"] == "application/json"
    again = guest.call("GET", CURRENT, headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_a_page_is_made_once_until_another_version_is_in_force(city: City) -> None:
    [first] = city.score_models
    second = first.model_copy(update={"version": "2027-01"})
    alone = publish(city, first, in_force=first.version, versions=[first])
    assert publish(city, first, in_force=first.version, versions=[first]) is alone
    announced = _read(publish(city, first, in_force=first.version, versions=[first, second]))
    replaced = _read(publish(city, first, in_force=second.version, versions=[first, second]))
    assert [announced["in_force"], replaced["in_force"]] == [True, False]
    assert [each["version"] for each in announced["versions"]] == ["2026-01", "2027-01"]


def test_a_model_of_the_same_name_is_not_taken_for_another(city: City) -> None:
    [first] = city.score_models
    publish(city, first, in_force=first.version, versions=[first])
    other = first.model_copy(update={"base_milli": 61_000})
    assert _read(publish(city, other, in_force=first.version, versions=[other]))["base"] == "61.0"


def _shown(guest: Visitor, path: str = CURRENT) -> Any:
    answer = guest.get(path)
    assert answer.status_code == 200, answer.text
    return answer.json


def _read(text: bytes) -> Any:
    return json.loads(text)
