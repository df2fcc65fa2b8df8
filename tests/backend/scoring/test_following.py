"""The score follows its records by a job, and the months by the calendar."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

from backend.core.clock import ShiftedClock, day_in_china
from backend.core.errors import NotFound
from backend.main import Parts
from backend.scoring import jobs
from backend.scoring.bulk.engines import DuckDB
from backend.scoring.bulk.running import CityScorer, open_city_scorer
from backend.scoring.engine.model import RecordStatus
from backend.scoring.models import CreditRecord, Score, ScoreMonth
from backend.scoring.records import set_record_status
from tests.backend.scoring.conftest import NewScored, Scored, today
from tests.factories.answers import refusal
from tests.factories.pages import all_items
from tests.factories.trail import audit_actions, count_rows

JOBS = text("SELECT status::text FROM jobs.procrastinate_jobs WHERE args ->> 'resident_id' = :resident_id")


def test_a_disputed_record_stops_counting_once_the_job_has_run(
    db: Session, parts: Parts, new_scored: NewScored
) -> None:
    scored = new_scored(("penalty", 30, 1), ("blood-donation", 10, 1))
    record_id, before = _record(db, scored, "penalty"), scored.page()["score_milli"]
    steps = [
        (RecordStatus.OBJECTED, "objected"),
        (RecordStatus.ACTIVE, None),
        (RecordStatus.REPAIRED, "repaired"),
    ]
    seen = []
    for status, not_counted in steps:
        set_record_status(db, record_id=record_id, status=status, now=datetime.now(UTC))
        db.commit()
        assert _jobs(db, scored) == ["todo"]
        _run_all_jobs(parts)
        assert _jobs(db, scored) == []
        page = scored.page()
        line = next(
            line
            for part in page["dimensions"]
            for line in part["lines"]
            if line["record_id"] == str(record_id)
        )
        assert (line["status"], line["not_counted"]) == (status, not_counted)
        seen.append(page["score_milli"])
    penalty = scored.by_engine(today()).dimensions
    cost = next(line.points_milli for part in penalty for line in part.lines if line.indicator == "penalty")
    assert cost < 0
    assert seen == [before - cost, before, before - cost]
    assert audit_actions(db, "credit_record", record_id) == [
        "record.objected",
        "record.active",
        "record.repaired",
    ]


def test_a_change_that_is_rolled_back_leaves_no_job(db: Session, new_scored: NewScored) -> None:
    scored = new_scored(("penalty", 30, 1))
    record_id = _record(db, scored, "penalty")
    set_record_status(db, record_id=record_id, status=RecordStatus.OBJECTED, now=datetime.now(UTC))
    assert _jobs(db, scored) == ["todo"], "the job stands in the transaction of the change"
    db.rollback()
    assert _jobs(db, scored) == []
    assert audit_actions(db, "credit_record", record_id) == []


def test_a_record_that_is_not_there_cannot_be_changed(db: Session) -> None:
    with pytest.raises(NotFound):
        set_record_status(db, record_id=uuid4(), status=RecordStatus.OBJECTED, now=datetime.now(UTC))


def test_the_job_may_run_twice(db: Session, new_scored: NewScored) -> None:
    scored = new_scored(("blood-donation", 10, 1))
    before = scored.page()
    for _ in range(2):
        jobs.rescore(resident_id=scored.visitor.tokens["resident"]["id"])
    assert scored.page() == before


def test_the_history_keeps_the_last_score_of_each_month(
    db: Session, clock: ShiftedClock, new_scored: NewScored
) -> None:
    scored = new_scored(("blood-donation", 10, 2), ("volunteer-hours", 100, 60))
    resident_id = scored.visitor.tokens["resident"]["id"]
    months: dict[str, int] = {f"{today():%Y-%m}": scored.by_engine(today()).score_milli}
    for days in (31, 33, 62, 93):
        clock.ahead = timedelta(days=days)
        jobs.rescore(resident_id=resident_id)
        on = day_in_china(clock.now())
        months[f"{on:%Y-%m}"] = scored.by_engine(on).score_milli
    scored.visitor.sign_in()
    assert len(set(months.values())) == len(months) >= 3

    items = all_items(scored.visitor, "/resident/score/history", limit=2)
    assert [(item["month"], item["score_milli"]) for item in items] == sorted(months.items(), reverse=True)
    assert {item["level"] for item in items} == {"good"}
    assert count_rows(db, ScoreMonth, resident_id=resident_id) == len(months)


@pytest.mark.parametrize("cursor", ["x", "WyIyMDI2LTEzLTAxIl0", "WzFd"])
def test_a_cursor_that_is_no_month_is_refused(new_scored: NewScored, cursor: str) -> None:
    answer = new_scored().visitor.get("/resident/score/history", cursor=cursor)
    refusal(answer, 422, "paging.bad_cursor")


def _run_all_jobs(parts: Parts) -> None:
    parts.queue.run_worker(
        wait=False, install_signal_handlers=False, listen_notify=False, delete_jobs="successful"
    )


def _jobs(db: Session, scored: Scored) -> list[str]:
    return list(db.scalars(JOBS, {"resident_id": scored.visitor.tokens["resident"]["id"]}))


def _record(db: Session, scored: Scored, indicator: str) -> UUID:
    query = select(CreditRecord.id).where(
        CreditRecord.resident_id == scored.visitor.tokens["resident"]["id"],
        CreditRecord.indicator == indicator,
    )
    return db.scalars(query).one()


def test_many_scores_of_an_earlier_day_are_brought_up_by_a_run_over_the_city(
    db: Session, parts: Parts, new_scored: NewScored, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scored = new_scored(("blood-donation", 10, 1))
    resident_id = UUID(scored.visitor.tokens["resident"]["id"])
    yesterday = {"as_of": today() - timedelta(days=1), "score_milli": 0}
    db.execute(update(Score).where(Score.resident_id == resident_id).values(**yesterday))
    db.commit()
    open_city_scorer(
        CityScorer(parts.engine, parts.sessions, engine=DuckDB(), folder=tmp_path, clock=parts.clock)
    )
    monkeypatch.setattr(jobs, "MANY", 1)
    jobs.refresh_outdated(timestamp=0)
    db.expire_all()
    score = db.get_one(Score, resident_id)
    assert (score.as_of, score.score_milli) == (today(), scored.by_engine(today()).score_milli)
    assert score.explanation is None, "a run explains nobody's score"
    assert scored.page()["score_milli"] == score.score_milli
