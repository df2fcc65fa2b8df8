"""Resident identity numbers (GB 11643) of invented people.

Every number is drawn by chance; one that a living person holds is a coincidence. Order codes from
900 up are kept for the people of `demonstration.yaml`, so the two kinds never meet.
"""

from datetime import date
from functools import lru_cache
from random import Random

from stdnum.cn import ric

from scripts.demonstration.names import Sex

_RESERVED_FROM = 900


class IdNumbers:
    """Draws identity numbers, and never the same one twice."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def draw(self, rng: Random, *, prefix: str, born_on: date, sex: Sex) -> str:
        """A number nobody has yet."""
        while True:
            order = rng.randrange(10, _RESERVED_FROM) // 2 * 2 + (sex == "male")
            number = make_id_number(prefix, born_on, order)
            if number not in self._taken:
                self._taken.add(number)
                return number


def reserved_id_number(position: int, *, prefix: str, born_on: date, sex: Sex) -> str:
    """The number of the demonstration person at that position of the file, counted from 0."""
    order = _RESERVED_FROM + 2 * position + (sex == "male")
    if order > 999:
        raise ValueError(f"no order code is left for demonstration person {position}")
    return make_id_number(prefix, born_on, order)


def make_id_number(prefix: str, born_on: date, order: int) -> str:
    """Place, birthday, order code (odd for men) and check digit."""
    digits = f"{prefix}{born_on:%Y%m%d}{order:03d}"
    return digits + ric.calc_check_digit(digits + "0")


@lru_cache(maxsize=4096)
def issuing_prefix(district_prefix: str, birth_year: int) -> str:
    """The district's code, or the city's own where the district did not exist yet in that year.

    The public table of codes dates each district; a number that contradicts it looks forged.
    """
    number = make_id_number(district_prefix, date(birth_year, 1, 1), 1)
    return district_prefix if ric.is_valid(number) else district_prefix[:4] + "00"
