"""A person sets second factors up, replaces and removes them: authenticator app, recovery codes, passkeys."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pyotp
import pytest
from sqlalchemy.orm import Session

from backend.accounts.passkeys import GOOD_FOR
from backend.accounts.tries import MOST_FAILURES
from backend.core.clock import ShiftedClock
from backend.core.console import ConsoleAddress
from backend.web.application import Application
from tests.factories.answers import refusal
from tests.factories.authenticator import Authenticator
from tests.factories.catalogue import new_shop
from tests.factories.console import Colleague
from tests.factories.trail import audit_actions

NewColleague = Callable[..., Colleague]
MINUTE = timedelta(minutes=1)
Options = dict[str, Any]


@pytest.fixture
def officer(new_colleague: NewColleague, clock: ShiftedClock) -> Colleague:
    """Of the office, with an authenticator app, a minute after joining."""
    joined = new_colleague("case_officer")
    clock.ahead += MINUTE
    return joined


@pytest.fixture
def shopkeeper(new_colleague: NewColleague, db: Session) -> Colleague:
    """Of a unit, without a second factor."""
    return new_colleague("unit_manager", unit_id=new_shop(db).unit_id)


@pytest.fixture
def device(app: Application) -> Authenticator:
    address: ConsoleAddress = app.extensions["console_address"]
    return Authenticator(address.origin)


def register(person: Colleague, device: Authenticator, name: str = "办公电脑") -> Any:
    options = person.post("/console/passkeys/options").json
    return person.post("/console/passkeys", {"credential": device.create(options), "name": name})  # type: ignore[arg-type]


def ask(person: Colleague, path: str) -> Options:
    answer = person.post(f"{path}/options")
    assert answer.status_code == 200, answer.text
    options: Options = answer.json  # type: ignore[assignment]
    return options


def half_in(person: Colleague) -> list[str]:
    said = person.enter_password().json
    assert said is not None
    assert said["step"] == "second_factor"
    methods: list[str] = said["methods"]
    return methods


def test_an_authenticator_app_learns_the_secret_and_whose_it_is(shopkeeper: Colleague) -> None:
    begun = shopkeeper.post("/console/totp").json
    assert begun is not None
    parts = urlsplit(begun["uri"])
    assert (parts.scheme, parts.netloc) == ("otpauth", "totp")
    assert parse_qs(parts.query)["secret"] == [begun["secret"]]
    assert parse_qs(parts.query)["issuer"] == ["黄石市"]


def test_recovery_codes_are_ten_and_told_once(shopkeeper: Colleague) -> None:
    codes = shopkeeper.enrol().json["recovery_codes"]  # type: ignore[index]
    assert len(set(codes)) == 10
    assert {len(code.replace("-", "")) for code in codes} == {16}
    assert shopkeeper.enrol().json["recovery_codes"] == [], "another app brings none"  # type: ignore[index]


def test_a_new_app_is_in_use_only_after_it_has_shown_a_code(officer: Colleague) -> None:
    new = pyotp.TOTP(officer.post("/console/totp").json["secret"])  # type: ignore[index]
    wrong = officer.post("/console/totp/confirm", {"code": officer.code()})
    refusal(wrong, 422, "console.wrong_code")
    half_in(officer)
    assert officer.post("/console/session/totp", {"code": officer.code()}).status_code == 200
    code = new.at(officer.clock.now())
    assert officer.post("/console/totp/confirm", {"code": code}).status_code == 200
    half_in(officer)
    refusal(officer.post("/console/session/totp", {"code": code}), 422, "console.wrong_code")
    later = new.at(officer.clock.now() + timedelta(seconds=30))
    assert officer.post("/console/session/totp", {"code": later}).status_code == 200


def test_nothing_is_confirmed_that_was_not_begun(shopkeeper: Colleague) -> None:
    refusal(shopkeeper.post("/console/totp/confirm", {"code": "123456"}), 422, "console.wrong_code")


def test_a_unit_may_do_without_the_app_again(shopkeeper: Colleague, db: Session) -> None:
    shopkeeper.enrol()
    wrong = shopkeeper.delete("/console/totp", {"password": "wrong-1-wrong"})
    refusal(wrong, 422, "console.wrong_password")
    assert shopkeeper.delete("/console/totp", {"password": shopkeeper.password}).status_code == 204
    assert shopkeeper.enter_password().json["step"] == "signed_in"  # type: ignore[index]
    assert "account.totp_removed" in audit_actions(db, "account", shopkeeper.id)


def test_the_office_keeps_one_second_factor(officer: Colleague, device: Authenticator) -> None:
    body = {"password": officer.password}
    refusal(officer.delete("/console/totp", body), 409, "console.last_second_factor")
    passkey = register(officer, device).json["id"]
    assert officer.delete("/console/totp", body).status_code == 204
    refusal(officer.delete(f"/console/passkeys/{passkey}"), 409, "console.last_second_factor")
    assert len(officer.get("/console/passkeys").json["items"]) == 1  # type: ignore[index]


def test_new_recovery_codes_make_the_old_ones_void(officer: Colleague) -> None:
    old = officer.recovery_codes[0]
    new = officer.post("/console/recovery-codes").json["recovery_codes"]  # type: ignore[index]
    half_in(officer)
    refusal(officer.post("/console/session/recovery", {"code": old}), 422, "console.wrong_code")
    assert officer.post("/console/session/recovery", {"code": new[0]}).status_code == 200


def test_recovery_codes_need_something_to_recover(shopkeeper: Colleague) -> None:
    refusal(shopkeeper.post("/console/recovery-codes"), 409, "console.no_second_factor")


def test_a_passkey_is_named_listed_and_removed(
    shopkeeper: Colleague, device: Authenticator, db: Session
) -> None:
    made = register(shopkeeper, device, "我的手机")
    assert made.status_code == 201, made.text
    (listed,) = shopkeeper.get("/console/passkeys").json["items"]  # type: ignore[index]
    assert (listed["id"], listed["name"], listed["last_used_at"]) == (made.json["id"], "我的手机", None)
    assert shopkeeper.delete(f"/console/passkeys/{listed['id']}").status_code == 204
    refusal(shopkeeper.delete(f"/console/passkeys/{listed['id']}"), 404, "not_found")
    assert audit_actions(db, "account", shopkeeper.id)[-2:] == [
        "account.recovery_codes_made",
        "account.passkey_removed",
    ]


def test_a_passkey_is_the_second_factor(shopkeeper: Colleague, device: Authenticator) -> None:
    register(shopkeeper, device)
    assert half_in(shopkeeper) == ["passkey", "recovery"]
    options = ask(shopkeeper, "/console/session/passkey")
    answer = shopkeeper.post("/console/session/passkey", {"credential": device.get(options)})
    assert answer.json["step"] == "signed_in", answer.text  # type: ignore[index]
    (listed,) = shopkeeper.get("/console/passkeys").json["items"]  # type: ignore[index]
    assert listed["last_used_at"] is not None


def test_a_person_of_the_office_may_begin_with_a_passkey(
    new_colleague: NewColleague, officer: Colleague, device: Authenticator, app: Application
) -> None:
    """Without an authenticator app: the passkey makes the first session whole."""
    register(officer, device)
    officer.delete("/console/totp", {"password": officer.password})
    assert half_in(officer) == ["passkey", "recovery"]


def test_a_passkey_that_knows_its_owner_signs_in_alone(officer: Colleague, device: Authenticator) -> None:
    register(officer, device)
    stranger = Colleague(officer.app, officer.clock)
    credential = device.get(ask(stranger, "/console/passkey-session"))
    said = stranger.post("/console/passkey-session", {"credential": credential}).json
    assert said is not None
    assert (said["step"], said["account"]["email"]) == ("signed_in", officer.email)


def test_a_passkey_that_asks_nothing_of_its_owner_does_not_sign_in_alone(
    officer: Colleague, device: Authenticator
) -> None:
    device.verifies = False
    register(officer, device)
    stranger = Colleague(officer.app, officer.clock)
    credential = device.get(ask(stranger, "/console/passkey-session"))
    answer = stranger.post("/console/passkey-session", {"credential": credential})
    refusal(answer, 422, "console.passkey_refused")
    half_in(officer)
    options = ask(officer, "/console/session/passkey")
    assert officer.post("/console/session/passkey", {"credential": device.get(options)}).status_code == 200


def test_a_passkey_opens_also_while_passwords_are_locked(officer: Colleague, device: Authenticator) -> None:
    register(officer, device)
    for _ in range(MOST_FAILURES):
        officer.enter_password("wrong-1-wrong")
    refusal(officer.enter_password(), 423, "console.locked")
    credential = device.get(ask(officer, "/console/passkey-session"))
    assert officer.post("/console/passkey-session", {"credential": credential}).status_code == 200
    half_in(officer)


def test_an_answer_of_a_passkey_counts_once(officer: Colleague, device: Authenticator) -> None:
    register(officer, device)
    credential = device.get(ask(officer, "/console/passkey-session"))
    assert officer.post("/console/passkey-session", {"credential": credential}).status_code == 200
    again = officer.post("/console/passkey-session", {"credential": credential})
    refusal(again, 422, "console.passkey_refused")


def test_an_old_question_is_not_answered(
    officer: Colleague, device: Authenticator, clock: ShiftedClock
) -> None:
    register(officer, device)
    credential = device.get(ask(officer, "/console/passkey-session"))
    clock.ahead += GOOD_FOR + MINUTE
    refusal(
        officer.post("/console/passkey-session", {"credential": credential}), 422, "console.passkey_refused"
    )


def test_a_question_of_another_session_is_not_answered(
    officer: Colleague, shopkeeper: Colleague, device: Authenticator
) -> None:
    register(officer, device)
    register(shopkeeper, Authenticator(device.origin))
    half_in(officer), half_in(shopkeeper)
    for path in ("/console/session/passkey", "/console/passkey-session"):
        credential = device.get(ask(shopkeeper, path))
        answer = officer.post("/console/session/passkey", {"credential": credential})
        refusal(answer, 422, "console.passkey_refused")


def test_another_persons_passkey_is_no_second_factor(
    officer: Colleague, shopkeeper: Colleague, device: Authenticator
) -> None:
    register(shopkeeper, device)
    register(officer, Authenticator(device.origin))
    half_in(officer)
    credential = device.get(ask(officer, "/console/session/passkey"))
    answer = officer.post("/console/session/passkey", {"credential": credential})
    refusal(answer, 422, "console.passkey_refused")


@pytest.mark.parametrize(
    "deceit", ["another site", "a wrong signature", "a copied key", "an unknown key", "nonsense"]
)
def test_what_does_not_hold_is_refused(officer: Colleague, device: Authenticator, deceit: str) -> None:
    register(officer, device)
    first = device.get(ask(officer, "/console/passkey-session"))
    assert officer.post("/console/passkey-session", {"credential": first}).status_code == 200
    options = ask(officer, "/console/passkey-session")
    if deceit == "another site":
        device.origin = "https://credit.example.com"
    elif deceit == "an unknown key":
        device = Authenticator(device.origin)
    credential = device.get(options, counts=deceit != "a copied key")
    if deceit == "a wrong signature":
        credential["response"]["signature"] = first["response"]["signature"]
    elif deceit == "nonsense":
        credential = {"id": 7, "response": {"clientDataJSON": "e30"}}
    answer = officer.post("/console/passkey-session", {"credential": credential})
    refusal(answer, 422, "console.passkey_refused")


def test_one_passkey_belongs_to_one_person(
    officer: Colleague, shopkeeper: Colleague, device: Authenticator
) -> None:
    register(officer, device)
    refusal(register(shopkeeper, device), 409, "console.passkey_known")
    assert shopkeeper.get("/console/passkeys").json == {"items": []}


def test_a_device_that_has_one_is_asked_for_no_second(shopkeeper: Colleague, device: Authenticator) -> None:
    register(shopkeeper, device)
    options = shopkeeper.post("/console/passkeys/options").json
    assert options is not None
    (excluded,) = options["excludeCredentials"]
    assert excluded["id"] == device.create(options)["id"]
    assert options["rp"] == {"id": "localhost", "name": "黄石市"}
    assert options["user"]["name"] == shopkeeper.email
