"""Invented people with valid ID numbers, no two alike in a run."""

from dataclasses import dataclass
from datetime import date
from itertools import count

from stdnum.cn import ric

_number = count(1)


@dataclass(frozen=True)
class NewPerson:
    name: str
    id_number: str


def new_person(*, name: str = "张伟", born_on: date = date(1985, 5, 20)) -> NewPerson:
    """Somebody whose ID number nobody else has in this run of the tests."""
    sequence = next(_number)
    district = 420200 + sequence // 1000
    body = f"{district}{born_on:%Y%m%d}{sequence % 1000:03}"
    return NewPerson(name, body + ric.calc_check_digit(body + "0"))
