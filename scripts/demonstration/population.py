"""The city's people: any number of invented ones, and those of `demonstration.yaml`."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from backend.city import City
from backend.city.demonstration_file import DemonstrationPerson, DemonstrationRecord
from backend.scoring.engine.model import RecordStatus
from scripts.demonstration.id_numbers import IdNumbers, issuing_prefix, reserved_id_number
from scripts.demonstration.names import Sex, make_name
from scripts.demonstration.places import draw_district
from scripts.demonstration.records import PersonRecord, RecordMaker

_ADULT_AGE = 18
_JOINED_SHARE = 0.7
_JOINED_WITHIN_DAYS = 425
# First age of each band and its share of the adults, in percent; the last band ends before 96.
_AGE_BANDS = {18: 8, 25: 16, 35: 18, 45: 20, 55: 18, 65: 13, 75: 6, 86: 1}
_OLDEST_AGE = 95
_AGE_RANGES = list(zip(_AGE_BANDS, [*list(_AGE_BANDS)[1:], _OLDEST_AGE + 1], strict=True))


@dataclass(frozen=True, slots=True)
class Person:
    """An invented resident.

    `openid_user` is who they are at the WeChat simulator. `joined_on` is when they bound their
    identity and agreed to be scored; None for those who have not. `residence` is False for someone
    without residence on file, and `records_expected_on` the day the first records of a newcomer are due.
    """

    key: str
    name: str
    id_number: str
    born_on: date
    sex: Sex
    district: str
    openid_user: str
    joined_on: date | None
    records: tuple[PersonRecord, ...]
    residence: bool = True
    records_expected_on: date | None = None


def generate_people(city: City, count: int, seed: int, today: date) -> Iterator[Person]:
    """`count` adults. Asking for more adds people behind the same first ones."""
    maker = RecordMaker(city, today)
    numbers = IdNumbers()
    for index in range(count):
        yield _make_person(city, maker, numbers, index, Random(f"{seed}:person:{index}"), today)


def demonstration_people(city: City, today: date) -> list[Person]:
    """The people of `demonstration.yaml`, with records dated back from today.

    Most have not joined: whoever plays them signs in and agrees on the screen. Their ID numbers depend
    on the file alone.
    """
    return [_as_person(city, index, data, today) for index, data in enumerate(city.demonstration.people)]


def _make_person(
    city: City, maker: RecordMaker, numbers: IdNumbers, index: int, rng: Random, today: date
) -> Person:
    sex: Sex = rng.choice(("female", "male"))
    district = draw_district(rng, city.districts)
    born_on = _draw_birthday(rng, today)
    adult_since = _years_after(born_on, _ADULT_AGE)
    prefix = issuing_prefix(district.id_prefix, born_on.year)
    return Person(
        key=f"person-{index:07d}",
        name=make_name(rng, sex, born_on.year),
        id_number=numbers.draw(rng, prefix=prefix, born_on=born_on, sex=sex),
        born_on=born_on,
        sex=sex,
        district=district.key,
        openid_user=f"resident-{index:07d}",
        joined_on=_draw_joining(rng, adult_since, today),
        records=maker.make(rng, adult_since=adult_since),
    )


def _draw_birthday(rng: Random, today: date) -> date:
    first, end = rng.choices(_AGE_RANGES, weights=list(_AGE_BANDS.values()))[0]
    return _years_after(today, -rng.randrange(first, end)) - timedelta(days=rng.randint(1, 364))


def _draw_joining(rng: Random, adult_since: date, today: date) -> date | None:
    days_ago = rng.randrange(_JOINED_WITHIN_DAYS)
    if rng.random() >= _JOINED_SHARE:
        return None
    return max(adult_since, today - timedelta(days=days_ago))


def _years_after(day: date, years: int) -> date:
    """The same day of another year; 1 March where a 29 February is missing, as the civil code counts."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


def _as_person(city: City, index: int, data: DemonstrationPerson, today: date) -> Person:
    prefix = issuing_prefix(city.district(data.district).id_prefix, data.born_on.year)
    expected_in, joined_ago = data.records_expected_on, data.joined_days_ago
    return Person(
        key=f"demonstration-{data.user}",
        name=data.name,
        id_number=reserved_id_number(index, prefix=prefix, born_on=data.born_on, sex=data.sex),
        born_on=data.born_on,
        sex=data.sex,
        district=data.district,
        openid_user=data.user,
        joined_on=None if joined_ago is None else today - timedelta(days=joined_ago),
        records=tuple(_as_record(record, today) for record in data.records),
        residence=data.residence,
        records_expected_on=None if expected_in is None else today + timedelta(days=expected_in),
    )


def _as_record(data: DemonstrationRecord, today: date) -> PersonRecord:
    expires_in = data.expires_in_days
    return PersonRecord(
        indicator=data.indicator,
        occurred_on=today - timedelta(days=data.days_ago),
        quantity=data.quantity,
        expires_on=None if expires_in is None else today + timedelta(days=expires_in),
        status=RecordStatus(data.status),
    )
