"""Working days by the holiday notices the city folder holds."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, timedelta

_SATURDAY = 5


def is_weekend(day: date) -> bool:
    """Saturday or Sunday."""
    return day.weekday() >= _SATURDAY


@dataclass(frozen=True)
class WorkingDays:
    """The city's working days.

    A year without a calendar counts Monday to Friday: deadlines of next January must be computable
    before next year's notice is out, and a holiday taken for a working day only makes the office's
    own deadline come earlier. `is_certain` tells whether a day's year has its notice.
    """

    holidays: AbstractSet[date]
    make_up_days: AbstractSet[date]
    years: AbstractSet[int]

    def is_working_day(self, day: date) -> bool:
        """Is the office open on that day?"""
        if day in self.make_up_days:
            return True
        return not is_weekend(day) and day not in self.holidays

    def is_certain(self, day: date) -> bool:
        """Does a published notice cover that day's year?"""
        return day.year in self.years

    def add(self, day: date, count: int) -> date:
        """The `count`-th working day after `day`, which itself never counts; `day` for 0."""
        if count < 0:
            raise ValueError(f"working days are only counted forward, not {count}")
        while count:
            day += timedelta(days=1)
            count -= self.is_working_day(day)
        return day
