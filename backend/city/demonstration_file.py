"""The shape of `demonstration.yaml`: invented people who show what the system does.

Their records lie a number of days before the demonstration's first day, so it never grows old.
"""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from backend.city.fields import CityData, Code, Count, DistrictRef, IndicatorRef, Many, Text, UnitRef


class DemonstrationRecord(CityData):
    """A credit record of a demonstration person."""

    indicator: IndicatorRef
    days_ago: Annotated[int, Field(ge=0)]
    quantity: Count = 1
    expires_in_days: int | None = None
    status: Literal["active", "objected", "repaired"] = "active"


class DemonstrationPerson(CityData):
    """`user` signs in at the simulator; `shows` says in one sentence what to look at.

    Who joined some days ago has bound an identity and agreed by then; the others do it on the screen.
    """

    user: Code
    name: Text
    born_on: date
    sex: Literal["male", "female"]
    district: DistrictRef
    shows: Text
    residence: bool = True
    records_expected_on: Annotated[int, Field(ge=0)] | None = None
    joined_days_ago: Annotated[int, Field(ge=0)] | None = None
    records: Many[DemonstrationRecord] = ()


class DemonstrationClerk(CityData):
    """A clerk at the unit's shop of that index, counted from 0."""

    user: Code
    name: Text
    unit: UnitRef
    shop: Annotated[int, Field(ge=0)]


class Demonstration(CityData):
    """`demonstration.yaml`; a city that runs in earnest has none."""

    people: Many[DemonstrationPerson] = ()
    clerks: Many[DemonstrationClerk] = ()
