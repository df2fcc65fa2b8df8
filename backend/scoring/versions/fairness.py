"""How scores lie, month by month, by district, age band and sex: whether a model weighs on one group."""

from collections import Counter
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.audit import service as audit
from backend.city import City
from backend.core.actor import SYSTEM
from backend.core.clock import day_in_china
from backend.scoring.city_model import data_in_force
from backend.scoring.models import Score
from backend.scoring.queries import list_outdated
from backend.scoring.versions.disclosure import is_small, may_show, merged_columns
from backend.scoring.versions.groups import IN_ORDER, KINDS, MOST_AT_ONCE, groups_of
from backend.scoring.versions.impact import count_by, mean, mean_of, table_by
from backend.scoring.versions.models import ScoreMonthFigures
from backend.scoring.versions.tally import Cell


def count_month(db: Session, city: City, *, now: datetime) -> bool:
    """Count this month once, on the first day that finds every score up to date; says whether it did."""
    today = day_in_china(now)
    month = today.replace(day=1)
    if db.get(ScoreMonthFigures, month) or list_outdated(db, city, today, after=None, limit=1):
        return False
    people, points = _add_up(db, now=now)
    if not people:
        return False
    db.add(
        ScoreMonthFigures(
            month=month,
            as_of=today,
            model_version=data_in_force(db, city, today).version,
            figures=month_figures(city, people, points),
            counted_at=now,
        )
    )
    audit.record(db, "score_month.counted", subject=("score_month", str(month)), actor=SYSTEM, now=now)
    return True


def month_figures(city: City, people: Counter[Cell], points: Counter[Cell]) -> dict[str, Any]:
    """As it is stored and shown: of no group of fewer than ten, and of none that could be worked out."""
    if is_small(people.total()):
        return {"people": None}
    names = ["", *(level.code for level in city.levels)]
    levels = count_by(people, _level_of)
    columns = merged_columns(names, levels)
    groups = {}
    for kind in KINDS:
        table = table_by(city, people, kind, _level_of)
        shown = may_show(table, columns, in_order=kind == IN_ORDER)
        groups[kind] = [
            {
                "keys": list(row.keys),
                "people": row.people,
                "mean_milli": mean_of(points, people, kind, row.keys),
                "counts": list(row.counts) if row.counts else None,
            }
            for row in (shown.rows if shown else ())
        ]
    return {
        "people": people.total(),
        "mean_milli": mean(points.total(), people.total()),
        "levels": [list(column) for column in columns],
        "counts": [sum(levels[name] for name in column) for column in columns],
        "groups": groups,
    }


def _level_of(cell: Cell) -> str:
    return cell[3]


def _add_up(db: Session, *, now: datetime) -> tuple[Counter[Cell], Counter[Cell]]:
    today = day_in_china(now)
    people, points = Counter[Cell](), Counter[Cell]()
    after: UUID | None = None
    while True:
        query = select(Score.resident_id, Score.score_milli, Score.level).where(Score.as_of == today)
        if after:
            query = query.where(Score.resident_id > after)
        rows = db.execute(query.order_by(Score.resident_id).limit(MOST_AT_ONCE)).all()
        groups = groups_of(db, [row.resident_id for row in rows], on=today)
        for resident_id, score_milli, level in rows:
            if place := groups.get(resident_id):
                cell = (place.district, place.age, place.sex, level or "", level or "")
                people[cell] += 1
                points[cell] += score_milli
        if len(rows) < MOST_AT_ONCE:
            return people, points
        after = rows[-1].resident_id
