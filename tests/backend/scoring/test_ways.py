"""What would bring a score within reach: every action that helps, taken alone, by the very engine."""

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy.orm import Session

from backend.scoring.city_model import own_model
from backend.scoring.engine.model import Record
from backend.scoring.engine.whatif import MOST_REPEATS
from backend.scoring.models import CreditRecord
from tests.backend.scoring.conftest import NewScored, Scored, today
from tests.factories.answers import refusal
from tests.factories.trail import count_rows

HIGHEST = 100_000


@pytest.fixture
def scored(new_scored: NewScored) -> Scored:
    return new_scored(("penalty", 30, 1), ("blood-donation", 400, 1), ("volunteer-hours", 10, 20))


def test_each_way_brings_what_the_engine_says(db: Session, scored: Scored) -> None:
    answer = _ways(scored, target_milli=75_000)
    page = scored.page()
    assert (answer["score_milli"], answer["target_milli"]) == (page["score_milli"], 75_000)
    assert answer["missing_milli"] == 75_000 - page["score_milli"] > 0
    assert answer["model"] == page["model"]
    assert answer["items"]
    for way in answer["items"]:
        done = Record("new", way["indicator"]["code"], today(), way["quantity"])
        by_engine = replace(scored, records=[*scored.records, done]).by_engine(today())
        assert way["score_milli"] == by_engine.score_milli
        assert way["reaches"] == (by_engine.score_milli >= 75_000)
        assert way["action"]
        assert way["most_a_year"] == own_model(scored.city, today()).indicator(done.indicator).most_a_year
    resident_id = scored.visitor.tokens["resident"]["id"]
    assert count_rows(db, CreditRecord, resident_id=resident_id) == len(scored.records)


def test_without_a_target_every_action_that_helps_is_named_with_the_most_of_it(scored: Scored) -> None:
    answer = _ways(scored)
    assert answer["target_milli"] == HIGHEST
    chosen = {
        indicator.code
        for indicator in own_model(scored.city, today()).indicators
        if indicator.positive_action is not None
    }
    named = {way["indicator"]["code"]: way for way in answer["items"]}
    assert set(named) == chosen
    assert named["blood-donation"]["quantity"] == 6
    assert named["volunteer-hours"]["quantity"] == MOST_REPEATS


def test_a_score_that_is_reached_needs_nothing(scored: Scored) -> None:
    answer = _ways(scored, target_milli=0)
    assert (answer["missing"], answer["missing_milli"], answer["items"]) == ("0.0", 0, [])


@pytest.mark.parametrize("target_milli", ["-1", "ninety", ""])
def test_a_score_nobody_can_have_is_refused(scored: Scored, target_milli: str) -> None:
    answer = scored.visitor.get("/resident/score/ways", target_milli=target_milli)
    assert set(refusal(answer, 422, "request.invalid")["errors"]) == {"target_milli"}


def test_a_score_above_the_highest_is_refused(scored: Scored) -> None:
    answer = scored.visitor.get("/resident/score/ways", target_milli=HIGHEST + 1)
    assert set(refusal(answer, 422, "score.target_out_of_range")["errors"]) == {"target_milli"}


def test_each_plan_reaches_the_target_when_it_is_tried_out(scored: Scored) -> None:
    target_milli = scored.page()["score_milli"] + 4_000
    plans = _ways(scored, target_milli=target_milli)["plans"]
    assert plans
    for plan in plans:
        steps = [(step["indicator"]["code"], step["quantity"]) for step in plan["steps"]]
        assert _tried_out(scored, steps) == plan["score_milli"] >= target_milli
        for place, (code, quantity) in enumerate(steps):
            less = [*steps[:place], (code, quantity - 1), *steps[place + 1 :]]
            assert _tried_out(scored, less) < target_milli
        assert all(step["text"] and step["action"] for step in plan["steps"])


def test_without_a_target_there_are_no_plans(scored: Scored) -> None:
    assert _ways(scored)["plans"] == []


def _tried_out(scored: Scored, steps: list[tuple[str, int]]) -> int:
    add = [{"indicator": code, "quantity": quantity} for code, quantity in steps if quantity]
    answer: Any = scored.visitor.post("/resident/score/what-if", {"add": add})
    assert answer.status_code == 200, answer.text
    return int(answer.json["score_milli"])


def _ways(scored: Scored, **query: Any) -> Any:
    answer = scored.visitor.get("/resident/score/ways", **query)
    assert answer.status_code == 200, answer.text
    return answer.json
