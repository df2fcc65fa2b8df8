"""What every answer carries, whatever became of the request."""

import re
from collections.abc import Callable
from secrets import token_hex

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.audit.models import AuditEvent
from backend.web.application import Application
from backend.web.headers import SECURITY_HEADERS
from tests.backend.web.test_problems import PROBES
from tests.factories.journey import API, Visitor

NewVisitor = Callable[[], Visitor]


@pytest.fixture
def client(app: Application) -> FlaskClient:
    return app.test_client()


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/healthz", 200),
        ("GET", "/metrics", 200),
        ("GET", "/docs/swagger-ui.css", 200),
        ("GET", f"{API}/public/city", 200),
        ("HEAD", f"{API}/public/city", 200),
        ("OPTIONS", f"{API}/public/city", 200),
        ("GET", f"{API}/resident/score", 401),
        ("GET", "/nothing", 404),
        ("PUT", "/healthz", 405),
        ("POST", f"{API}/resident/session", 422),
    ],
)
def test_answers_carry_the_security_headers(client: FlaskClient, method: str, path: str, status: int) -> None:
    answer = client.open(path, method=method, buffered=True)
    assert answer.status_code == status
    assert SECURITY_HEADERS.keys() <= set(answer.headers.keys())
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


def test_an_answer_to_our_own_fault_carries_the_security_headers(misbehaving: FlaskClient) -> None:
    answer = misbehaving.post(f"{PROBES}/breaks/{token_hex(4)}")
    assert answer.status_code == 500
    assert SECURITY_HEADERS.keys() <= set(answer.headers.keys())


def test_an_unchanged_answer_carries_the_security_headers(client: FlaskClient) -> None:
    etag = client.get(f"{API}/public/city").headers["ETag"]
    answer = client.get(f"{API}/public/city", headers={"If-None-Match": etag})
    assert answer.status_code == 304
    assert SECURITY_HEADERS.keys() <= set(answer.headers.keys())


@pytest.mark.parametrize("given", ["f00dcafe", "Till-7.order_42", "a" * 64])
def test_a_request_keeps_the_id_it_came_with(client: FlaskClient, given: str) -> None:
    answer = client.get("/nothing", headers={"X-Request-Id": given})
    assert answer.headers["X-Request-Id"] == answer.json["request_id"] == given


@pytest.mark.parametrize("given", ["", "short", "a" * 65, "with space", "<script>alert", "编号编号编号"])
def test_a_request_without_a_proper_id_gets_one(client: FlaskClient, given: str) -> None:
    answer = client.get("/healthz", headers={"X-Request-Id": given.encode().decode("latin-1")})
    assert re.fullmatch("[0-9a-f]{32}", answer.headers["X-Request-Id"])


def test_no_two_requests_get_the_same_id(client: FlaskClient) -> None:
    assert len({client.get("/healthz").headers["X-Request-Id"] for _ in range(20)}) == 20


def test_the_audit_names_the_request_of_a_change(visitor: NewVisitor, db: Session) -> None:
    answer = visitor().sign_in()
    query = select(AuditEvent.action).where(AuditEvent.request_id == answer.headers["X-Request-Id"])
    assert db.scalars(query.order_by(AuditEvent.id)).all() == ["resident.joined", "session.opened"]


@pytest.mark.parametrize(
    "path", ["/public/city", "/public/units", "/resident/identity", "/resident/consents"]
)
def test_asking_again_for_what_did_not_change_loads_nothing(visitor: NewVisitor, path: str) -> None:
    resident = visitor()
    resident.sign_in()
    first = resident.get(path)
    assert first.status_code == 200
    again = resident.call("GET", path, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]


def test_asking_again_for_what_changed_loads_it(visitor: NewVisitor, db: Session) -> None:
    resident = visitor()
    resident.sign_in()
    before = resident.get("/resident/notices")
    resident.become_scored(db)
    after = resident.call("GET", "/resident/notices", headers={"If-None-Match": before.headers["ETag"]})
    assert after.status_code == 200
    assert after.headers["ETag"] != before.headers["ETag"]
    assert len(after.json["items"]) == 2


def test_an_old_answer_of_mine_does_not_outlive_my_session(visitor: NewVisitor) -> None:
    resident = visitor()
    resident.sign_in()
    etag = resident.get("/resident/identity").headers["ETag"]
    resident.delete("/resident/session")
    answer = resident.call("GET", "/resident/identity", headers={"If-None-Match": etag})
    assert answer.status_code == 401


def test_answers_about_a_person_are_kept_nowhere_on_the_way(visitor: NewVisitor) -> None:
    resident = visitor()
    signed_in = resident.sign_in()
    mine, everybodys = resident.get("/resident/identity"), visitor().get("/public/city")
    assert signed_in.headers["Cache-Control"] == "no-store", "it holds the tokens"
    assert mine.headers["Cache-Control"] == "no-store"
    assert "no-store" not in everybodys.headers.get("Cache-Control", "")
