"""Once a month it is counted how scores lie, by groups of ten people or more."""

from collections import Counter

from sqlalchemy import func, select, update

from backend.core.clock import day_in_china
from backend.scoring.models import Score
from backend.scoring.versions.disclosure import is_small
from backend.scoring.versions.fairness import count_month
from backend.scoring.versions.groups import band_of
from backend.scoring.versions.models import ScoreMonthFigures
from tests.backend.scoring.bulk.conftest import Town


def test_a_month_is_counted_when_all_scores_of_a_day_are_there_and_once(town: Town) -> None:
    city, sessions = town.parts.city, town.parts.sessions
    now = town.clock.now()
    today = day_in_china(now)
    with sessions.begin() as db:
        db.execute(update(Score).values(as_of=today))
        one = db.scalars(select(Score.resident_id).limit(1)).one()
        db.execute(update(Score).where(Score.resident_id == one).values(model_version="earlier"))
        assert not count_month(db, city, now=now), "somebody's score is of another version"
        db.execute(update(Score).values(model_version=city.score_model(today).version))
        assert count_month(db, city, now=now)
        assert not count_month(db, city, now=now)
        counted = db.get_one(ScoreMonthFigures, today.replace(day=1)).figures
        people, points = db.execute(select(func.count(), func.sum(Score.score_milli))).one()
        levels = Counter(db.scalars(select(func.coalesce(Score.level, ""))))
    assert counted["people"] == people == sum(counted["counts"])
    assert abs(counted["mean_milli"] - points / people) <= 50
    for names, number in zip(counted["levels"], counted["counts"], strict=True):
        assert number == sum(levels[name] for name in names)
        assert not is_small(number)
    for rows in counted["groups"].values():
        assert sum(row["people"] for row in rows) == people
        for row in rows:
            assert not is_small(row["people"])
            assert not any(map(is_small, row["counts"] or []))


def test_an_age_band_is_named_for_where_it_begins() -> None:
    assert [band_of(age) for age in (18, 29, 30, 59, 60, 74, 75, 110)] == [
        *("18", "18", "30", "45", "60", "60", "75", "75"),
    ]
