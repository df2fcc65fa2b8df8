"""Signing in with WeChat."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from backend.core.clock import ShiftedClock
from backend.core.encryption import blind_index
from backend.identity.models import Resident
from tests.factories.answers import refusal
from tests.factories.journey import Visitor
from tests.factories.people import new_person
from tests.factories.tables import tables_holding
from tests.factories.trail import audit_actions

NewVisitor = Callable[[], Visitor]
LOGIN = "/sns/jscode2session"


def test_the_first_sign_in_makes_an_account_that_is_nobodys_yet(visitor: NewVisitor, db: Session) -> None:
    answer = visitor().sign_in()
    assert answer.status_code == 200
    assert answer.json["resident"]["bound"] is False
    assert answer.json["resident"]["masked_name"] is None
    assert answer.json["expires_in"] == 900
    assert audit_actions(db, "resident", answer.json["resident"]["id"]) == ["resident.joined"]


def test_signing_in_again_comes_back_to_the_same_account(visitor: NewVisitor, db: Session) -> None:
    resident = visitor()
    first = resident.sign_in().json
    again = resident.sign_in().json
    assert again["resident"] == first["resident"]
    assert again["refresh_token"] != first["refresh_token"]
    assert audit_actions(db, "resident", first["resident"]["id"]) == ["resident.joined"]


def test_two_people_have_two_accounts(visitor: NewVisitor) -> None:
    assert visitor().sign_in().json["resident"]["id"] != visitor().sign_in().json["resident"]["id"]


def test_one_may_be_signed_in_on_two_phones(visitor: NewVisitor) -> None:
    phone = visitor()
    phone.sign_in()
    other = Visitor(phone.client, phone.simulator, phone.user)
    other.sign_in()
    assert [each.get("/resident/identity").status_code for each in (phone, other)] == [200, 200]


def test_a_code_works_once(visitor: NewVisitor) -> None:
    resident = visitor()
    body = {"code": resident.simulator.login(resident.user)}
    assert resident.post("/resident/session", body).status_code == 200
    refusal(resident.post("/resident/session", body), 401, "wechat.code_invalid")


@pytest.mark.parametrize("code", ["made-up", "0" * 32, "含中文的码", "a b"])
def test_a_code_that_wechat_did_not_give_is_refused(visitor: NewVisitor, code: str) -> None:
    refusal(visitor().post("/resident/session", {"code": code}), 401, "wechat.code_invalid")


@pytest.mark.parametrize("body", [{}, {"code": ""}, {"code": "x" * 129}, {"code": 5}, {"code": None}])
def test_a_sign_in_without_a_proper_code_is_refused(visitor: NewVisitor, body: object) -> None:
    errors = refusal(visitor().post("/resident/session", body), 422, "request.invalid")["errors"]
    assert set(errors) == {"code"}


@pytest.mark.parametrize("fault", ["http500", "html200", "empty200", "reset"])
@pytest.mark.parametrize("path", ["/resident/session", "/merchant/session"])
def test_while_wechat_is_down_one_is_asked_to_come_back(visitor: NewVisitor, path: str, fault: str) -> None:
    resident = visitor()
    code = resident.simulator.login(resident.user)
    resident.simulator.fault(LOGIN, fault, times=2)
    answer = resident.post(path, {"code": code})
    refusal(answer, 503, "wechat.unavailable")
    assert 1 <= int(answer.headers["Retry-After"]) <= 60
    assert resident.sign_in().status_code == 200


def test_one_stumble_of_wechat_is_not_noticed(visitor: NewVisitor) -> None:
    resident = visitor()
    resident.simulator.fault(LOGIN, "http500", times=1)
    assert resident.sign_in().status_code == 200


def test_wechats_names_for_a_person_never_leave_the_server(visitor: NewVisitor, db: Session) -> None:
    resident = visitor()
    person = resident.simulator.person(resident.user, unionid=True)
    answer = resident.sign_in()
    assert person["openid"] not in answer.text
    assert "session_key" not in answer.text
    assert tables_holding(db, person["openid"]) == []
    found = db.query(Resident).filter_by(openid_index=blind_index("residents.openid", person["openid"])).one()
    assert found.openid == person["openid"]


def test_a_risky_account_is_told_nothing_about_that_judgement(visitor: NewVisitor) -> None:
    resident = visitor()
    resident.simulator.person(resident.user, high_risk=True)
    body = refusal(resident.sign_in(), 403, "wechat.account_blocked")
    assert "风险" not in body["detail"]


def test_somebody_else_who_signs_in_sees_nothing_of_the_one_before(visitor: NewVisitor, db: Session) -> None:
    phone = visitor()
    phone.become_scored(db, new_person(name="王小明"))
    borrower = Visitor(phone.client, phone.simulator)
    borrower.sign_in()
    assert borrower.get("/resident/identity").json["bound"] is False


def test_a_sign_in_is_remembered_with_its_time(visitor: NewVisitor, db: Session, clock: ShiftedClock) -> None:
    resident = visitor()
    account = resident.sign_in().json["resident"]["id"]
    joined = db.get_one(Resident, account).last_signed_in_at
    clock.ahead = timedelta(days=3)
    resident.sign_in()
    db.expire_all()
    assert db.get_one(Resident, account).last_signed_in_at - joined >= timedelta(days=3)
    assert db.get_one(Resident, account).created_at == joined
