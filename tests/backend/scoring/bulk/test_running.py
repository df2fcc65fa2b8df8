"""The whole city scored: everybody once, with the very numbers the one-person engine gives."""

import signal
import sys
from datetime import date, datetime
from subprocess import run
from uuid import UUID

import pytest
from sqlalchemy import func, select, text, update
from sqlalchemy.orm import Session

from backend.city import City
from backend.core.clock import day_in_china
from backend.scoring import queries
from backend.scoring.bulk.running import Progress
from backend.scoring.city_model import own_model
from backend.scoring.engine.compute import compute_score
from backend.scoring.engine.errors import UnknownIndicator
from backend.scoring.explanation import explain_heaviest
from backend.scoring.models import CreditRecord, Score, ScoreMonth, ScoreRun, ScoreRunSlice
from backend.scoring.service import refresh_score
from tests.backend.scoring.bulk import until_killed
from tests.backend.scoring.bulk.conftest import DAY, Town


def test_everybody_gets_the_score_of_the_one_person_engine(town: Town) -> None:
    seen: list[Progress] = []
    done = town.scorer.run(town.parts.city, per_slice=100, tell=seen.append)
    today = today_in(town)
    with town.sessions() as db:
        scores = db.scalars(select(Score)).all()
        assert len(scores) > 100
        assert done == Progress(len(scores), len(scores), 0)
        assert [progress.done for progress in seen] == [*range(100, len(scores), 100), len(scores)]
        model = own_model(town.parts.city, today)
        for score in scores:
            expected = compute_score(model, queries.records_of(db, score.resident_id), today)
            level = expected.level.code if expected.level else None
            stored = (score.as_of, score.model_version, score.score_milli, score.level, score.heaviest)
            assert stored == (today, model.version, expected.score_milli, level, explain_heaviest(expected))
            month = db.get_one(ScoreMonth, (score.resident_id, today.replace(day=1)))
            assert (month.score_milli, month.level) == (score.score_milli, level)
        [run] = db.scalars(select(ScoreRun)).all()
        assert (run.finished, run.people, run.as_of) == (True, len(scores), today)
    assert not list(town.folder.iterdir()), "the columns are gone"


def test_a_second_run_on_the_same_day_has_nobody_left(town: Town) -> None:
    first = town.scorer.run(town.parts.city)
    assert first
    assert first.people > 100
    assert town.scorer.run(town.parts.city) == Progress(0, 0, 0)


def test_the_page_explains_a_score_of_a_run_when_it_is_asked(town: Town) -> None:
    town.scorer.run(town.parts.city)
    with town.sessions() as db:
        score = db.scalars(select(Score).limit(1)).one()
        assert score.explanation is None
        page = queries.get_score(db, town.parts.city, score.resident_id, today_in(town))
    assert page["score_milli"] == score.score_milli
    assert sum(len(part["lines"]) for part in page["dimensions"]) >= len(score.heaviest or [])


def test_a_run_whose_process_was_killed_is_taken_up_and_nothing_is_done_twice(town: Town) -> None:
    for slices in (2, 1):
        killed = run([sys.executable, "-m", until_killed.__name__, *town.address(), str(slices)], check=False)
        assert killed.returncode == -signal.SIGKILL
    with town.sessions() as db:
        before = slices_of(db, last_run(db))
        outdated = count_outdated(db, today_in(town))
        assert outdated > 0
        assert set(before) == {0, 1, 2}
    done = town.scorer.run(town.parts.city)
    assert done
    assert done.taken_up == 2
    with town.sessions() as db:
        assert count_outdated(db, today_in(town)) == 0
        finished = last_run(db)
        slices = slices_of(db, finished)
        assert {number: slices[number] for number in before} == before, "they were not done again"
        assert sum(people for people, _ in slices.values()) == finished.people
        written = db.scalar(
            select(func.sum(ScoreRunSlice.written)).where(ScoreRunSlice.run_id == finished.id)
        )
        assert written == finished.people


def test_a_broken_run_of_yesterday_is_over_and_leaves_nothing_behind(town: Town) -> None:
    killed = run([sys.executable, "-m", until_killed.__name__, *town.address(), "1"], check=False)
    assert killed.returncode == -signal.SIGKILL
    town.clock.ahead += DAY
    done = town.scorer.run(town.parts.city)
    assert done
    assert done.taken_up == 0
    with town.sessions() as db:
        assert count_outdated(db, today_in(town)) == 0
        assert [
            one.finished for one in db.scalars(select(ScoreRun).order_by(ScoreRun.begun_at.desc()).limit(2))
        ] == [True, False]
    assert not list(town.folder.iterdir())


def test_whoever_withdrew_during_the_run_has_no_score_and_no_month(town: Town) -> None:
    gone: list[UUID] = []

    def withdraw(progress: Progress) -> None:
        if not gone:
            with town.parts.sessions.begin() as db:
                gone.append(next_in_line(db, town))
                for table in ("scores", "score_months"):
                    db.execute(text(f"DELETE FROM {table} WHERE resident_id = :id"), {"id": gone[0]})

    town.scorer.run(town.parts.city, per_slice=100, tell=withdraw)
    with town.sessions() as db:
        assert db.get(Score, gone[0]) is None
        assert db.scalars(select(ScoreMonth).where(ScoreMonth.resident_id == gone[0])).all() == []
        assert last_run(db).finished


def test_what_was_computed_after_the_run_began_keeps_its_place(town: Town) -> None:
    alone: list[UUID] = []

    def rescore(progress: Progress) -> None:
        if not alone:
            with town.parts.sessions.begin() as db:
                one = next_in_line(db, town)
                alone.append(one)
                db.execute(
                    update(CreditRecord).where(CreditRecord.resident_id == one).values(status="withdrawn")
                )
                refresh_score(db, city=town.parts.city, resident_id=one, now=town.clock.now())

    town.scorer.run(town.parts.city, per_slice=100, tell=rescore)
    with town.sessions() as db:
        score = db.get_one(Score, alone[0])
        assert score.explanation is not None, "it is the one of the job, not of the run"
        assert score.score_milli == own_model(town.parts.city, score.as_of).base_milli


def test_a_record_the_model_does_not_know_stops_the_run_before_anything_is_written(town: Town) -> None:
    with town.parts.sessions.begin() as db:
        record = db.scalars(select(CreditRecord).where(CreditRecord.status == "active").limit(1)).one()
        known, record.indicator = record.indicator, "unheard-of"
        record_id = record.id
    try:
        with pytest.raises(UnknownIndicator):
            town.scorer.run(town.parts.city)
        with town.sessions() as db:
            assert db.scalar(select(func.count()).where(Score.as_of == today_in(town))) == 0
    finally:
        with town.parts.sessions.begin() as db:
            db.execute(update(CreditRecord).where(CreditRecord.id == record_id).values(indicator=known))
    assert town.scorer.run(town.parts.city)


def test_of_two_at_once_only_one_works(town: Town) -> None:
    answers: list[Progress | None] = []
    town.scorer.run(town.parts.city, tell=lambda _: answers.append(town.scorer.run(town.parts.city)))
    assert answers == [None]


def test_a_model_activated_during_the_run_never_mixes_versions_for_one_person(town: Town) -> None:
    before = town.parts.city
    newest = before.score_models[-1]
    changed = {
        "version": "activated",
        "effective_on": today_in(town),
        "base_milli": newest.base_milli - 3_000,
    }
    following = before.model_copy(
        update={"score_models": (*before.score_models, newest.model_copy(update=changed))}
    )
    alone: list[UUID] = []

    def activate(progress: Progress) -> None:
        with town.parts.sessions.begin() as db:
            one = next_in_line(db, town) if progress.done < progress.people else None
            if one:
                alone.append(one)
                refresh_score(db, city=following, resident_id=one, now=town.clock.now())

    town.scorer.run(before, per_slice=100, tell=activate)
    assert versions_in(town, before, following) == {newest.version, "activated"}
    done = town.scorer.run(following)
    assert done
    assert done.people == count_scores(town) - len(alone)
    assert versions_in(town, following) == {"activated"}


def versions_in(town: Town, *cities: City) -> set[str]:
    """The versions of everybody's score, each row wholly by the model of its version."""
    models = {model.version: model for model in (own_model(city, today_in(town)) for city in cities)}
    with town.sessions() as db:
        scores = db.scalars(select(Score)).all()
        for score in scores:
            model = models[score.model_version]
            expected = compute_score(model, queries.records_of(db, score.resident_id), score.as_of)
            level = expected.level.code if expected.level else None
            assert (score.score_milli, score.level) == (expected.score_milli, level)
            assert score.heaviest == explain_heaviest(expected) or score.explanation is not None
            month = db.get_one(ScoreMonth, (score.resident_id, score.as_of.replace(day=1)))
            assert (month.score_milli, month.model_version) == (score.score_milli, score.model_version)
        return {score.model_version for score in scores}


def count_scores(town: Town) -> int:
    with town.sessions() as db:
        return db.scalar(select(func.count()).select_from(Score)) or 0


def today_in(town: Town) -> date:
    return day_in_china(town.clock.now())


def next_in_line(db: Session, town: Town) -> UUID:
    """Somebody of a slice the run has not come to."""
    outdated = select(Score.resident_id).where(Score.as_of < today_in(town))
    return db.scalars(outdated.limit(1)).one()


def count_outdated(db: Session, today: date) -> int:
    return db.scalar(select(func.count()).where(Score.as_of < today)) or 0


def last_run(db: Session) -> ScoreRun:
    return db.scalars(select(ScoreRun).order_by(ScoreRun.begun_at.desc()).limit(1)).one()


def slices_of(db: Session, score_run: ScoreRun) -> dict[int, tuple[int, datetime]]:
    rows = db.scalars(select(ScoreRunSlice).where(ScoreRunSlice.run_id == score_run.id))
    return {one.slice: (one.people, one.done_at) for one in rows}
