"""Figures of past months by group, for the pictures of the page that shows whether the rules weigh on one."""

from collections import Counter
from datetime import datetime, timedelta
from itertools import product
from random import Random

from sqlalchemy.orm import Session

from backend.city import City
from backend.core.clock import day_in_china
from backend.scoring.city_model import own_model
from backend.scoring.versions.fairness import month_figures
from backend.scoring.versions.groups import KINDS, names_of
from backend.scoring.versions.models import ScoreMonthFigures
from backend.scoring.versions.tally import Cell

_USUAL_MILLI = 62_000


def add_fair_months(db: Session, city: City, months: int, *, seed: int, now: datetime) -> None:
    """The months before this one. Older people stand a little higher, as those do who have had more time."""
    rng, month = Random(seed), day_in_china(now).replace(day=1)
    model = own_model(city, month)
    for _ in range(months):
        month = (month - timedelta(days=1)).replace(day=1)
        people, points = Counter[Cell](), Counter[Cell]()
        for district, age, sex in product(*(names_of(city, kind) for kind in KINDS)):
            for level in ("", *(one.code for one in model.levels)):
                cell = (district, age, sex, level, level)
                people[cell] = rng.randint(20, 4_000)
                usual = _USUAL_MILLI + 60 * int(age) + rng.randint(-1_500, 1_500)
                points[cell] = people[cell] * usual
        db.add(
            ScoreMonthFigures(
                month=month,
                as_of=month,
                model_version=model.version,
                figures=month_figures(city, people, points),
                counted_at=now,
            )
        )
