"""Invented credit records: plausible one by one, and spread over all levels together."""

from collections import Counter

from backend.city import City
from backend.scoring.engine.model import RecordStatus
from scripts.demonstration import Person
from tests.scripts.demonstration.conftest import TODAY
from tests.scripts.demonstration.scores import score_of


def test_about_a_tenth_stay_below_the_lowest_level_and_each_level_is_met(
    city: City, people: list[Person]
) -> None:
    sample = people[:2_000]
    levels = Counter(
        result.level and result.level.code for result in (score_of(city, p, TODAY) for p in sample)
    )
    assert 0.07 < levels[None] / len(sample) < 0.13
    assert levels["good"] > levels["excellent"] > levels["outstanding"] > 0.03 * len(sample)


def test_scores_do_not_crowd_on_a_few_values(city: City, people: list[Person]) -> None:
    scores = Counter(score_of(city, person, TODAY).score_milli for person in people[:1_000])
    assert len(scores) > 400


def test_most_people_have_no_record_that_costs_points(city: City, people: list[Person]) -> None:
    model = city.score_model(TODAY)
    costly = {indicator.code for indicator in model.indicators if indicator.points_milli < 0}
    spotless = [p for p in people if not costly & {record.indicator for record in p.records}]
    assert 0.7 < len(spotless) / len(people) < 0.95


def test_no_record_lies_in_the_future_or_before_its_owner_came_of_age(people: list[Person]) -> None:
    for person in people:
        for record in person.records:
            assert record.occurred_on <= TODAY
            assert record.occurred_on.year - person.born_on.year >= 18


def test_nobody_has_the_same_record_twice(people: list[Person]) -> None:
    for person in people:
        records = [(record.indicator, record.occurred_on) for record in person.records]
        assert len(set(records)) == len(records)


def test_records_of_every_status_and_every_indicator_occur(city: City, people: list[Person]) -> None:
    records = [record for person in people for record in person.records]
    assert {record.status for record in records} == set(RecordStatus)
    known = {indicator.code for indicator in city.score_model(TODAY).indicators}
    assert {record.indicator for record in records} == known


def test_hours_of_service_come_several_to_a_record(people: list[Person]) -> None:
    hours = [r.quantity for p in people for r in p.records if r.indicator == "volunteer-hours"]
    assert max(hours) > 8
