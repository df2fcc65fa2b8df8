"""A city as data: names, levels, districts, texts, calendar, units, incentives, score model, consents.

`load_city` reads a folder under `cities/` into one frozen `City`, or raises `CityDataError`, which
names every problem with file, line and field. How the files look: docs/city-data.md.
Nothing here knows a database; the domains that store things take their base data from a `City`.
"""

from backend.city.calendar import WorkingDays
from backend.city.loader import load_city
from backend.city.model import City
from backend.city.problems import CityDataError, Problem

__all__ = ["City", "CityDataError", "Problem", "WorkingDays", "load_city"]
