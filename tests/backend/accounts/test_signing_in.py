"""A person of the console signs in: the password, then the second factor; and is refused."""

from collections.abc import Callable
from datetime import timedelta
from http.cookies import SimpleCookie
from typing import Any

import pytest
from sqlalchemy.orm import Session

from backend.accounts.roles import permissions_of
from backend.accounts.tries import LOCKED_FOR, MOST_FAILURES
from backend.core.clock import ShiftedClock
from backend.core.console import ConsoleAddress
from backend.web.application import Application
from backend.web.console import COOKIE
from tests.factories.answers import refusal
from tests.factories.catalogue import new_shop
from tests.factories.console import Colleague
from tests.factories.trail import audit_actions

NewColleague = Callable[..., Colleague]
MINUTE = timedelta(minutes=1)


@pytest.fixture
def person(new_colleague: NewColleague, clock: ShiftedClock) -> Colleague:
    """A reviewer of the office, a minute after joining."""
    joined = new_colleague("reviewer")
    clock.ahead += MINUTE
    return joined


def half_in(person: Colleague) -> dict[str, Any]:
    answer = person.enter_password()
    assert answer.status_code == 200, answer.text
    said: dict[str, Any] = answer.json  # type: ignore[assignment]
    assert said["step"] == "second_factor"
    return said


def test_password_then_code_sign_a_person_of_the_office_in(person: Colleague, db: Session) -> None:
    half = half_in(person)
    assert (half["methods"], half["account"]) == (["totp", "recovery"], None)
    answer = person.post("/console/session/totp", {"code": person.code()})
    assert answer.json["step"] == "signed_in"  # type: ignore[index]
    account = person.get("/console/session").json["account"]  # type: ignore[index]
    assert account["email"] == person.email
    assert (account["kind"], account["unit"], account["district"]) == ("office", None, None)
    assert account["roles"] == ["reviewer"]
    assert account["permissions"] == sorted(permissions_of(["reviewer"]))
    assert account["second_factors"] == {"totp": True, "passkeys": 0, "recovery_codes_left": 10}
    assert audit_actions(db, "account", account["id"]) == [
        "account.joined",
        "account.totp_enrolled",
        "account.recovery_codes_made",
        "account.signed_in",
        "account.signed_in",
    ]


def test_a_person_of_a_unit_may_do_without_a_second_factor(new_colleague: NewColleague, db: Session) -> None:
    shop = new_shop(db)
    person = new_colleague("unit_manager", unit_id=shop.unit_id)
    said = person.enter_password().json
    assert said is not None
    assert said["step"] == "signed_in"
    assert said["account"]["unit"] == {"id": str(shop.unit_id), "name": shop.unit.name}
    assert said["account"]["permissions"] == sorted(permissions_of(["unit_manager"]))


def test_a_person_of_a_unit_who_chose_a_second_factor_is_asked_for_it(
    new_colleague: NewColleague, db: Session
) -> None:
    person = new_colleague("unit_editor", unit_id=new_shop(db).unit_id)
    person.enrol()
    half_in(person)


def test_whoever_is_half_in_can_do_nothing_else(person: Colleague) -> None:
    half_in(person)
    for method, path in (("GET", "/console/sessions"), ("POST", "/console/totp"), ("GET", "/office/roles")):
        answer = person.call(method, path, json={} if method == "POST" else None)
        assert refusal(answer, 401, "session.step_missing")["data"] == {"step": "second_factor"}


def test_half_a_sign_in_lasts_half_an_hour_at_most(person: Colleague, clock: ShiftedClock) -> None:
    half_in(person)
    for _ in range(3):  # kept awake all the while
        clock.ahead += timedelta(minutes=9)
        assert person.get("/console/session").status_code == 200
    clock.ahead += timedelta(minutes=4)
    refusal(person.post("/console/session/totp", {"code": person.code()}), 401, "session.ended")


def test_the_cookie_changes_with_the_second_factor_and_the_old_one_is_worth_nothing(
    person: Colleague, app: Application
) -> None:
    half_in(person)
    before = person.headers
    person.post("/console/session/totp", {"code": person.code()})
    assert person.headers["Cookie"] != before["Cookie"]
    stranger = app.test_client(use_cookies=False)
    refusal(stranger.get("/api/v1/console/session", headers=before), 401, "session.ended")


@pytest.mark.parametrize("address", ["http://localhost:8000/admin/", "https://credit.example.cn/admin/"])
def test_the_cookie_is_kept_from_scripts_and_other_sites(
    person: Colleague, app: Application, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    monkeypatch.setitem(app.extensions, "console_address", ConsoleAddress(address))
    cookie = SimpleCookie(person.enter_password().headers["Set-Cookie"])[COOKIE]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "Strict", "/api/v1")
    assert bool(cookie["secure"]) is address.startswith("https")
    assert (cookie["expires"], cookie["max-age"]) == ("", ""), "it ends with the window"


def test_nothing_is_cached_that_a_cookie_opened(person: Colleague) -> None:
    assert person.get("/console/session").headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("token", [None, "", "0" * 64, "编号"])
def test_a_change_without_our_own_pages_token_is_refused(person: Colleague, token: str | None) -> None:
    person.csrf_token = None
    headers = {} if token is None else {"X-CSRF-Token": token.encode().decode("latin-1")}
    answer = person.call("DELETE", "/console/sessions", headers=headers)
    refusal(answer, 403, "session.csrf")
    assert person.get("/console/sessions").status_code == 200, "reading needs none"


def test_the_csrf_token_of_another_session_is_refused(new_colleague: NewColleague, person: Colleague) -> None:
    person.csrf_token = new_colleague("reviewer").csrf_token
    refusal(person.delete("/console/sessions"), 403, "session.csrf")


def test_a_wrong_password_and_an_unknown_address_are_answered_alike(person: Colleague) -> None:
    wrong = refusal(person.enter_password("not-this-1-at-all"), 401, "console.wrong_credentials")
    person.email = f"nobody-{person.email}"
    unknown = refusal(person.enter_password(), 401, "console.wrong_credentials")
    wrong.pop("request_id"), unknown.pop("request_id")
    assert wrong == unknown


@pytest.mark.parametrize("is_known", [True, False])
def test_after_five_wrong_passwords_nobody_signs_in_for_a_while(
    person: Colleague, clock: ShiftedClock, db: Session, is_known: bool
) -> None:
    account_id = person.id
    if not is_known:
        person.email = f"nobody-{person.email}"
    for _ in range(MOST_FAILURES - 1):
        refusal(person.enter_password("not-this-1-at-all"), 401, "console.wrong_credentials")
    until = refusal(person.enter_password("not-this-1-at-all"), 423, "console.locked")["data"]["locked_until"]
    assert until == (refusal(person.enter_password(), 423, "console.locked")["data"]["locked_until"])
    clock.ahead += LOCKED_FOR + MINUTE
    if not is_known:
        refusal(person.enter_password(), 423, "console.locked")
        return
    half_in(person)
    assert audit_actions(db, "account", account_id)[-5:] == [
        *["account.sign_in_refused"] * 4,
        "account.locked",
    ]


def test_after_a_lock_one_wrong_try_locks_again(person: Colleague, clock: ShiftedClock) -> None:
    for _ in range(MOST_FAILURES):
        person.enter_password("not-this-1-at-all")
    clock.ahead += LOCKED_FOR + MINUTE
    refusal(person.enter_password("not-this-1-at-all"), 423, "console.locked")
    clock.ahead += LOCKED_FOR + MINUTE
    half_in(person)
    assert person.post("/console/session/totp", {"code": person.code()}).status_code == 200
    refusal(person.enter_password("not-this-1-at-all"), 401, "console.wrong_credentials")


def test_wrong_codes_count_as_wrong_passwords_do(person: Colleague) -> None:
    half_in(person)
    for _ in range(MOST_FAILURES - 1):
        refusal(person.post("/console/session/totp", {"code": "000000x"}), 422, "console.wrong_code")
    refusal(person.post("/console/session/recovery", {"code": "ABCD"}), 423, "console.locked")
    refusal(person.post("/console/session/totp", {"code": person.code()}), 423, "console.locked")


def test_the_right_password_alone_forgets_no_wrong_codes(person: Colleague) -> None:
    for _ in range(MOST_FAILURES - 1):
        half_in(person)
        refusal(person.post("/console/session/totp", {"code": "000000x"}), 422, "console.wrong_code")
    half_in(person)
    refusal(person.post("/console/session/totp", {"code": "000000x"}), 423, "console.locked")


def test_a_code_is_taken_once(person: Colleague) -> None:
    half_in(person)
    code = person.code()
    assert person.post("/console/session/totp", {"code": code}).status_code == 200
    half_in(person)
    refusal(person.post("/console/session/totp", {"code": code}), 422, "console.wrong_code")


def test_the_code_before_one_that_was_taken_is_worth_nothing(person: Colleague) -> None:
    half_in(person)
    assert person.post("/console/session/totp", {"code": person.code()}).status_code == 200
    half_in(person)
    earlier = person.code(ahead=-timedelta(seconds=30))
    refusal(person.post("/console/session/totp", {"code": earlier}), 422, "console.wrong_code")


@pytest.mark.parametrize(("seconds", "is_good"), [(-60, False), (-30, True), (30, True), (60, False)])
def test_a_clock_may_be_half_a_minute_off(
    person: Colleague, clock: ShiftedClock, seconds: int, is_good: bool
) -> None:
    clock.ahead += 2 * MINUTE
    half_in(person)
    answer = person.post("/console/session/totp", {"code": person.code(ahead=timedelta(seconds=seconds))})
    assert (answer.status_code == 200) is is_good


def test_a_recovery_code_stands_in_for_the_second_factor_once(person: Colleague, db: Session) -> None:
    account_id, code = person.id, person.recovery_codes[3]
    half_in(person)
    as_typed = code.lower().replace("-", " ")
    said = person.post("/console/session/recovery", {"code": as_typed}).json
    assert said["account"]["second_factors"]["recovery_codes_left"] == 9  # type: ignore[index]
    half_in(person)
    refusal(person.post("/console/session/recovery", {"code": code}), 422, "console.wrong_code")
    assert "account.recovery_code_used" in audit_actions(db, "account", account_id)


def test_another_persons_recovery_code_is_worth_nothing(
    new_colleague: NewColleague, person: Colleague
) -> None:
    half_in(person)
    theirs = new_colleague("reviewer").recovery_codes[0]
    refusal(person.post("/console/session/recovery", {"code": theirs}), 422, "console.wrong_code")


def test_an_address_is_one_however_it_is_written(person: Colleague) -> None:
    person.email = person.email.upper()
    half_in(person)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"email": "no address", "password": "x"}, "email"),
        ({"email": f"{'a' * 250}@example.cn", "password": "x"}, "email"),
        ({"email": "a@example.cn"}, "password"),
        ({"email": "a@example.cn", "password": ""}, "password"),
        ({"email": "a@example.cn", "password": "x" * 257}, "password"),
        ({"email": "a@example.cn", "password": "x", "role": "x"}, "role"),
    ],
)
def test_a_field_that_is_wrong_is_named(app: Application, body: dict[str, str], field: str) -> None:
    answer = app.test_client().post("/api/v1/console/session", json=body)
    assert set(refusal(answer, 422, "request.invalid")["errors"]) == {field}
