"""The shape of `city.yaml` and `calendar/<year>.yaml`."""

from datetime import date
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, Field, ValidationInfo, field_validator

from backend.city.fields import CityData, Code, Many, Milli, Some, Text, matching


def _check_timezone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(f"没有时区 {name}，如 Asia/Shanghai") from None
    return name


SixDigits = Annotated[str, matching(r"\d{6}", "行政区划代码是六位数字")]
Timezone = Annotated[str, AfterValidator(_check_timezone)]


class Office(CityData):
    """The credit office that answers for the score."""

    name: Text


class Contact(CityData):
    """How to reach the office; null until the office itself has given it."""

    phone: Text | None
    email: Text | None
    address: Text | None


class Level(CityData):
    """A named level from `from_milli` up to the next one. Nothing below the lowest has a name."""

    code: Code
    name: Text
    from_milli: Milli


class Point(CityData):
    """A place on the maps people use here (GCJ-02, as WeChat gives it)."""

    lat: Annotated[float, Field(ge=3, le=54)]
    lng: Annotated[float, Field(ge=73, le=136)]


class District(CityData):
    """A district. `key` is its name in all files: the administrative code where it has one.

    `id_prefix` starts the ID numbers of invented people from there.
    """

    key: Code
    code: SixDigits | None
    name: Text
    centre: Point
    radius_m: Annotated[int, Field(ge=100, le=200_000)]
    id_prefix: SixDigits

    @field_validator("code")
    @classmethod
    def _is_the_key(cls, value: str | None, info: ValidationInfo) -> str | None:
        if value is not None and value != info.data.get("key", value):
            raise ValueError("有行政区划代码的区县，key 与 code 相同")
        return value


class PermanentResidents(CityData):
    """How many people live in each district, as `source` published it for the day `as_of`."""

    source: Text
    as_of: date
    by_district: dict[Code, Annotated[int, Field(ge=1, le=100_000_000)]]


class Category(CityData):
    """A field of life in which advantages are given."""

    code: Code
    name: Text


class HelpText(CityData):
    """A question people ask, and its answer in plain words."""

    code: Code
    title: Text
    text: Text


class Texts(CityData):
    """What the public page says; `not_scored` are things that never move a score."""

    slogan: Text
    not_scored: Some[Text]
    help: Many[HelpText]


class CityHead(CityData):
    """`city.yaml`."""

    code: Code
    name: Text
    short_name: Text
    score_name: Text
    example_levels: bool = False
    office: Office
    contact: Contact
    timezone: Timezone
    coverage_target_percent: Annotated[int, Field(ge=1, le=100)] | None
    permanent_residents: PermanentResidents | None = None
    decided_within_working_days: Annotated[int, Field(ge=1, le=20)] = 5
    levels: Some[Level]
    districts: Some[District]
    categories: Some[Category]
    texts: Texts

    @field_validator("levels")
    @classmethod
    def _rise(cls, levels: tuple[Level, ...]) -> tuple[Level, ...]:
        edges = [level.from_milli for level in levels]
        if edges != sorted(set(edges)):
            raise ValueError("按 from 从低到高排列，且不重复")
        return levels


class Holiday(CityData):
    """Days off, first and last included."""

    name: Text
    first: date
    last: date

    @field_validator("last")
    @classmethod
    def _is_not_before_first(cls, value: date, info: ValidationInfo) -> date:
        if value < info.data.get("first", value):
            raise ValueError("早于 first")
        return value


class CalendarFile(CityData):
    """`calendar/<year>.yaml`, after the yearly notice named in `source`."""

    year: int
    source: Text
    holidays: Many[Holiday]
    make_up_days: Many[date]
