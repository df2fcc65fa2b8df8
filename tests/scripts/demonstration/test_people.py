"""Invented people: numbers that check, names as they are met, the same city every time."""

from datetime import date
from random import Random

import pytest
from stdnum.cn import ric

from backend.city import City
from scripts.demonstration import Person, demonstration_people, generate_people
from scripts.demonstration.id_numbers import IdNumbers, issuing_prefix, make_id_number, reserved_id_number
from scripts.demonstration.names import make_name
from tests.scripts.demonstration.conftest import TODAY


def test_every_id_number_checks_and_nobody_shares_one(people: list[Person]) -> None:
    numbers = [person.id_number for person in people]
    assert all(ric.is_valid(number) for number in numbers)
    assert len(set(numbers)) == len(numbers)


def test_an_id_number_tells_birthday_and_sex(people: list[Person]) -> None:
    for person in people:
        assert person.id_number[6:14] == f"{person.born_on:%Y%m%d}"
        assert (int(person.id_number[16]) % 2 == 1) == (person.sex == "male")


def test_an_id_number_begins_with_the_district_or_before_it_existed_with_the_city(
    city: City, people: list[Person]
) -> None:
    prefixes = {district.key: district.id_prefix for district in city.districts}
    for person in people:
        assert person.id_number[:6] in {prefixes[person.district], "420200"}
    assert issuing_prefix("420281", 1990) == "420200"
    assert issuing_prefix("420281", 1994) == "420281"


def test_the_check_digit_follows_the_published_example() -> None:
    assert make_id_number("110105", date(1949, 12, 31), 2) == "11010519491231002X"


def test_two_people_who_would_draw_the_same_number_get_different_ones() -> None:
    numbers = IdNumbers()
    drawn = [
        numbers.draw(Random(1), prefix="420202", born_on=date(1990, 1, 1), sex="female") for _ in range(5)
    ]
    assert len(set(drawn)) == 5


def test_invented_people_never_take_a_number_kept_for_the_demonstration(
    city: City, people: list[Person]
) -> None:
    assert max(int(person.id_number[14:17]) for person in people) < 900
    assert min(int(person.id_number[14:17]) for person in demonstration_people(city, TODAY)) >= 900


def test_more_demonstration_people_than_numbers_is_refused() -> None:
    with pytest.raises(ValueError, match="no order code is left"):
        reserved_id_number(50, prefix="420202", born_on=date(1990, 1, 1), sex="male")


def test_nobody_is_under_eighteen_or_over_ninety_five(people: list[Person]) -> None:
    assert max(person.born_on for person in people) <= date(2008, 11, 22)
    assert min(person.born_on for person in people) > date(1930, 11, 22)


def test_nobody_is_under_eighteen_on_a_leap_day(city: City) -> None:
    leap_day = date(2028, 2, 29)
    youngest = max(person.born_on for person in generate_people(city, 5_000, 7, leap_day))
    assert date(2009, 1, 1) < youngest <= date(2010, 2, 28)


def test_names_of_minorities_and_rare_characters_are_among_the_people(people: list[Person]) -> None:
    names = [person.name for person in people]
    assert any("·" in name for name in names)
    assert any(character in name for name in names for character in "𬭎龑堃")
    assert any(name.startswith(("欧阳", "上官", "诸葛", "司马")) for name in names)
    assert all(2 <= len(name) <= 4 for name in names if "·" not in name)


def test_names_follow_the_fashion_of_their_generation() -> None:
    rng = Random(3)
    grandmothers = {make_name(rng, "female", 1948) for _ in range(500)}
    granddaughters = {make_name(rng, "female", 2005) for _ in range(500)}
    assert any("秀英" in name for name in grandmothers)
    assert not any("梓" in name for name in grandmothers)
    assert any("梓" in name for name in granddaughters)


def test_about_seven_in_ten_have_joined_and_none_before_coming_of_age(people: list[Person]) -> None:
    joined = [person for person in people if person.joined_on is not None]
    assert 0.67 < len(joined) / len(people) < 0.73
    for person in joined:
        assert person.joined_on is not None
        assert person.joined_on <= TODAY
        assert (TODAY - person.joined_on).days < 426
        assert person.joined_on.year - person.born_on.year >= 18


def test_the_same_seed_gives_the_same_people(city: City, people: list[Person]) -> None:
    assert list(generate_people(city, 300, 7, TODAY)) == people[:300]


def test_another_seed_gives_other_people(city: City, people: list[Person]) -> None:
    others = list(generate_people(city, 300, 8, TODAY))
    same = sum(other.id_number == person.id_number for other, person in zip(others, people, strict=False))
    assert same == 0


def test_every_district_has_people(city: City, people: list[Person]) -> None:
    assert {person.district for person in people} == {district.key for district in city.districts}
