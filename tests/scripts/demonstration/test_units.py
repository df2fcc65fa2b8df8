"""Units with invented shops: codes that check, places inside their district, clerks where they belong."""

from math import asin, cos, radians, sin, sqrt

import pytest
from stdnum.cn import uscc

from backend.city import City
from backend.city.city_file import Point
from scripts.demonstration import Unit, generate_units
from scripts.demonstration.unified_codes import organisation_check_digit


@pytest.fixture(scope="module")
def units(city: City) -> list[Unit]:
    return generate_units(city, 7)


def metres_between(one: Point, other: Point) -> float:
    north, east = radians(other.lat - one.lat), radians(other.lng - one.lng)
    chord = sin(north / 2) ** 2 + cos(radians(one.lat)) * cos(radians(other.lat)) * sin(east / 2) ** 2
    return 2 * 6_371_000 * asin(sqrt(chord))


def test_every_unified_code_checks_and_no_unit_shares_one(units: list[Unit]) -> None:
    codes = [unit.unified_code for unit in units]
    assert all(uscc.is_valid(code) for code in codes)
    assert all(code[16] == organisation_check_digit(code[8:16]) for code in codes)
    assert len(set(codes)) == len(codes)


def test_the_organisation_check_digit_follows_codes_in_use() -> None:
    assert organisation_check_digit("60003734") == "1"
    assert organisation_check_digit("10162374") == "1"


def test_a_public_body_and_a_shopkeeper_have_different_kinds_of_code(units: list[Unit]) -> None:
    codes = {unit.key: unit.unified_code for unit in units}
    assert codes["city-library"].startswith("12420200")
    assert codes["sample-supermarket"].startswith("91420200")
    assert codes["sample-noodle-shop"].startswith("92420200")


def test_every_shop_stands_inside_its_district(city: City, units: list[Unit]) -> None:
    for unit in units:
        assert 1 <= len(unit.shops) <= 4
        for shop in unit.shops:
            district = city.district(shop.district)
            assert metres_between(district.centre, shop.point) < district.radius_m


def test_the_first_shop_stands_in_the_units_own_district(units: list[Unit]) -> None:
    assert {unit.shops[0].district == unit.district for unit in units if unit.district} == {True}


def test_every_invented_shop_says_that_it_is_an_example(units: list[Unit]) -> None:
    for unit in units:
        for shop in unit.shops:
            assert "示例" in shop.name
            assert "示例" in shop.address


def test_shops_and_clerks_have_keys_of_their_own(units: list[Unit]) -> None:
    shops = [shop.key for unit in units for shop in unit.shops]
    clerks = [clerk.user for unit in units for shop in unit.shops for clerk in shop.clerks]
    assert len(set(shops)) == len(shops)
    assert len(set(clerks)) == len(clerks)
    assert all(shop.clerks for unit in units for shop in unit.shops)


def test_demonstration_clerks_stand_in_the_shop_the_file_names(city: City, units: list[Unit]) -> None:
    shops = {unit.key: unit.shops for unit in units}
    for clerk in city.demonstration.clerks:
        shop = shops[clerk.unit][clerk.shop]
        assert (clerk.user, clerk.name) in {(known.user, known.name) for known in shop.clerks}
    assert len({clerk.unit for clerk in city.demonstration.clerks}) >= 2


def test_the_same_seed_gives_the_same_units(city: City, units: list[Unit]) -> None:
    assert generate_units(city, 7) == units
    assert generate_units(city, 8) != units
