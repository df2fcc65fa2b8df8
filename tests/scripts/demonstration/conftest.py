"""Huangshi as its folder tells it, and a day on which to generate its people."""

from datetime import date
from pathlib import Path

import pytest

from backend.city import City, load_city
from scripts.demonstration import Person, generate_people

HUANGSHI = Path(__file__).parents[3] / "cities" / "huangshi"
TODAY = date(2026, 11, 22)


@pytest.fixture(scope="session")
def city() -> City:
    return load_city(HUANGSHI)


@pytest.fixture(scope="session")
def people(city: City) -> list[Person]:
    return list(generate_people(city, 5_000, 7, TODAY))
