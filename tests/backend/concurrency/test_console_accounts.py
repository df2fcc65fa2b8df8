"""What in the console works once, or counts, does so also when many press at the same moment."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from threading import Barrier
from uuid import UUID

import pytest
from psycopg import connect
from psycopg.errors import CheckViolation, ForeignKeyViolation, UniqueViolation
from sqlalchemy import text
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from backend.accounts.joining import make_set_up_link
from backend.accounts.models import Account, PasswordReset, RecoveryCode, SetUpLink, SignInTries
from backend.accounts.roles import ADMINISTRATORS, ROLES
from backend.accounts.tries import MOST_FAILURES
from backend.core.actor import SignInStep
from backend.core.ids import new_id
from backend.core.tokens import hash_token, new_token
from backend.web.application import Application
from tests.backend.concurrency.races import Naive, naive_winners, outcomes, together
from tests.factories.catalogue import new_shop
from tests.factories.console import Colleague, forget_accounts, invite, new_colleague, seat
from tests.factories.trail import count_rows

MANY = 8


def browsers(person: Colleague, how_many: int = MANY) -> list[Colleague]:
    """The same person at several browsers."""
    return [Colleague(person.app, person.clock, person.email, secret=person.secret) for _ in range(how_many)]


def half_in(people: list[Colleague], person: Colleague, db: Session) -> None:
    for browser in people:
        browser.sit_down(db, db.get_one(Account, person.id), SignInStep.SECOND_FACTOR)


def test_of_many_wrong_passwords_at_once_five_are_tried(app: Application, db: Session) -> None:
    person = seat(db, app, "reviewer")
    answers = together([partial(browser.enter_password, "wrong-1-wrong") for browser in browsers(person)])
    assert outcomes(answers) == {
        (401, "console.wrong_credentials"): MOST_FAILURES - 1,
        (423, "console.locked"): MANY - MOST_FAILURES + 1,
    }


def test_control_a_count_that_is_read_and_then_written_lets_all_try(
    app: Application, db: Session, database_url: str
) -> None:
    person = seat(db, app, "reviewer")
    person.enter_password("wrong-1-wrong")
    index = db.scalars(
        text("SELECT email_index FROM sign_in_tries ORDER BY last_failed_at DESC LIMIT 1")
    ).one()
    naive = Naive(
        "SELECT failures AS seen FROM sign_in_tries WHERE email_index = %(index)s AND failures < 5",
        "UPDATE sign_in_tries SET failures = %(seen)s + 1 WHERE email_index = %(index)s",
        {"index": bytes(index)},
    )
    assert naive_winners(database_url, *[naive] * MANY) == MANY
    db.expire_all()
    assert db.get_one(SignInTries, bytes(index)).failures == 2, "eight tries counted as one"


def test_one_code_of_the_app_signs_in_one_of_many(app: Application, db: Session) -> None:
    person = new_colleague(db, app, "reviewer")
    people = browsers(person)
    half_in(people, person, db)
    code = people[0].code(ahead=timedelta(seconds=30))
    answers = together([partial(each.post, "/console/session/totp", {"code": code}) for each in people])
    assert outcomes(answers)[200] == 1


def test_one_recovery_code_signs_in_one_of_many(app: Application, db: Session) -> None:
    person = new_colleague(db, app, "reviewer")
    people = browsers(person, 4)
    half_in(people, person, db)
    body = {"code": person.recovery_codes[0]}
    answers = together([partial(each.post, "/console/session/recovery", body) for each in people])
    assert outcomes(answers) == {200: 1, (422, "console.wrong_code"): 3}
    assert count_rows(db, RecoveryCode, account_id=person.id, used_at=None) == 9


def test_the_set_up_link_makes_one_of_many_the_administrator(app: Application, db: Session) -> None:
    token = fresh_link(db)
    answers = together([partial(set_up, Colleague(app), token) for _ in range(4)])
    assert outcomes(answers) == {201: 1, (410, "console.link_invalid"): 3}
    assert count_rows(db, Account) == 1


def test_two_links_made_at_once_leave_one_open(db: Session, app: Application, database_url: str) -> None:
    fresh_link(db)
    sql = (
        "INSERT INTO set_up_links (token_hash, created_at, expires_at)"
        " VALUES (%(hash)s, now(), now() + interval '1 day')"
    )
    with connect(database_url) as connection, pytest.raises(UniqueViolation, match="uq_set_up_links_open"):
        connection.execute(sql, {"hash": hash_token(new_token())})
    assert count_rows(db, SetUpLink, used_at=None) == 1


def fresh_link(db: Session) -> str:
    forget_accounts(db)
    token = make_set_up_link(db, now=datetime.now(UTC))
    db.commit()
    assert token is not None
    return token


def set_up(person: Colleague, token: str) -> TestResponse:
    body = {"token": token, "name": person.name, "email": person.email, "password": person.password}
    return person.post("/console/set-up", body)


def test_one_invitation_makes_one_account(app: Application, db: Session) -> None:
    person = Colleague(app)
    token = invite(db, person.email, ["reviewer"], clock=person.clock)
    body = {"token": token, "name": "同一位", "password": person.password}
    answers = together([partial(Colleague(app).post, "/console/invitations/accept", body) for _ in range(4)])
    assert outcomes(answers) == {200: 1, (410, "console.link_invalid"): 3}


def test_two_invitations_to_one_address_make_one_account(app: Application, db: Session) -> None:
    person = Colleague(app)
    tokens = [invite(db, person.email, ["reviewer"], clock=person.clock) for _ in range(4)]
    answers = together(
        [
            partial(
                Colleague(app).post,
                "/console/invitations/accept",
                {"token": token, "name": "同一位", "password": person.password},
            )
            for token in tokens
        ]
    )
    assert outcomes(answers) == {200: 1, (409, "account.email_taken"): 3}


def test_one_reset_link_sets_one_password(app: Application, db: Session) -> None:
    person, token, now = seat(db, app, "reviewer"), new_token(), datetime.now(UTC)
    db.add(
        PasswordReset(
            id=new_id(),
            account_id=person.id,
            token_hash=hash_token(token),
            created_at=now,
            expires_at=now + timedelta(hours=1),
        )
    )
    db.commit()
    passwords = [f"horse-number-{number}-stable" for number in range(4)]
    answers = together(
        [
            partial(
                Colleague(app).post, "/console/password-resets/accept", {"token": token, "password": password}
            )
            for password in passwords
        ]
    )
    assert outcomes(answers) == {204: 1, (410, "console.link_invalid"): 3}


ADD_ROLE = "INSERT INTO account_roles (account_id, kind, role) VALUES (%(id)s, 'office', %(role)s)"


def add_role(url: str, account_id: UUID, role: str, looked: Barrier) -> bool:
    """What somebody with SQL of their own could try: look, then write."""
    with connect(url) as connection:
        held = connection.execute(
            "SELECT role FROM account_roles WHERE account_id = %s", [account_id]
        ).fetchall()
        assert held == []
        looked.wait(20)
        try:
            connection.execute(ADD_ROLE, {"id": account_id, "role": role})
        except UniqueViolation as violation:
            if violation.diag.constraint_name != "uq_account_roles_one_administrator":
                raise
            return False
    return True


def test_of_three_administrators_roles_given_at_once_one_stands(
    app: Application, db: Session, database_url: str
) -> None:
    for _ in range(5):
        person, looked = seat(db, app), Barrier(len(ADMINISTRATORS))
        given = together(
            [partial(add_role, database_url, person.id, role, looked) for role in ADMINISTRATORS]
        )
        assert sorted(given) == [False, False, True]


def refused(url: str, sql: str, **values: object) -> None:
    with connect(url) as connection:
        connection.execute(sql, values)


def test_the_database_keeps_roles_to_whom_they_are_for(
    app: Application, db: Session, database_url: str
) -> None:
    officer = seat(db, app, "reviewer")
    partner = seat(db, app, "unit_editor", unit_id=new_shop(db).unit_id)
    try_sql: Callable[..., None] = partial(refused, database_url)
    with pytest.raises(CheckViolation, match="ck_account_roles_role"):
        try_sql(ADD_ROLE, id=officer.id, role="unit_manager")
    with pytest.raises(ForeignKeyViolation, match="fk_account_roles_account"):
        try_sql(ADD_ROLE, id=partner.id, role="reviewer")
    with pytest.raises(CheckViolation, match="ck_accounts_of_one_house"):
        try_sql("UPDATE accounts SET unit_id = NULL WHERE id = %(id)s", id=partner.id)
    with pytest.raises(CheckViolation, match="ck_accounts_district"):
        try_sql("UPDATE accounts SET district = '420202' WHERE id = %(id)s", id=partner.id)


def test_the_database_knows_the_roles_of_the_table_in_code(db: Session) -> None:
    known = db.scalar(
        text("SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = 'ck_account_roles_role'")
    )
    assert known is not None
    assert set(re.findall(r"'(\w+)'", known)) == {role.code for role in ROLES} | {"office", "partner"}
