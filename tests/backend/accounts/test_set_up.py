"""The first account: a one-time link, printed to who runs the machine; then the other administrators."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from backend.accounts.joining import SET_UP_GOOD_FOR, make_set_up_link
from backend.core.clock import ShiftedClock
from backend.web.application import Application
from tests.factories.answers import refusal
from tests.factories.console import Colleague, forget_accounts, seat
from tests.factories.trail import audit_actions

NewColleague = Callable[..., Colleague]


@pytest.fixture(autouse=True)
def _nobody_has_an_account(db: Session) -> None:
    forget_accounts(db)
    db.commit()


@pytest.fixture
def link(db: Session, clock: ShiftedClock) -> str:
    return new_link(db, clock)


def new_link(db: Session, clock: ShiftedClock) -> str:
    token = make_set_up_link(db, now=clock.now())
    db.commit()
    assert token is not None
    return token


def set_up(person: Colleague, token: str) -> object:
    body = {"token": token, "name": person.name, "email": person.email, "password": person.password}
    return person.post("/console/set-up", body)


def needed(app: Application) -> bool:
    answer = app.test_client().get("/api/v1/console/set-up").json
    assert answer is not None
    return bool(answer["needed"])


def test_the_link_makes_a_system_administrator_who_sets_a_second_factor_up(
    app: Application, link: str, db: Session
) -> None:
    assert needed(app)
    person = Colleague(app)
    answer = set_up(person, link)
    assert answer.status_code == 201, answer.text  # type: ignore[attr-defined]
    assert person.session["step"] == "enrol_second_factor"
    refusal(person.get("/office/roles"), 401, "session.step_missing")
    person.enrol()
    assert person.get("/console/session").json["account"]["roles"] == ["system_admin"]  # type: ignore[index]
    assert person.get("/office/roles").status_code == 200
    assert not needed(app)
    assert audit_actions(db, "account", person.id)[0] == "account.joined"


def test_the_link_works_once(app: Application, link: str) -> None:
    assert set_up(Colleague(app), link).status_code == 201  # type: ignore[attr-defined]
    refusal(set_up(Colleague(app), link), 410, "console.link_invalid")  # type: ignore[arg-type]


def test_a_new_link_makes_the_one_before_void(
    app: Application, link: str, db: Session, clock: ShiftedClock
) -> None:
    newer = new_link(db, clock)
    refusal(set_up(Colleague(app), link), 410, "console.link_invalid")  # type: ignore[arg-type]
    assert set_up(Colleague(app), newer).status_code == 201  # type: ignore[attr-defined]


def test_the_link_runs_out(app: Application, link: str, clock: ShiftedClock) -> None:
    clock.ahead += SET_UP_GOOD_FOR + timedelta(minutes=1)
    refusal(set_up(Colleague(app), link), 410, "console.link_invalid")  # type: ignore[arg-type]


def test_an_open_link_is_worth_nothing_once_somebody_has_an_account(
    app: Application, link: str, db: Session, clock: ShiftedClock
) -> None:
    seat(db, app, "reviewer")
    refusal(set_up(Colleague(app), link), 410, "console.link_invalid")  # type: ignore[arg-type]
    assert make_set_up_link(db, now=clock.now()) is None


def test_a_made_up_link_opens_nothing(app: Application, link: str) -> None:
    refusal(set_up(Colleague(app), link[::-1]), 410, "console.link_invalid")  # type: ignore[arg-type]


def test_the_system_administrator_invites_the_first_of_the_others_and_nobody_else(
    app: Application, db: Session
) -> None:
    system = seat(db, app, "system_admin")

    def invite(*roles: str, **place: str) -> object:
        body = {"email": Colleague(app).email, "name": "新同事", "roles": list(roles), **place}
        return system.post("/office/staff/invitations", body)

    for beyond in (("reviewer",), ("system_admin",), ("security_admin", "reviewer")):
        refusal(invite(*beyond), 403, "account.beyond_first")  # type: ignore[arg-type]
    first = invite("security_admin")
    assert first.status_code == 201  # type: ignore[attr-defined]
    refusal(invite("security_admin"), 403, "account.beyond_first")  # type: ignore[arg-type]
    assert system.delete(f"/office/staff/invitations/{first.json['id']}").status_code == 204  # type: ignore[attr-defined]
    security = seat(db, app, "security_admin")
    refusal(invite("security_admin"), 403, "account.beyond_first")  # type: ignore[arg-type]
    assert invite("audit_admin").status_code == 201  # type: ignore[attr-defined]
    body = {"email": Colleague(app).email, "name": "新同事", "roles": ["reviewer"]}
    theirs = security.post("/office/staff/invitations", body).json["id"]  # type: ignore[index]
    refusal(system.delete(f"/office/staff/invitations/{theirs}"), 404, "not_found")
