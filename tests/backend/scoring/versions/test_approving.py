"""Two people who did not write a version approve it; then it never changes, and holds from its day."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any, cast

import pytest
from procrastinate import JobContext
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from backend.main import Parts
from backend.scoring import queries
from backend.scoring.city_model import list_models, model_in_force
from backend.scoring.engine.compute import score_without_trace
from backend.scoring.models import Score, ScoreMonth
from backend.scoring.service import refresh_score
from backend.scoring.versions import jobs
from backend.scoring.versions.approving import cancel_version
from backend.scoring.versions.errors import ModelTooLate, ReportOutdated, VersionInForce
from backend.scoring.versions.models import ScoreModelVersion
from backend.web.application import Application
from tests.backend.scoring.versions.conftest import Office
from tests.factories.answers import refusal
from tests.factories.console import Colleague, seat
from tests.factories.journey import Visitor
from tests.factories.score_models import VERSIONS, as_json, begun, new_content
from tests.factories.trail import audit_actions

# It is asked for when the run fails only.
NO_CONTEXT = cast(JobContext, SimpleNamespace(job=None))

BEFORE_MIDNIGHT = timedelta(minutes=59)


@pytest.fixture
def people(db: Session, app: Application) -> list[Colleague]:
    """Who writes, and two who may approve."""
    return [seat(db, app, role) for role in ("score_keeper", "score_keeper", "reviewer")]


def tried(people: list[Colleague], parts: Parts, content: dict[str, Any]) -> dict[str, Any]:
    """A version with its report, over the interface; the job is done here."""
    version = begun(people[0], content)
    place = f"{VERSIONS}/{version['id']}"
    ordered: Any = people[0].post(f"{place}/shadow-run", {"revision": version["revision"]})
    assert ordered.status_code == 202, ordered.text
    refusal(people[0].post(f"{place}/shadow-run", {"revision": 1}), 409, "score_model.shadow_running")
    jobs.do_shadow_run.func(NO_CONTEXT, run_id=ordered.json["shadow_run"]["id"])
    shown: Any = people[0].get(place).json
    assert (shown["state"], shown["shadow_run"]["failure"]) == ("shadowed", None)
    return dict(shown)


def test_a_version_is_approved_by_two_others_and_never_changes_again(
    db: Session, parts: Parts, people: list[Colleague], visitor: Callable[[], Visitor]
) -> None:
    author, first, second = people
    content = new_content(db, parts.city)
    published, guest = f"/public/score-models/{content['version']}", visitor()
    version = tried(people, parts, content)
    refusal(guest.get(published), 404, "not_found")
    place, body = f"{VERSIONS}/{version['id']}", {"revision": version["revision"]}
    refusal(author.post(f"{place}/approval", body), 403, "score_model.own")
    once: Any = first.post(f"{place}/approval", body).json
    assert (once["state"], len(once["approvals"])) == ("shadowed", 1)
    refusal(first.post(f"{place}/approval", body), 403, "score_model.own")
    twice: Any = second.post(f"{place}/approval", body).json
    assert (twice["state"], len(twice["approvals"])) == ("approved", 2)
    everybody_reads: Any = guest.get(published).json
    assert (everybody_reads["version"], everybody_reads["in_force"]) == (content["version"], False)
    assert content["version"] in [each["version"] for each in everybody_reads["versions"]]
    refusal(second.post(f"{place}/approval", body), 409, "score_model.not_in_that_state")
    saved = author.put(place, {**body, "content": as_json(content)})
    refusal(saved, 409, "score_model.not_in_that_state")
    refusal(author.delete(place), 409, "score_model.not_in_that_state")
    assert audit_actions(db, "score_model_version", version["id"]) == [
        "score_model.begun",
        "score_model.shadow_begun",
        "score_model.shadow_ended",
        "score_model.approved",
        "score_model.approved",
    ]
    last: date = content["effective_on"]
    report = first.get(f"{place}/report")
    assert (report.mimetype, report.data[:5]) == ("application/pdf", b"%PDF-")
    assert model_in_force(db, parts.city, last).version == content["version"]
    assert model_in_force(db, parts.city, last - timedelta(days=1)).version != content["version"]
    for statement in ("UPDATE score_model_versions SET document = ''", "DELETE FROM score_model_versions"):
        with pytest.raises(DBAPIError, match=r"may not be changed|never changed|append|permission denied"):
            db.execute(text(f"{statement} WHERE id = :id"), {"id": version["id"]})
        db.rollback()


def approved(people: list[Colleague], parts: Parts, content: dict[str, Any]) -> str:
    """The place of a version that two have approved."""
    version = tried(people, parts, content)
    place = f"{VERSIONS}/{version['id']}"
    for person in people[1:]:
        person.post(f"{place}/approval", {"revision": version["revision"]})
    return place


def test_an_approved_version_is_called_off_before_its_day(
    db: Session, parts: Parts, people: list[Colleague], visitor: Callable[[], Visitor]
) -> None:
    author, first, second = people
    content = new_content(db, parts.city)
    place, body = approved(people, parts, content), {"revision": 1, "reason": "省里要求重新征求意见"}
    later = approved(people, parts, new_content(db, parts.city))
    refusal(first.post(f"{place}/cancellation", body), 409, "score_model.followed")
    without = refusal(first.post(f"{later}/cancellation", {"revision": 1}), 422, "request.invalid")
    assert "reason" in without["errors"]
    for each in (later, place):
        called_off: Any = author.post(f"{each}/cancellation", body).json
        assert called_off["state"] == "cancelled"
        assert called_off["cancellation"]["reason"] == body["reason"]
    assert model_in_force(db, parts.city, content["effective_on"]).version != content["version"]
    refusal(visitor().get(f"/public/score-models/{content['version']}"), 404, "not_found")
    refusal(second.post(f"{place}/cancellation", body), 409, "score_model.not_in_that_state")
    refusal(second.post(f"{place}/approval", {"revision": 1}), 409, "score_model.not_in_that_state")
    assert audit_actions(db, "score_model_version", place.rsplit("/", 1)[1])[-1] == "score_model.cancelled"
    again = author.post(VERSIONS, {"content": as_json(content)})
    refusal(again, 409, "score_model.version_taken")


@pytest.mark.parametrize(
    "changed",
    [
        "state = 'discarded'",
        "document = ''",
        "state = 'cancelled'",
        "state = 'cancelled', cancelled_by = author_id, cancelled_at = now(), cancelled_because = '',"
        " effective_on = effective_on + 1",
        "state = 'cancelled', cancelled_by = author_id, cancelled_because = '',"
        " cancelled_at = effective_on::timestamp AT TIME ZONE 'Asia/Shanghai'",
    ],
)
def test_the_database_lets_an_approved_version_be_called_off_and_nothing_else(
    db: Session, parts: Parts, people: list[Colleague], settled_by_two: dict[str, str], changed: str
) -> None:
    if not settled_by_two:
        place = approved(people, parts, new_content(db, parts.city))
        settled_by_two["id"] = place.rsplit("/", 1)[1]
    with pytest.raises(DBAPIError, match=r"never changed|score_model_versions_cancelled"):
        db.execute(text(f"UPDATE score_model_versions SET {changed} WHERE id = :id"), settled_by_two)
    db.rollback()


def test_a_change_takes_the_report_and_the_first_approval_away(
    db: Session, parts: Parts, people: list[Colleague]
) -> None:
    author, first, _ = people
    content = new_content(db, parts.city)
    version = tried(people, parts, content)
    place = f"{VERSIONS}/{version['id']}"
    first.post(f"{place}/approval", {"revision": 1})
    changed: Any = author.put(place, {"revision": 1, "content": as_json({**content, "base": "61.5"})}).json
    assert (changed["state"], changed["approvals"], changed["shadow_run"]) == ("draft", [], None)
    refusal(first.post(f"{place}/approval", {"revision": 1}), 409, "score_model.stale")
    refusal(first.post(f"{place}/approval", {"revision": 2}), 409, "score_model.not_in_that_state")


# What somebody could try who writes into the database past the service.
AGAINST_THE_RULE = {
    "one person alone": "state = 'approved', first_approver_id = '{one}', first_approved_at = now()",
    "the same person twice": (
        "state = 'approved', first_approver_id = '{one}', first_approved_at = now(),"
        " second_approver_id = '{one}', second_approved_at = now()"
    ),
    "its author": "first_approver_id = author_id, first_approved_at = now()",
    "its author second": (
        "state = 'approved', first_approver_id = '{one}', first_approved_at = now(),"
        " second_approver_id = author_id, second_approved_at = now()"
    ),
    "whoever edited it": "edited_by = '{one}', first_approver_id = '{one}', first_approved_at = now()",
    "the second before the first": "second_approver_id = '{one}', second_approved_at = now()",
    "nobody": "state = 'approved'",
    "a report on another text": "revision = revision + 1",
    "after its day": (
        "state = 'approved', first_approver_id = '{one}', first_approved_at = now(),"
        " second_approver_id = '{other}', second_approved_at = now(), effective_on = current_date"
    ),
}


@pytest.fixture(scope="module")
def settled_by_nobody(request: pytest.FixtureRequest) -> dict[str, str]:
    """Filled by the first test that needs it: a version with its report, for all."""
    return {}


@pytest.fixture(scope="module")
def settled_by_two() -> dict[str, str]:
    """As above: an approved version, for all."""
    return {}


@pytest.mark.parametrize("how", AGAINST_THE_RULE)
def test_the_database_itself_wants_two_others(
    db: Session, parts: Parts, people: list[Colleague], settled_by_nobody: dict[str, str], how: str
) -> None:
    if not settled_by_nobody:
        settled_by_nobody["id"] = tried(people, parts, new_content(db, parts.city))["id"]
    changed = AGAINST_THE_RULE[how].format(one=people[1].id, other=people[2].id)
    with pytest.raises(DBAPIError, match=r"score_model_versions"):
        db.execute(text(f"UPDATE score_model_versions SET {changed} WHERE id = :id"), settled_by_nobody)
    db.rollback()


def test_who_only_reads_approves_nothing(
    db: Session, app: Application, parts: Parts, people: list[Colleague]
) -> None:
    version = tried(people, parts, new_content(db, parts.city))
    place = f"{VERSIONS}/{version['id']}/approval"
    refusal(seat(db, app, "case_officer").post(place, {"revision": 1}), 403, "permission.missing")
    local = seat(db, app, "score_keeper", district="420202")
    refusal(local.post(place, {"revision": 1}), 403, "score_model.whole_city_only")


def test_a_version_is_in_force_from_midnight_in_china(office: Office) -> None:
    town, city = office.town, office.town.parts.city
    on = (office.now + timedelta(days=3)).date()
    version_id = office.begin(lambda content: {**content, "base": "61.0"}, effective_on=on)
    office.settle(version_id)
    midnight = datetime(on.year, on.month, on.day, tzinfo=UTC) - timedelta(hours=8)
    found = []
    for now in (midnight - timedelta(seconds=1), midnight):
        with town.parts.sessions.begin() as db:
            one = db.scalars(select(Score.resident_id).order_by(Score.resident_id).limit(1)).one()
            refresh_score(db, city=city, resident_id=one, now=now)
            score = db.get_one(Score, one)
            found.append((score.as_of, score.model_version))
    with town.sessions() as db:
        version = db.get_one(ScoreModelVersion, version_id).version
    eve = on - timedelta(days=1)
    assert found == [(eve, city.score_model(eve).version), (on, version)]


def test_an_old_score_is_computed_to_the_same_number_after_two_new_models(office: Office) -> None:
    town, city = office.town, office.town.parts.city
    with town.sessions() as db:
        old = db.scalars(select(ScoreMonth).order_by(ScoreMonth.month).limit(40)).all()
        known = len(list_models(db, city))
    for base in ("62.0", "63.0"):
        office.settle(office.begin(lambda content, base=base: {**content, "base": base}))  # type: ignore[misc]
    with town.sessions() as db:
        assert len(list_models(db, city)) == known + 2
        for month in old:
            last_day = (month.month + timedelta(days=32)).replace(day=1) - timedelta(days=1)
            model = model_in_force(db, city, last_day)
            records = queries.records_of(db, month.resident_id)
            assert model.version == month.model_version
            assert score_without_trace(model, records, last_day) == month.score_milli
    assert len(old) == 40


def test_a_report_from_before_another_version_was_approved_no_longer_counts(office: Office) -> None:
    waiting = office.begin(lambda content: content)
    office.try_on_the_city(waiting)
    office.settle(office.begin(lambda content: {**content, "base": "60.5"}))
    with pytest.raises(ReportOutdated), office.town.parts.sessions.begin() as db:
        office.approve(db, waiting, office.people[1])


def test_nothing_is_approved_within_an_hour_of_its_day(office: Office) -> None:
    on = office.next_day()
    version_id = office.begin(lambda content: content, effective_on=on)
    office.try_on_the_city(version_id)
    with (
        office.before_midnight_of(on, BEFORE_MIDNIGHT),
        pytest.raises(ModelTooLate),
        office.town.parts.sessions.begin() as db,
    ):
        office.approve(db, version_id, office.people[1])


def test_what_is_in_force_is_not_called_off(office: Office) -> None:
    on = office.next_day()
    version_id = office.begin(lambda content: content, effective_on=on)
    office.settle(version_id)
    city, actor = office.town.parts.city, office.people[1]
    with (
        office.before_midnight_of(on, timedelta()),
        pytest.raises(VersionInForce),
        office.town.parts.sessions.begin() as db,
    ):
        cancel_version(db, city, version_id, reason="太晚了", revision=1, actor=actor, now=office.now)
