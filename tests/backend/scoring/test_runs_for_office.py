"""The office sees the runs over the city, and orders one."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from backend.core.clock import ShiftedClock, day_in_china
from backend.main import Parts
from backend.scoring.jobs import score_city
from backend.scoring.models import ScoreRun, ScoreRunSlice
from backend.web.application import Application
from tests.factories.answers import refusal
from tests.factories.console import seat
from tests.factories.trail import audit_actions


def test_a_run_tells_how_far_it_is_and_how_long_it_will_take(db: Session, app: Application) -> None:
    begun = datetime.now(UTC) - timedelta(minutes=10)
    run = ScoreRun(
        as_of=day_in_china(begun), model_version="2026-01", begun_at=begun, per_slice=100, people=400
    )
    run.ended_at = begun + timedelta(minutes=4)
    db.add(run)
    db.flush()
    db.add(
        ScoreRunSlice(run_id=run.id, slice=0, people=100, written=100, done_at=begun + timedelta(minutes=1))
    )
    db.commit()
    keeper = seat(db, app, "score_keeper")

    def shown() -> dict[str, Any]:
        listed: Any = keeper.get("/office/score-runs", limit=50).json
        return next(item for item in listed["items"] if item["id"] == str(run.id))

    assert (shown()["done"], shown()["people"], shown()["begun_by"]) == (100, 400, None)
    assert (shown()["finished"], shown()["seconds_left"]) == (False, None)
    run.ended_at = None
    db.commit()
    assert shown()["seconds_left"] == 180
    run.ended_at = begun
    db.commit()


def test_a_run_is_ordered_by_whoever_keeps_the_scores(
    db: Session, app: Application, parts: Parts, clock: ShiftedClock
) -> None:
    keeper = seat(db, app, "score_keeper")
    assert keeper.post("/office/score-runs").status_code == 202
    assert "score_run.ordered" in audit_actions(db, "score_run", str(day_in_china(clock.now())))
    score_city(begun_by=str(keeper.id))
    listed: Any = keeper.get("/office/score-runs", limit=1).json
    [newest] = listed["items"]
    assert (newest["begun_by"], newest["finished"]) == ("周敏", True)
    assert newest["people"] == newest["done"]
    refusal(seat(db, app, "reviewer").post("/office/score-runs"), 403, "permission.missing")
    local = seat(db, app, "score_keeper", district="420202")
    refusal(local.get("/office/score-runs"), 403, "score_model.whole_city_only")


def test_months_are_shown_to_who_reads_the_model(db: Session, app: Application) -> None:
    answer = seat(db, app, "reviewer").get("/office/score-months")
    assert answer.status_code == 200
    refusal(seat(db, app, "window_clerk").get("/office/score-months"), 403, "permission.missing")
