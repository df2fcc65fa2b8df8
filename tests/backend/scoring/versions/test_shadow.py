"""A shadow run finds what the one-person engine would, keeps nobody's result, and ends when it should."""

from collections import Counter
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from backend.city.score_document import load_score_model
from backend.core.clock import day_in_china
from backend.scoring import queries
from backend.scoring.city_model import build_model, own_model
from backend.scoring.engine.compute import ScoreResult, clamp, compute_score
from backend.scoring.engine.model import ScoreModel
from backend.scoring.models import Score
from backend.scoring.versions.disclosure import is_small
from backend.scoring.versions.groups import groups_of
from backend.scoring.versions.impact import impact_report
from backend.scoring.versions.models import ScoreModelVersion, ShadowRun, VersionState
from backend.scoring.versions.shadow import begin_shadow_run, stop_shadow_run
from backend.scoring.versions.tally import AFTER, BASE, BEFORE, BOUNDS, Tally
from tests.backend.scoring.versions.conftest import Office
from tests.factories.score_models import with_indicator

STEP = 5_000


def stricter(content: dict[str, Any]) -> dict[str, Any]:
    """Other points, caps, decay and base, so that people move both ways and for several reasons."""
    for code, changed in {
        "blood-donation": {"points": "4.0", "cap": "12.0"},
        "volunteer-hours": {"points": "0.05", "decay": "none"},
        "volunteer-star": {"points": "0.5", "cap": "1.0"},
    }.items():
        content = with_indicator(content, code, **changed)
    return {**content, "base": "58.5"}


def test_a_shadow_run_adds_up_what_the_one_person_engine_gives(office: Office) -> None:
    version_id = office.begin(stricter)
    seen: list[int] = []
    run = office.try_on_the_city(version_id, per_slice=90, tell=seen.append)
    with office.town.sessions() as db:
        version = db.get_one(ScoreModelVersion, version_id)
        expected = by_hand(office, version, run)
        assert run.report == impact_report(office.town.parts.city, expected)
        assert run.people == run.done == expected.people.total() == seen[-1]
        assert len(seen) == -(-run.people // 90)
        assert (version.state, version.shadow_run_id) == (VersionState.SHADOWED, run.id)
        assert len(expected.reasons) > 2, "people move for several reasons"
        assert {direction for direction, _ in expected.reasons} == {1, -1}
    assert run.report["people"] > 100
    assert not list(office.folder.iterdir()), "the columns are gone"


def by_hand(office: Office, version: ScoreModelVersion, run: ShadowRun) -> Tally:
    """Everybody computed one by one."""
    city, tally = office.town.parts.city, Tally(STEP)
    before, after = own_model(city, run.as_of), build_model(city, load_score_model(version.document))
    with office.town.sessions() as db:
        ids = db.scalars(select(Score.resident_id)).all()
        groups = groups_of(db, ids, on=run.as_of)
        for resident_id in ids:
            records = queries.records_of(db, resident_id)
            old, new = (compute_score(model, records, run.as_of) for model in (before, after))
            place = groups[resident_id]
            cell = (place.district, place.age, place.sex, level_of(old), level_of(new))
            tally.people[cell] += 1
            tally.before_milli[cell] += old.score_milli
            tally.after_milli[cell] += new.score_milli
            tally.scores[BEFORE, old.score_milli // STEP] += 1
            tally.scores[AFTER, new.score_milli // STEP] += 1
            if level_of(old) != level_of(new):
                direction = 1 if new.score_milli > old.score_milli else -1
                tally.reasons[direction, reason(before, old, after, new, direction)] += 1
    return tally


def level_of(result: ScoreResult) -> str:
    return result.level.code if result.level else ""


def reason(before: ScoreModel, old: ScoreResult, after: ScoreModel, new: ScoreResult, direction: int) -> str:
    effects = held(after, new)
    effects.subtract(held(before, old))
    base = (after.base_milli - before.base_milli) * direction
    order = [indicator.code for indicator in after.indicators]
    towards = {code: effect * direction for code, effect in effects.items()}
    main = max(towards, key=lambda code: (towards[code], -order.index(code)), default=None)
    if main and towards[main] > 0 and towards[main] >= base:
        return main
    return BASE if base > 0 else BOUNDS


def held(model: ScoreModel, result: ScoreResult) -> Counter[str]:
    sums = result.indicator_sums
    caps = {indicator.code: indicator.cap_milli for indicator in model.indicators}
    return Counter({code: clamp(points, -caps[code], caps[code]) for code, points in sums.items()})


def test_a_report_tells_of_no_small_group(office: Office) -> None:
    report = office.try_on_the_city(office.begin(stricter)).report
    assert report
    assert not any(map(is_small, report["moves"]))
    assert sum(report["moves"]) == report["people"]
    for rows in report["groups"].values():
        assert sum(row["people"] for row in rows) == report["people"]
        for row in rows:
            assert not is_small(row["people"])
            assert not any(map(is_small, row["moves"] or []))
    for named in ("levels", "scores"):
        assert not any(is_small(part["before"]) for part in report[named])
        assert not any(part["after"] and is_small(part["after"]) for part in report[named])
    for reasons in report["reasons"].values():
        assert not any(is_small(each["people"]) for each in reasons)


def test_no_result_of_a_shadow_run_is_kept(office: Office) -> None:
    def everything() -> Any:
        with office.town.sessions() as db:
            return db.execute(select(func.count(), func.sum(Score.score_milli), func.max(Score.as_of))).one()

    before = everything()
    office.try_on_the_city(office.begin(stricter))
    assert everything() == before


def test_a_run_that_was_stopped_ends_without_a_report_and_another_may_begin(office: Office) -> None:
    version_id = office.begin(stricter)
    run_id = office.begin_run(version_id)
    sessions, city = office.town.parts.sessions, office.town.parts.city

    def stop(_done: int) -> None:
        with sessions.begin() as db:
            stop_shadow_run(db, version_id, actor=office.people[0], now=office.now)

    with pytest.raises(IntegrityError, match="uq_score_shadow_runs_open"), sessions.begin() as db:
        begin_shadow_run(db, city, version_id, revision=1, actor=office.people[0], now=office.now)
    office.runner.run(city, run_id, per_slice=90, tell=stop)
    with office.town.sessions() as db:
        run = db.get_one(ShadowRun, run_id)
        assert (run.failure, run.report) == ("stopped", None)
        assert db.get_one(ScoreModelVersion, version_id).state == VersionState.DRAFT
    assert not list(office.folder.iterdir())
    assert office.try_on_the_city(version_id).report


def test_a_run_that_was_broken_off_is_done_anew(office: Office) -> None:
    version_id = office.begin(stricter)
    run_id = office.begin_run(version_id)
    city = office.town.parts.city

    def fail(_done: int) -> None:
        raise OSError("no space left")

    with pytest.raises(OSError, match="no space"):
        office.runner.run(city, run_id, per_slice=90, tell=fail)
    office.runner.run(city, run_id)
    office.runner.run(city, run_id)
    with office.town.sessions() as db:
        run = db.get_one(ShadowRun, run_id)
        assert run.report
        assert run.report["people"] == run.people == run.done


def test_two_runs_of_two_versions_at_once_do_not_meet(office: Office) -> None:
    first, second = office.begin(stricter), office.begin(lambda content: content)
    begun: dict[UUID, UUID] = {version: office.begin_run(version) for version in (first, second)}
    city = office.town.parts.city
    done: list[int] = []

    def meanwhile(number: int) -> None:
        if not done:
            done.append(number)
            office.runner.run(city, begun[second])

    office.runner.run(city, begun[first], per_slice=200, tell=meanwhile)
    with office.town.sessions() as db:
        same = db.get_one(ShadowRun, begun[second]).report
        changed = db.get_one(ShadowRun, begun[first]).report
    assert same
    assert same["reasons"] == {"up": [], "down": []}
    assert same["mean_before_milli"] == same["mean_after_milli"]
    assert changed
    assert changed["mean_before_milli"] != changed["mean_after_milli"]


def test_a_run_counts_for_the_day_it_was_ordered(office: Office) -> None:
    run = office.try_on_the_city(office.begin(stricter))
    assert run.as_of == day_in_china(office.now)
