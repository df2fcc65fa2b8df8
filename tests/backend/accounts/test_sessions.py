"""A session ends by idling, by age, by its owner, by a new password; others go on."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.accounts import passwords
from backend.accounts.models import AccountSession
from backend.accounts.retention import KEPT, forget_old_console_sign_ins
from backend.accounts.sessions import IDLE_AFTER, WHOLE_FOR
from backend.core.clock import ShiftedClock
from tests.factories.answers import refusal
from tests.factories.catalogue import new_shop
from tests.factories.console import Colleague

NewColleague = Callable[..., Colleague]
MINUTE = timedelta(minutes=1)
NEW = "another-horse-8-stable"


@pytest.fixture
def person(new_colleague: NewColleague, db: Session) -> Colleague:
    """Of a unit, so that the password alone signs in."""
    return new_colleague("unit_manager", unit_id=new_shop(db).unit_id)


def in_another_browser(person: Colleague) -> Colleague:
    other = Colleague(person.app, person.clock, person.email, password=person.password)
    assert other.sign_in().status_code == 200
    return other


def is_in(person: Colleague) -> bool:
    answer = person.get("/console/session")
    if answer.status_code != 200:
        refusal(answer, 401, "session.ended")
    return answer.status_code == 200


def test_whoever_does_nothing_for_a_quarter_of_an_hour_is_signed_out(
    person: Colleague, clock: ShiftedClock
) -> None:
    clock.ahead += IDLE_AFTER - MINUTE
    assert is_in(person), "which was a sign of life"
    clock.ahead += IDLE_AFTER - MINUTE
    assert is_in(person)
    clock.ahead += IDLE_AFTER + MINUTE
    assert not is_in(person)
    clock.ahead = timedelta()
    assert is_in(person), "the clock alone decides"


def test_also_reading_is_a_sign_of_life(person: Colleague, clock: ShiftedClock) -> None:
    before = person.get("/console/session").json
    clock.ahead += 10 * MINUTE
    after = person.get("/console/session").json
    assert after["idle_ends_at"] > before["idle_ends_at"]  # type: ignore[index]
    assert after["ends_at"] == before["ends_at"]  # type: ignore[index]


def test_after_a_working_day_one_signs_in_anew_however_busy(person: Colleague, clock: ShiftedClock) -> None:
    start = clock.ahead
    while clock.ahead < start + WHOLE_FOR - 10 * MINUTE:
        clock.ahead += 10 * MINUTE
        assert is_in(person)
    clock.ahead = start + WHOLE_FOR + MINUTE
    assert not is_in(person)


def test_signing_out_ends_this_session_and_takes_the_cookie_back(person: Colleague) -> None:
    other = in_another_browser(person)
    cookie = person.headers
    answer = person.delete("/console/session")
    assert answer.status_code == 204
    assert person.cookie is None
    again = person.app.test_client(use_cookies=False).get("/api/v1/console/session", headers=cookie)
    refusal(again, 401, "session.ended")
    assert is_in(other)


def test_a_person_sees_where_they_are_signed_in_and_ends_one(person: Colleague) -> None:
    other = in_another_browser(person)
    other.call(
        "POST",
        "/console/session",
        json={"email": person.email, "password": person.password},
        headers={"User-Agent": "Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Safari/537.36 Edg/140.0"},
    )
    items = person.get("/console/sessions").json["items"]  # type: ignore[index]
    assert [item["current"] for item in items].count(True) == 1
    assert {item["client"] for item in items} == {"Edge，Windows", "其他浏览器"}
    theirs = [item["id"] for item in items if not item["current"]]
    assert len(theirs) == 2
    for session_id in theirs:
        assert person.delete(f"/console/sessions/{session_id}").status_code == 204
        refusal(person.delete(f"/console/sessions/{session_id}"), 404, "not_found")
    assert is_in(person)
    assert not is_in(other)


def test_a_person_signs_out_everywhere_else(person: Colleague) -> None:
    others = [in_another_browser(person) for _ in range(2)]
    assert person.delete("/console/sessions").status_code == 204
    assert is_in(person)
    assert not any(is_in(other) for other in others)


def test_a_new_password_ends_all_other_sessions(person: Colleague) -> None:
    other = in_another_browser(person)
    answer = person.post("/console/password", {"current": person.password, "new": NEW})
    assert answer.status_code == 204, answer.text
    assert is_in(person)
    assert not is_in(other)
    refusal(other.enter_password(), 401, "console.wrong_credentials")
    assert other.enter_password(NEW).status_code == 200


def test_a_wrong_present_password_changes_nothing_and_counts(person: Colleague) -> None:
    for _ in range(4):
        answer = person.post("/console/password", {"current": "wrong-1-wrong", "new": NEW})
        refusal(answer, 422, "console.wrong_password")
    refusal(person.post("/console/password", {"current": "wrong-1-wrong", "new": NEW}), 423, "console.locked")
    refusal(person.post("/console/password", {"current": person.password, "new": NEW}), 423, "console.locked")


@pytest.mark.parametrize(
    ("password", "because"),
    [
        ("short-1-pass", None),
        ("short-1-pas", "12 至 128"),
        ("x1" * 65, "12 至 128"),
        ("only-letters-here", "字母，也有数字"),
        ("123456789012345", "字母，也有数字"),
        ("a1a1a1a1a1a1a1", "不同的字符"),
        ("my-周敏-password-1", "邮箱名或姓名"),
    ],
)
def test_a_password_is_long_mixed_and_nobodys_name(
    person: Colleague, password: str, because: str | None
) -> None:
    answer = person.post("/console/password", {"current": person.password, "new": password})
    if because is None:
        assert answer.status_code == 204
    else:
        (sentence, *_) = refusal(answer, 422, "console.weak_password")["errors"]["password"]
        assert because in sentence


def test_a_crowd_at_the_door_is_told_to_wait(person: Colleague, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "WAIT_S", 0.01)
    with passwords.slot(), passwords.slot():
        answer = person.enter_password()
    assert "Retry-After" in answer.headers
    refusal(answer, 503, "service.busy")
    assert person.enter_password().status_code == 200


def test_what_is_long_over_is_forgotten(person: Colleague, db: Session, clock: ShiftedClock) -> None:
    mine = select(AccountSession.id).where(AccountSession.account_id == person.id)
    clock.ahead += WHOLE_FOR + KEPT - MINUTE
    forget_old_console_sign_ins(db, now=clock.now())
    assert len(db.scalars(mine).all()) == 1
    clock.ahead += 2 * MINUTE
    forget_old_console_sign_ins(db, now=clock.now())
    assert db.scalars(mine).all() == []
    db.rollback()
