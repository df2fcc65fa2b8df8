"""Each demonstration person shows what the file says, today and for the three months after."""

from datetime import date, timedelta
from itertools import pairwise

import pytest

from backend.city import City
from backend.scoring.engine.compute import NotCounted, ScoreResult
from scripts.demonstration import Person, demonstration_people
from scripts.demonstration.residents import month_ends
from tests.scripts.demonstration.conftest import TODAY
from tests.scripts.demonstration.scores import score_of

THREE_MONTHS = range(0, 92, 7)


@pytest.fixture(scope="module")
def demonstration(city: City) -> dict[str, Person]:
    return {person.openid_user: person for person in demonstration_people(city, TODAY)}


@pytest.mark.parametrize(
    ("user", "level"),
    [
        ("chen-siyuan", "good"),
        ("li-guihua", "excellent"),
        ("wang-jianguo", "outstanding"),
        ("zhou-yongping", None),
        ("ouyang-yan", "good"),
        ("liu-min", "good"),
        ("zhao-qiang", "good"),
        ("he-xiulan", "good"),
        ("ma-ling", "good"),
    ],
)
def test_the_level_comes_out_as_told_for_three_months(
    city: City, demonstration: dict[str, Person], user: str, level: str | None
) -> None:
    results = _scores_over_three_months(city, demonstration[user])
    assert {result.level and result.level.code for result in results} == {level}


@pytest.mark.parametrize(
    ("user", "points"),
    [("chen-siyuan", 68), ("li-guihua", 84), ("wang-jianguo", 94), ("zhou-yongping", 52), ("ma-ling", 60)],
)
def test_the_score_is_about_the_one_the_file_tells(
    city: City, demonstration: dict[str, Person], user: str, points: int
) -> None:
    assert abs(score_of(city, demonstration[user], TODAY).score_milli - points * 1000) < 1000


def test_one_blood_donation_separates_ouyang_yan_from_the_next_level(
    city: City, demonstration: dict[str, Person]
) -> None:
    donation = city.score_model(TODAY).indicator("blood-donation").points_milli
    scores = {result.score_milli for result in _scores_over_three_months(city, demonstration["ouyang-yan"])}
    assert {score + donation for score in scores} == {city.level("excellent").from_milli}


def test_a_disputed_record_does_not_count(city: City, demonstration: dict[str, Person]) -> None:
    assert _reasons_not_to_count(city, demonstration["liu-min"]) == {NotCounted.OBJECTED}


def test_a_repaired_record_does_not_count(city: City, demonstration: dict[str, Person]) -> None:
    assert _reasons_not_to_count(city, demonstration["zhao-qiang"]) == {NotCounted.REPAIRED}


def test_a_record_that_ends_in_twelve_days_lifts_sun_lihua_to_the_next_level(
    city: City, demonstration: dict[str, Person]
) -> None:
    person = demonstration["sun-lihua"]
    before, after = (_level(score_of(city, person, TODAY + timedelta(days=days))) for days in (11, 12))
    assert (before, after) == ("good", "excellent")


def test_some_have_no_score_for_a_reason(demonstration: dict[str, Person]) -> None:
    assert not demonstration["ayiguli"].residence
    assert demonstration["huang-xiaoyu"].records_expected_on == TODAY + timedelta(days=20)
    assert demonstration["wu-zihan"].born_on > date(TODAY.year - 18, TODAY.month, TODAY.day)


def test_who_joined_long_ago_has_months_that_rise_and_fall(
    city: City, demonstration: dict[str, Person]
) -> None:
    person = demonstration["xu-meilan"]
    assert person.joined_on == TODAY - timedelta(days=380)
    ends = list(month_ends(date(TODAY.year, 1, 1), TODAY))
    months = [score_of(city, person, day).score_milli for day in ends]
    steps = [later - earlier for earlier, later in pairwise(months)]
    assert min(steps) < -1000
    assert max(steps) > 1000


def test_there_are_old_people_dots_and_rare_characters(demonstration: dict[str, Person]) -> None:
    assert demonstration["wang-jianguo"].born_on < date(TODAY.year - 70, 1, 1)
    assert "·" in demonstration["ayiguli"].name
    assert "龑" in demonstration["ouyang-yan"].name


def test_their_id_numbers_differ_and_do_not_move_with_the_day(
    city: City, demonstration: dict[str, Person]
) -> None:
    later = demonstration_people(city, TODAY + timedelta(days=400))
    numbers = [person.id_number for person in demonstration.values()]
    assert [person.id_number for person in later] == numbers
    assert len(set(numbers)) == len(numbers)


def _scores_over_three_months(city: City, person: Person) -> list[ScoreResult]:
    return [score_of(city, person, TODAY + timedelta(days=days)) for days in THREE_MONTHS]


def _level(result: ScoreResult) -> str | None:
    return result.level.code if result.level else None


def _reasons_not_to_count(city: City, person: Person) -> set[NotCounted]:
    lines = [line for part in score_of(city, person, TODAY).dimensions for line in part.lines]
    return {line.not_counted for line in lines if line.not_counted is not None}
