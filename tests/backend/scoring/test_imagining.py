""" "What if": the very engine, on records that are not there, and nothing of it stays."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from backend.scoring.city_model import own_model
from backend.scoring.engine.compute import compute_score
from backend.scoring.engine.model import Record
from backend.scoring.models import CreditRecord
from tests.backend.scoring.conftest import NewScored, Scored, today
from tests.factories.answers import refusal
from tests.factories.trail import count_rows

RECORDS = [("penalty", 30, 1), ("blood-donation", 400, 1), ("volunteer-hours", 10, 20)]
FARTHEST = 5 * 366


@pytest.fixture
def scored(new_scored: NewScored) -> Scored:
    return new_scored(*RECORDS)


def test_nothing_imagined_is_the_score_of_today(scored: Scored) -> None:
    answer, page = _imagine(scored).json, scored.page()
    assert (answer["difference_milli"], answer["difference"]) == (0, "0.0")
    assert {name: answer[name] for name in answer if name in page} == {
        name: page[name] for name in page if name in answer
    }


def test_a_good_deed_more_brings_what_the_engine_says(scored: Scored) -> None:
    answer = _imagine(scored, add=[{"indicator": "blood-donation", "quantity": 2}]).json
    with_it = replace(scored, records=[*scored.records, Record("new", "blood-donation", today(), 2)])
    assert answer["score_milli"] == with_it.by_engine(today()).score_milli
    assert answer["difference_milli"] == 3000
    assert answer["difference"] == "3.0"
    assert scored.page()["score_milli"] == scored.by_engine(today()).score_milli


def test_a_deed_can_be_imagined_on_another_day(scored: Scored) -> None:
    occurred_on = today() - timedelta(days=365)
    imagined = {"indicator": "blood-donation", "occurred_on": str(occurred_on)}
    answer = _imagine(scored, add=[imagined]).json
    with_it = replace(scored, records=[*scored.records, Record("new", "blood-donation", occurred_on)])
    assert answer["score_milli"] == with_it.by_engine(today()).score_milli
    assert 0 < answer["difference_milli"] < 1500


def test_a_record_can_be_imagined_away(scored: Scored) -> None:
    lines = [line for part in scored.page()["dimensions"] for line in part["lines"]]
    penalty = next(line for line in lines if line["indicator"]["code"] == "penalty")
    answer = _imagine(scored, remove=[penalty["record_id"]]).json
    assert answer["difference_milli"] == -penalty["points_milli"] > 0
    left = [line["record_id"] for part in answer["dimensions"] for line in part["lines"]]
    assert sorted(left) == sorted(line["record_id"] for line in lines if line is not penalty)


@pytest.mark.parametrize("days", [0, 1, 335, FARTHEST])
def test_a_later_day_shows_what_fades_and_what_ends(scored: Scored, days: int) -> None:
    on = today() + timedelta(days=days)
    answer = _imagine(scored, on=str(on)).json
    result = compute_score(own_model(scored.city, on), scored.records, on)
    assert (answer["as_of"], answer["score_milli"]) == (str(on), result.score_milli)
    assert answer["difference_milli"] == result.score_milli - scored.by_engine(today()).score_milli
    lines = [line for part in answer["dimensions"] for line in part["lines"]]
    penalty = next(line for line in lines if line["indicator"]["code"] == "penalty")
    assert penalty["counted"] == (days < 335)


def test_all_of_it_together_and_nothing_is_stored(db: Session, scored: Scored) -> None:
    before = scored.page()
    resident_id = scored.visitor.tokens["resident"]["id"]
    on = today() + timedelta(days=30)
    first = before["dimensions"][1]["lines"][0]["record_id"]
    answer = _imagine(scored, add=[{"indicator": "model-worker"}], remove=[first], on=str(on))
    kept = [record for record in scored.records if record.indicator != "penalty"]
    imagined = replace(scored, records=[*kept, Record("new", "model-worker", on)])
    assert answer.json["score_milli"] == imagined.by_engine(on).score_milli
    assert scored.page() == before
    assert count_rows(db, CreditRecord, resident_id=resident_id) == len(RECORDS)


def test_what_the_model_or_the_file_does_not_have_is_refused(scored: Scored, new_scored: NewScored) -> None:
    unknown = _imagine(scored, add=[{"indicator": "number-of-friends"}])
    assert refusal(unknown, 422, "score.unknown_indicator")["data"] == {"indicator": "number-of-friends"}
    other = new_scored(("penalty", 3, 1)).page()
    others_record = next(line["record_id"] for part in other["dimensions"] for line in part["lines"])
    for record_id in (str(uuid4()), others_record):
        refusal(_imagine(scored, remove=[record_id]), 422, "score.unknown_record")


@pytest.mark.parametrize("days", [-1, FARTHEST + 1, 400_000])
def test_only_days_from_today_to_five_years_on_can_be_imagined(scored: Scored, days: int) -> None:
    answer = _imagine(scored, on=str(today() + timedelta(days=days)))
    assert set(refusal(answer, 422, "score.day_out_of_range")["errors"]) == {"on"}


@pytest.mark.parametrize(
    "imagined",
    [
        {"add": [{"indicator": "penalty", "quantity": 0}]},
        {"add": [{"indicator": "penalty", "quantity": 1001}]},
        {"add": [{"indicator": "penalty", "quantity": 1.5}]},
        {"add": [{"indicator": "penalty"}] * 21},
        {"add": [{"quantity": 1}]},
        {"add": [{"indicator": "penalty", "points": "5"}]},
        {"remove": ["1"]},
        {"on": "tomorrow"},
        {"score": 100},
    ],
)
def test_a_question_of_another_form_is_refused(scored: Scored, imagined: dict[str, Any]) -> None:
    refusal(scored.visitor.post("/resident/score/what-if", imagined), 422, "request.invalid")


@pytest.mark.parametrize("occurred_on", ["0001-01-01", "9999-12-31"])
def test_a_deed_at_the_end_of_time_changes_nothing_today(scored: Scored, occurred_on: str) -> None:
    imagined = {"indicator": "blood-donation", "occurred_on": occurred_on}
    assert _imagine(scored, add=[imagined]).json["difference_milli"] == 0


def _imagine(scored: Scored, **imagined: Any) -> TestResponse:
    return scored.visitor.post("/resident/score/what-if", imagined)
