"""What the office sets while the system runs: checked, kept with who and why, in force, taken back."""

import time
from collections.abc import Callable, Iterator
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.orm import Session

from backend.city import in_force, load_city
from backend.city.in_force import InForce
from backend.city.serving import serve
from backend.city.settings import CONTACT_PHONE, DECIDED_WITHIN
from backend.core.database import connect, system_sessions
from backend.main import Parts
from backend.office.settings import read_values
from backend.web.application import Application
from tests.factories.answers import refusal
from tests.factories.console import Colleague, seat
from tests.factories.journey import Visitor
from tests.factories.trail import audit_actions

RESIDENTS = "permanent_residents"


@pytest.fixture
def admin(app: Application, db: Session) -> Colleague:
    return seat(db, app, "system_admin")


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch, parts: Parts) -> Iterator[None]:
    """What is set here is seen by the next request, and given back afterwards."""
    monkeypatch.setattr(in_force, "KNOWN_FOR_S", 0.0)
    yield
    in_force.go_by(InForce(lambda: read_values(parts.sessions)))


def setting(person: Colleague, name: str) -> Any:
    return next(each for each in person.get("/office/settings").json["items"] if each["name"] == name)  # type: ignore[index]


def change(person: Colleague, name: str, value: Any, **more: Any) -> Any:
    number = setting(person, name)["number"]
    body = {"number": number, "value": value, "reason": "主任会议决定", **more}
    return person.put(f"/office/settings/{name}", body)


def give_back(person: Colleague, name: str) -> None:
    assert change(person, name, None, is_default=True).status_code == 200


def test_a_change_is_in_force_at_once_and_kept_with_who_when_and_why(
    admin: Colleague, visitor: Callable[[], Visitor], db: Session
) -> None:
    changed = change(admin, "contact_phone", "0714-1234567")
    assert changed.status_code == 200, changed.text
    city: Any = visitor().get("/public/city").json
    assert city["contact"]["phone"] == "0714-1234567"
    shown = setting(admin, "contact_phone")
    assert (shown["changed_by"], shown["is_default"], shown["default"]) == ("周敏", False, None)
    versions: Any = admin.get("/office/settings/contact_phone/versions").json["items"]
    assert (versions[0]["value"], versions[0]["reason"]) == ("0714-1234567", "主任会议决定")
    assert audit_actions(db, "setting", "contact_phone")[-1] == "setting.changed"
    give_back(admin, "contact_phone")
    city = visitor().get("/public/city").json
    assert city["contact"]["phone"] is None


def test_the_figures_show_the_target_and_who_lives_here_once_it_is_known(
    admin: Colleague, app: Application, db: Session
) -> None:
    manager = seat(db, app, "programme_manager")
    figures: Any = manager.get("/office/figures").json
    assert (figures["target_percent"], figures["permanent_residents"]) == (70, None)
    assert change(admin, RESIDENTS, KNOWN).status_code == 200
    figures = manager.get("/office/figures").json
    assert figures["permanent_residents"] == KNOWN
    give_back(admin, RESIDENTS)


def test_an_earlier_version_comes_back_as_a_new_one(admin: Colleague) -> None:
    first = change(admin, "decided_within_working_days", 3).json
    second = change(admin, "decided_within_working_days", 8).json
    back = change(admin, "decided_within_working_days", first["value"]).json
    assert (second["number"], back["number"], back["value"]) == (first["number"] + 1, first["number"] + 2, 3)
    give_back(admin, "decided_within_working_days")
    assert setting(admin, "decided_within_working_days")["value"] == 5


def test_who_sets_what_somebody_else_has_just_set_is_told(admin: Colleague) -> None:
    seen = setting(admin, "coverage_target_percent")["number"]
    assert change(admin, "coverage_target_percent", 60).status_code == 200
    late = {"number": seen, "value": 80, "reason": "主任会议决定"}
    refusal(admin.put("/office/settings/coverage_target_percent", late), 409, "setting.stale")
    give_back(admin, "coverage_target_percent")


HUANGSHI = ("420202", "420203", "420204", "420205", "420222", "420281", "kfq")
KNOWN = {
    "source": "第七次全国人口普查公报",
    "as_of": "2020-11-01",
    "by_district": dict.fromkeys(HUANGSHI, 1000),
}


@pytest.mark.parametrize(
    ("name", "value", "field"),
    [
        ("decided_within_working_days", 0, "value"),
        ("decided_within_working_days", 21, "value"),
        ("decided_within_working_days", True, "value"),
        ("decided_within_working_days", "5", "value"),
        ("decided_within_working_days", None, "value"),
        ("contact_phone", "请打给小王", "value"),
        ("contact_phone", "", "value"),
        ("contact_email", "nobody", "value"),
        ("contact_address", "杭州东路\n1号", "value"),
        ("contact_address", {"a": 1}, "value"),
        (RESIDENTS, {**KNOWN, "source": ""}, "value.source"),
        (RESIDENTS, {**KNOWN, "as_of": "去年"}, "value.as_of"),
        (RESIDENTS, {**KNOWN, "by_district": {"420202": 1000}}, "value.by_district"),
        (RESIDENTS, {**KNOWN, "by_district": dict.fromkeys(HUANGSHI, 0)}, "value.by_district"),
        (RESIDENTS, [1], "value"),
    ],
)
def test_a_value_that_cannot_be_is_refused_and_says_why(
    admin: Colleague, name: str, value: Any, field: str
) -> None:
    before = setting(admin, name)
    refused = refusal(change(admin, name, value), 422, "setting.not_fitting")
    assert list(refused["errors"]) == [field]
    assert setting(admin, name) == before


def test_without_a_reason_nothing_is_set(admin: Colleague) -> None:
    refused = refusal(change(admin, "contact_phone", "12345", reason=""), 422, "request.invalid")
    assert "reason" in refused["errors"]
    refusal(admin.put("/office/settings/session_minutes", {"number": 0, "reason": "主任"}), 404, "not_found")


def test_a_district_sets_nothing_for_the_whole_city(app: Application, db: Session) -> None:
    person = seat(db, app, "programme_manager", district="420202")
    refusal(person.get("/office/settings"), 403, "setting.whole_city_only")
    body = {"number": 0, "value": "12345", "reason": "主任会议决定"}
    refusal(person.put("/office/settings/contact_phone", body), 403, "setting.whole_city_only")


def test_versions_are_only_ever_added_to(admin: Colleague, db: Session) -> None:
    assert change(admin, "contact_phone", "12345").status_code == 200
    for statement in ("UPDATE setting_versions SET reason = 'x'", "DELETE FROM setting_versions"):
        with pytest.raises(DBAPIError):
            db.execute(text(statement))
        db.rollback()
    give_back(admin, "contact_phone")


def wait_for_phone(url: str, city_dir: Path, said: Any) -> None:
    """A process of its own: tells that it knows of no telephone, then the first that it comes to know of."""
    serve(load_city(city_dir))
    sessions = system_sessions(connect(url, pool_size=1))
    process = InForce(lambda: read_values(sessions))
    said.put(process.value_of(CONTACT_PHONE))
    until = time.monotonic() + 10
    while process.value_of(CONTACT_PHONE) is None and time.monotonic() < until:
        time.sleep(0.1)
    said.put(process.value_of(CONTACT_PHONE))


def test_a_change_reaches_another_process_within_seconds(admin: Colleague, parts: Parts) -> None:
    spawning = get_context("spawn")
    said: Any = spawning.Queue()
    url = parts.engine.url.render_as_string(hide_password=False).replace("postgresql+psycopg", "postgresql")
    other = spawning.Process(target=wait_for_phone, args=(url, parts.settings.city_dir, said))
    other.start()
    try:
        assert said.get(timeout=60) is None
        began = time.monotonic()
        assert change(admin, "contact_phone", "0714-7654321").status_code == 200
        assert said.get(timeout=15) == "0714-7654321"
        assert time.monotonic() - began < 8
    finally:
        other.join(20)
        give_back(admin, "contact_phone")


def test_a_process_asks_again_after_two_seconds_and_not_before(
    admin: Colleague, parts: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []

    def read() -> Any:
        asked.append(1)
        return read_values(parts.sessions)

    elsewhere, now = InForce(read), [100.0]
    monkeypatch.setattr(in_force, "KNOWN_FOR_S", 2.0)
    monkeypatch.setattr(in_force.time, "monotonic", lambda: now[0])
    assert elsewhere.value_of(CONTACT_PHONE) is None
    assert change(admin, "contact_phone", "12345").status_code == 200
    now[0] += 1.9
    assert (elsewhere.value_of(CONTACT_PHONE), len(asked)) == (None, 1)
    now[0] += 0.2
    assert (elsewhere.value_of(CONTACT_PHONE), len(asked)) == ("12345", 2)
    give_back(admin, "contact_phone")


def test_while_the_database_does_not_answer_the_known_value_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    answers: list[Any] = [{"decided_within_working_days": 9}]

    def read() -> Any:
        if answers:
            return answers.pop()
        raise OperationalError("SELECT", {}, Exception("away"))

    process = InForce(read)
    assert [process.value_of(DECIDED_WITHIN) for _ in range(3)] == [9, 9, 9]
