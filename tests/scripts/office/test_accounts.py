"""The operator's two commands for the console: the link to the first account, and a lock."""

import re

import pytest
from sqlalchemy.orm import Session

from backend.web.application import Application
from tests.factories.answers import refusal
from tests.factories.console import Colleague, forget_accounts, seat
from tests.scripts.office.conftest import Run, actions

LINK = re.compile(r"http://localhost:8000/admin/#/set-up\?token=(\S+)")


@pytest.fixture
def nobody(db: Session) -> None:
    forget_accounts(db)
    db.commit()


def test_the_link_opens_the_first_account_and_then_no_more(nobody: None, app: Application, run: Run) -> None:
    shown = run("set-up-link")
    assert shown.exit_code == 0
    assert "24 小时内有效，只能用一次" in shown.stdout
    link = LINK.search(shown.stdout)
    assert link
    person = Colleague(app)
    body = {"token": link[1], "name": person.name, "email": person.email, "password": person.password}
    assert person.post("/console/set-up", body).status_code == 201
    again = run("set-up-link")
    assert again.exit_code == 0
    assert "已有后台账号" in again.stdout
    assert not LINK.search(again.stdout)


def test_an_account_is_unlocked_by_its_address(app: Application, db: Session, run: Run) -> None:
    person = seat(db, app, "reviewer")
    for _ in range(5):
        person.enter_password("wrong-1-wrong")
    refusal(person.enter_password(), 423, "console.locked")
    done = run("unlock-account", typed=(person.email.upper(),))
    assert done.exit_code == 0, done.output
    refusal(person.enter_password(), 401, "console.wrong_credentials")
    assert actions(db, "account", person.id)[-2:] == ["account.unlocked", "account.sign_in_refused"]


def test_an_unknown_address_is_said_to_be_unknown(run: Run) -> None:
    refused = run("unlock-account", typed=("nobody-here@example.cn",))
    assert refused.exit_code == 1
    assert "not_found" in refused.stderr
