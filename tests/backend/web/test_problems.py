"""Refusals and failures: one shape for all of them, and nothing of our inside in it."""

import json
from collections.abc import Callable
from io import BytesIO
from secrets import token_hex
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session

from backend.audit.models import AuditEvent
from backend.core.database import connect, system_sessions
from backend.web.application import Application
from tests.backend.web.conftest import INNER
from tests.factories.answers import refusal
from tests.factories.journey import API, Visitor

NewVisitor = Callable[[], Visitor]
SIGN_IN = f"{API}/resident/session"
PROBES = f"{API}/public/probes"


@pytest.fixture
def client(app: Application) -> FlaskClient:
    return app.test_client()


def test_every_wrong_field_of_a_body_is_named(visitor: NewVisitor) -> None:
    resident = visitor()
    resident.sign_in()
    answer = resident.post("/resident/identity", {"name": "", "proof": {"provider": 5}})
    body = refusal(answer, 422, "request.invalid")
    assert set(body["errors"]) == {"name", "id_number", "proof.provider"}


def test_an_unknown_field_of_a_body_is_refused(client: FlaskClient) -> None:
    answer = client.post(SIGN_IN, json={"code": "x", "openid": "o-1"})
    assert set(refusal(answer, 422, "request.invalid")["errors"]) == {"openid"}


def test_an_unknown_field_deep_in_a_body_is_refused(visitor: NewVisitor) -> None:
    resident = visitor()
    resident.sign_in()
    proof = {"provider": "sandbox", "trusted": True}
    body = {"name": "张伟", "id_number": "x", "proof": proof}
    answer = resident.post("/resident/identity", body)
    assert set(refusal(answer, 422, "request.invalid")["errors"]) == {"proof.trusted"}


def test_a_call_without_query_parameters_takes_none(client: FlaskClient, visitor: NewVisitor) -> None:
    body = refusal(client.get("/api/v1/public/city?distric=420202"), 422, "request.invalid")
    assert body["errors"] == {"distric": ["没有这个字段。"]}
    resident = visitor()
    refusal(resident.call("POST", "/resident/session?x=1", json={"code": "x"}), 422, "request.invalid")


def test_an_unknown_field_of_a_query_is_refused(client: FlaskClient) -> None:
    answer = client.get(f"{API}/public/incentives?score=90")
    assert set(refusal(answer, 422, "request.invalid")["errors"]) == {"score"}


@pytest.mark.parametrize("body", [b'{"code": ', b"{code: 1}", b"\xff\xfe", b'{"code": "\xff"}', b"[1,]"])
def test_a_body_that_is_not_json_is_refused(client: FlaskClient, body: bytes) -> None:
    answer = client.post(SIGN_IN, data=body, content_type="application/json")
    refusal(answer, 422, "request.malformed")


@pytest.mark.parametrize("body", [b"[" * 100_000, b'{"a":' * 100_000, b'{"code": ' + b"7" * 5000 + b"}"])
def test_a_body_made_to_exhaust_the_reader_is_refused(client: FlaskClient, body: bytes) -> None:
    answer = client.post(SIGN_IN, data=body, content_type="application/json")
    refusal(answer, 422, "request.malformed")


@pytest.mark.parametrize("body", ["[]", '"text"', "1", "null"])
def test_json_that_is_no_object_is_refused(client: FlaskClient, body: str) -> None:
    answer = client.post(SIGN_IN, data=body, content_type="application/json")
    assert "errors" not in refusal(answer, 422, "request.malformed")


@pytest.mark.parametrize(
    "name", ["42020219850520123X", "13812345678", "张三", "a" * 41, "", "a b", "code.1x"]
)
def test_what_is_no_name_is_not_repeated_in_the_error(client: FlaskClient, name: str) -> None:
    for answer in (
        client.post(SIGN_IN, json={"code": "x", name: "1"}),
        client.get(f"{API}/public/city", query_string={name: "1"}),
        client.get(f"{API}/public/incentives", query_string={name: "1"}),
    ):
        assert refusal(answer, 422, "request.invalid")["errors"] == {"…": ["没有这个字段。"]}


@pytest.mark.parametrize("text", ["nul\0", "line\nbreak", "half of a pair \ud800"])
def test_a_text_the_database_cannot_hold_is_refused(visitor: NewVisitor, text: str) -> None:
    resident = visitor()
    resident.sign_in()
    body = {"name": text, "id_number": text, "proof": {"provider": text, "ticket": text}}
    headers = {"Content-Type": "application/json"}
    answer = resident.call("POST", "/resident/identity", data=json.dumps(body), headers=headers)
    errors = refusal(answer, 422, "request.invalid")["errors"]
    assert set(errors) == {"name", "id_number", "proof.provider", "proof.ticket"}


def test_a_body_over_one_mebibyte_is_refused(client: FlaskClient) -> None:
    longest = b'{"code": "x"}'.ljust(1024 * 1024)
    accepted = client.post(SIGN_IN, data=longest, content_type="application/json")
    refusal(accepted, 401, "wechat.code_invalid")
    refused = client.post(SIGN_IN, data=longest + b" ", content_type="application/json")
    refusal(refused, 413, "request.too_large")


@pytest.mark.parametrize("mebibytes", [1, 6])
def test_a_body_over_one_mebibyte_in_chunks_is_refused_too(client: FlaskClient, mebibytes: int) -> None:
    body = BytesIO(b'{"code": "x"}'.ljust(mebibytes * 1024 * 1024 + 1))
    refused = client.post(
        SIGN_IN,
        input_stream=body,
        content_type="application/json",
        environ_overrides={"wsgi.input_terminated": True},  # as granian says of what comes in chunks
    )
    refusal(refused, 413, "request.too_large")


@pytest.mark.parametrize(
    "content_type", ["text/plain", "application/x-www-form-urlencoded", "application/xml"]
)
def test_a_body_of_another_type_is_refused_rather_than_ignored(
    client: FlaskClient, content_type: str
) -> None:
    answer = client.post(SIGN_IN, data='{"code": "x"}', content_type=content_type)
    refusal(answer, 415, "request.not_json")


def test_a_missing_body_is_refused_by_its_fields(client: FlaskClient) -> None:
    assert set(refusal(client.post(SIGN_IN), 422, "request.invalid")["errors"]) == {"code"}


@pytest.mark.parametrize(
    "path", ["/", "/api/v1/", f"{API}/resident/nothing", f"{API}/public/units/7", "/%00"]
)
def test_an_unknown_address_is_not_found(client: FlaskClient, path: str) -> None:
    refusal(client.get(path), 404, "not_found")


def test_a_wrong_method_is_refused_with_the_right_ones(client: FlaskClient) -> None:
    answer = client.put(SIGN_IN, json={})
    refusal(answer, 405, "request.method_not_allowed")
    assert {"POST", "DELETE"} <= set(answer.headers["Allow"].split(", "))


def test_a_violated_constraint_answers_the_refusal_it_stands_for(misbehaving: FlaskClient) -> None:
    answer = misbehaving.post(f"{PROBES}/violates/pk_tickets")
    refusal(answer, 409, "ticket.id_used")
    assert INNER not in answer.text


def test_a_violated_constraint_without_a_refusal_is_our_fault(misbehaving: FlaskClient) -> None:
    answer = misbehaving.post(f"{PROBES}/violates/ck_units_state")
    refusal(answer, 500, "internal")
    assert INNER not in answer.text


def test_an_unexpected_error_tells_nothing_and_leaves_nothing(misbehaving: FlaskClient, db: Session) -> None:
    word = token_hex(4)
    answer = misbehaving.post(f"{PROBES}/breaks/{word}")
    body = refusal(answer, 500, "internal")
    assert INNER not in answer.text
    assert "errors" not in body
    assert "data" not in body
    assert not was_recorded(db, word)
    assert misbehaving.post(f"{PROBES}/writes/{word}").status_code == 204
    assert was_recorded(db, word)


def test_nobody_is_told_of_an_effect_that_the_commit_then_refused(
    misbehaving: FlaskClient, db: Session
) -> None:
    word = token_hex(4)
    refusal(misbehaving.post(f"{PROBES}/breaks-at-the-commit/{word}"), 500, "internal")
    assert not was_recorded(db, word)


def test_a_statement_that_takes_too_long_asks_to_come_back(misbehaving: FlaskClient) -> None:
    answer = misbehaving.post(f"{PROBES}/takes-too-long")
    refusal(answer, 503, "database.unavailable")
    assert int(answer.headers["Retry-After"]) > 0


def test_busy_connections_ask_to_come_back(
    app: Application, client: FlaskClient, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = database_url.replace("postgresql://", "postgresql+psycopg://")
    engine = create_engine(address, pool_size=1, max_overflow=0, pool_timeout=0.05)
    monkeypatch.setitem(app.extensions, "sessions", system_sessions(engine))
    with engine.connect():
        answer = client.get(f"{API}/public/units")
    refusal(answer, 503, "database.unavailable")
    assert int(answer.headers["Retry-After"]) > 0
    assert client.get(f"{API}/public/units").status_code == 200
    engine.dispose()


def test_a_database_that_is_away_asks_to_come_back(
    app: Application, client: FlaskClient, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    away = connect(database_url.replace("city?", "no_such_database?"), pool_size=1)
    monkeypatch.setitem(app.extensions, "sessions", system_sessions(away))
    answer: Any = client.get(f"{API}/public/units")
    refusal(answer, 503, "database.unavailable")
    assert "Retry-After" in answer.headers
    assert "no_such_database" not in answer.text
    away.dispose()


def was_recorded(db: Session, word: str) -> bool:
    query = select(AuditEvent).where(AuditEvent.action == f"probe.{word}")
    return db.scalar(query) is not None
