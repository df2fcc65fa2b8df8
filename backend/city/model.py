"""The loaded city: everything the folder says, with the questions other parts ask it."""

from collections.abc import Iterable
from datetime import date
from typing import TypeVar

from pydantic import InstanceOf

from backend.city.calendar import WorkingDays
from backend.city.city_file import Category, CityHead, District, Level
from backend.city.consent_files import Consents
from backend.city.demonstration_file import Demonstration
from backend.city.incentive_files import Incentive, UnitData
from backend.city.membership_files import Membership
from backend.city.message_files import Templates
from backend.city.report_files import Reports
from backend.city.score_files import ScoreModelData
from backend.city.sentence_files import Sentences
from backend.city.source_files import Source

T = TypeVar("T")


class City(CityHead):
    """One city. Look-ups by code raise LookupError for a code the city does not have."""

    working_days: WorkingDays
    units: tuple[UnitData, ...]
    incentives: tuple[Incentive, ...]
    consents: InstanceOf[Consents]
    membership: Membership
    reports: Reports
    score_models: tuple[ScoreModelData, ...]
    sentences: Sentences
    sources: tuple[Source, ...]
    messages: InstanceOf[Templates]
    demonstration: Demonstration

    def level(self, code: str) -> Level:
        """The level of that code."""
        return _one(self.levels, "code", code)

    def district(self, key: str) -> District:
        """The district of that key."""
        return _one(self.districts, "key", key)

    def category(self, code: str) -> Category:
        """The category of that code."""
        return _one(self.categories, "code", code)

    def unit(self, key: str) -> UnitData:
        """The unit of that key."""
        return _one(self.units, "key", key)

    def source(self, key: str) -> Source:
        """The source of that key."""
        return _one(self.sources, "key", key)

    def score_model(self, on: date) -> ScoreModelData:
        """The model in force that day."""
        in_force = [model for model in self.score_models if model.effective_on <= on]
        if not in_force:
            raise LookupError(f"{self.code} has no score model in force on {on}")
        return in_force[-1]


def _one(things: Iterable[T], field: str, value: str) -> T:
    for thing in things:
        if getattr(thing, field) == value:
            return thing
    raise LookupError(f"there is no {field} {value}")
