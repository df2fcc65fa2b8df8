"""One-time links: an invitation and a new password by mail. The first account stands in test_set_up."""

from collections.abc import Callable
from datetime import timedelta
from email.message import EmailMessage

import pytest
from sqlalchemy.orm import Session

from backend.accounts.joining import INVITATION_GOOD_FOR
from backend.accounts.resets import GOOD_FOR, NOT_AGAIN_FOR
from backend.core.clock import ShiftedClock
from backend.main import Parts
from backend.web.application import Application
from tests.factories.answers import refusal
from tests.factories.catalogue import new_shop
from tests.factories.console import Colleague, invite, seat
from tests.factories.mail import letters_to, link_in
from tests.factories.tables import tables_holding
from tests.factories.trail import audit_actions

NewColleague = Callable[..., Colleague]
MINUTE = timedelta(minutes=1)
NEW = "another-horse-8-stable"


@pytest.fixture
def security(app: Application, db: Session) -> Colleague:
    return seat(db, app, "security_admin")


@pytest.fixture
def post(parts: Parts) -> Callable[[Colleague], list[EmailMessage]]:
    """Let the worker send what is queued; the letters to somebody."""

    def deliver(person: Colleague) -> list[EmailMessage]:
        parts.queue.run_worker(
            wait=False, install_signal_handlers=False, listen_notify=False, delete_jobs="successful"
        )
        return letters_to(parts.settings.data_dir / "mail", person.email)

    return deliver


Post = Callable[[Colleague], list[EmailMessage]]


def invited(security: Colleague, person: Colleague, **place: object) -> str:
    body = {"email": person.email, "name": "新同事", "roles": ["reviewer"], **place}
    answer = security.post("/office/staff/invitations", body)
    assert answer.status_code == 201, answer.text
    invitation_id: str = answer.json["id"]  # type: ignore[index]
    return invitation_id


def accept(person: Colleague, token: str, password: str | None = None) -> object:
    body = {"token": token, "name": person.name, "password": password or person.password}
    return person.post("/console/invitations/accept", body)


def test_an_invitation_arrives_by_mail_and_makes_an_account(
    security: Colleague, app: Application, db: Session, post: Post
) -> None:
    person = Colleague(app)
    invitation_id = invited(security, person, roles=["reviewer", "case_officer"], district="420202")
    (letter,) = post(person)
    assert letter["Subject"] == "【黄石市信用分】邀请您使用管理后台"
    page, token = link_in(letter)
    assert page == "invitation"
    seen = person.post("/console/invitations/look", {"token": token}).json
    assert seen is not None
    assert (seen["email"], seen["name"], seen["unit"]) == (person.email, "新同事", None)
    accepted = accept(person, token)
    assert accepted.json["step"] == "enrol_second_factor"  # type: ignore[attr-defined]
    person.enrol()
    account = person.get("/console/session").json["account"]  # type: ignore[index]
    assert (account["roles"], account["district"]) == (["reviewer", "case_officer"], "420202")
    assert account["name"] == person.name, "as the person writes it"
    assert audit_actions(db, "staff_invitation", invitation_id) == ["staff.invited"]
    refusal(accept(person, token), 410, "console.link_invalid")  # type: ignore[arg-type]


def test_the_first_person_of_a_unit_is_invited_by_the_office(
    security: Colleague, app: Application, db: Session, post: Post
) -> None:
    shop, person = new_shop(db), Colleague(app)
    invited(security, person, roles=["unit_manager"], unit_id=str(shop.unit_id))
    _page, token = link_in(post(person)[0])
    assert person.post("/console/invitations/look", {"token": token}).json["unit"] == {  # type: ignore[index]
        "id": str(shop.unit_id),
        "name": shop.unit.name,
    }
    assert accept(person, token).json["step"] == "signed_in"  # type: ignore[attr-defined]


def test_no_secret_and_no_address_stands_in_the_database_in_clear(
    security: Colleague, app: Application, db: Session, post: Post
) -> None:
    person = Colleague(app, name="欧阳娜娜")
    invited(security, person, name="欧阳娜娜")
    assert tables_holding(db, person.email) == [], "not in the queued job either"
    _page, token = link_in(post(person)[0])
    accept(person, token)
    person.enrol()
    secret, code, cookie = person.secret, person.recovery_codes[0].replace("-", ""), person.cookie
    for needle in (person.email, person.name, person.password, token, secret, code, cookie):
        assert needle is not None
        assert tables_holding(db, needle) == []


def test_a_weak_password_leaves_the_invitation_open(
    security: Colleague, app: Application, post: Post
) -> None:
    person = Colleague(app)
    invited(security, person)
    _page, token = link_in(post(person)[0])
    refusal(accept(person, token, "weak"), 422, "console.weak_password")  # type: ignore[arg-type]
    assert accept(person, token).status_code == 200  # type: ignore[attr-defined]


def test_a_withdrawn_invitation_opens_nothing(
    security: Colleague, app: Application, db: Session, post: Post
) -> None:
    person = Colleague(app)
    invitation_id = invited(security, person)
    _page, token = link_in(post(person)[0])
    listed = security.get("/office/staff/invitations").json["items"]  # type: ignore[index]
    assert invitation_id in [item["id"] for item in listed]
    path = f"/office/staff/invitations/{invitation_id}"
    assert security.delete(path).status_code == 204
    refusal(accept(person, token), 410, "console.link_invalid")  # type: ignore[arg-type]
    refusal(security.delete(path), 409, "account.invitation_closed")
    assert audit_actions(db, "staff_invitation", invitation_id)[-1] == "staff.invitation_withdrawn"


def test_a_letter_withdrawn_before_it_was_written_is_not_sent(
    security: Colleague, app: Application, post: Post
) -> None:
    person = Colleague(app)
    security.delete(f"/office/staff/invitations/{invited(security, person)}")
    assert post(person) == []


def test_an_invitation_runs_out(app: Application, db: Session, clock: ShiftedClock) -> None:
    person = Colleague(app, clock)
    token = invite(db, person.email, ["reviewer"], clock=clock, good_for=INVITATION_GOOD_FOR)
    clock.ahead += INVITATION_GOOD_FOR + MINUTE
    refusal(person.post("/console/invitations/look", {"token": token}), 410, "console.link_invalid")
    refusal(accept(person, token), 410, "console.link_invalid")  # type: ignore[arg-type]


def test_an_address_has_one_account(security: Colleague, app: Application, db: Session) -> None:
    person = Colleague(app)
    first, second = (invite(db, person.email, ["reviewer"], clock=person.clock) for _ in range(2))
    assert accept(person, first).status_code == 200  # type: ignore[attr-defined]
    refusal(accept(Colleague(app), second), 409, "account.email_taken")  # type: ignore[arg-type]
    body = {"email": person.email, "name": "又一位", "roles": ["reviewer"]}
    refusal(security.post("/office/staff/invitations", body), 409, "account.email_taken")


def test_a_unit_does_not_learn_who_has_an_account_elsewhere(
    security: Colleague, app: Application, db: Session
) -> None:
    manager = seat(db, app, "unit_manager", unit_id=new_shop(db).unit_id)
    body = {"email": security.email, "name": "某人", "roles": ["unit_editor"]}
    assert manager.post("/partner/staff/invitations", body).status_code == 201


@pytest.mark.parametrize(
    ("wrong", "status", "code"),
    [
        ({"roles": ["unit_manager"]}, 422, "account.unknown_role"),
        ({"roles": ["reviewer", "reviewer"]}, 422, "account.unknown_role"),
        ({"roles": ["emperor"]}, 422, "request.invalid"),
        ({"roles": []}, 422, "request.invalid"),
        ({"district": "110101"}, 422, "account.unknown_district"),
        (
            {"roles": ["unit_manager"], "unit_id": "0198c0de-0000-7000-8000-000000000000"},
            422,
            "account.unknown_unit",
        ),
        ({"email": "nobody"}, 422, "request.invalid"),
        ({"name": "两\n行"}, 422, "request.invalid"),
    ],
)
def test_an_invitation_that_makes_no_sense_is_refused(
    security: Colleague, wrong: dict[str, object], status: int, code: str
) -> None:
    body = {"email": "new@example.cn", "name": "新同事", "roles": ["reviewer"], **wrong}
    refusal(security.post("/office/staff/invitations", body), status, code)


def test_a_new_password_comes_by_mail_and_leaves_the_second_factor(
    new_colleague: NewColleague, clock: ShiftedClock, db: Session, post: Post
) -> None:
    person = new_colleague("reviewer")
    stranger = Colleague(person.app, clock, person.email)
    assert stranger.post("/console/password-resets", {"email": person.email}).status_code == 202
    (letter,) = post(person)
    assert letter["Subject"] == "【黄石市信用分】重设密码"
    page, token = link_in(letter)
    assert page == "password-reset"
    done = stranger.post("/console/password-resets/accept", {"token": token, "password": NEW})
    assert done.status_code == 204
    refusal(person.get("/console/session"), 401, "session.ended")
    refusal(person.enter_password(), 401, "console.wrong_credentials")
    assert person.enter_password(NEW).json["step"] == "second_factor"  # type: ignore[index]
    again = stranger.post("/console/password-resets/accept", {"token": token, "password": NEW})
    refusal(again, 410, "console.link_invalid")


def test_a_new_password_ends_a_lock(new_colleague: NewColleague, post: Post) -> None:
    person = new_colleague("reviewer")
    for _ in range(5):
        person.enter_password("wrong-1-wrong")
    person.post("/console/password-resets", {"email": person.email})
    _page, token = link_in(post(person)[0])
    person.post("/console/password-resets/accept", {"token": token, "password": NEW})
    assert person.enter_password(NEW).status_code == 200


def test_the_link_to_a_new_password_runs_out(
    new_colleague: NewColleague, clock: ShiftedClock, post: Post
) -> None:
    person = new_colleague("reviewer")
    person.post("/console/password-resets", {"email": person.email})
    _page, token = link_in(post(person)[0])
    clock.ahead += GOOD_FOR + MINUTE
    answer = person.post("/console/password-resets/accept", {"token": token, "password": NEW})
    refusal(answer, 410, "console.link_invalid")


def test_who_has_no_account_or_a_suspended_one_gets_no_letter_and_the_same_answer(
    new_colleague: NewColleague, security: Colleague, post: Post
) -> None:
    known, suspended, nobody = new_colleague("reviewer"), new_colleague("reviewer"), Colleague(security.app)
    security.post(f"/office/staff/{suspended.id}/suspension", {"reason": "离职"})
    answers = [
        nobody.post("/console/password-resets", {"email": person.email})
        for person in (known, suspended, nobody)
    ]
    assert {(answer.status_code, answer.data) for answer in answers} == {(202, answers[0].data)}
    assert [len(post(person)) for person in (known, suspended, nobody)] == [1, 0, 0]


def test_one_letter_is_enough_however_often_it_is_asked_for(
    new_colleague: NewColleague, clock: ShiftedClock, post: Post
) -> None:
    person = new_colleague("reviewer")
    for _ in range(3):
        person.post("/console/password-resets", {"email": person.email})
    assert len(post(person)) == 1
    clock.ahead += NOT_AGAIN_FOR + MINUTE
    person.post("/console/password-resets", {"email": person.email})
    assert len(post(person)) == 2
