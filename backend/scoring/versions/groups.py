"""The groups that scores are looked at by: district, age band and sex. Nobody's number is kept for it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.city import City
from backend.identity.queries import ages_and_sexes
from backend.scoring.models import Residence

# From so many years of age; the last has no end.
AGE_BANDS = (18, 30, 45, 60, 75)
SEXES = ("female", "male")
KINDS = ("district", "age", "sex")
IN_ORDER = "age"
MOST_AT_ONCE = 5_000


@dataclass(frozen=True, slots=True)
class Groups:
    """Where one resident belongs."""

    district: str
    age: str
    sex: str


def groups_of(db: Session, resident_ids: Collection[UUID], *, on: date) -> Mapping[UUID, Groups]:
    """Whoever has no account any more is left out. What is read for it is forgotten at once."""
    persons = ages_and_sexes(db, resident_ids, on=on)
    rows = db.execute(
        select(Residence.resident_id, Residence.district).where(Residence.resident_id.in_(resident_ids))
    )
    return {
        resident_id: Groups(district, band_of(persons[resident_id][0]), persons[resident_id][1])
        for resident_id, district in rows
        if resident_id in persons
    }


def band_of(age: int) -> str:
    """The name of an age band is the age it begins at."""
    return str(max((first for first in AGE_BANDS if first <= age), default=AGE_BANDS[0]))


def names_of(city: City, kind: str) -> list[str]:
    """All groups of a kind, in the order they are shown."""
    if kind == "district":
        return [district.key for district in city.districts]
    return [str(first) for first in AGE_BANDS] if kind == "age" else list(SEXES)
