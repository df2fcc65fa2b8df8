"""A department's program gets a token for its number and secret, as long as it may deliver."""

from base64 import b64encode
from uuid import uuid4

import pytest
from sqlalchemy.orm import Session

from backend.sources.models import SourceClient
from tests.factories.answers import refusal
from tests.factories.console import API
from tests.factories.sources import Program
from tests.factories.trail import audit_actions


def test_a_token_opens_what_is_the_sources(program: Program, db: Session) -> None:
    answer = program.ask_for_token()
    assert answer.json is not None
    assert answer.json["token_type"] == "Bearer"
    assert answer.json["expires_in"] == 900
    assert program.get("/source/batches").status_code == 200
    client = db.get_one(SourceClient, program.client_id, populate_existing=True)
    assert client.last_used_at
    assert program.secret.encode() not in client.secret_hash


def test_number_and_secret_may_come_as_http_basic(program: Program) -> None:
    pair = b64encode(f"{program.client_id}:{program.secret}".encode()).decode()
    answer = program.app.test_client().post(
        f"{API}/source/token",
        data={"grant_type": "client_credentials"},
        headers={"Authorization": f"Basic {pair}"},
    )
    assert answer.status_code == 200, answer.text


@pytest.mark.parametrize(
    "wrong", [{"client_secret": "x" * 43}, {"client_id": str(uuid4())}, {"client_id": "nobody"}]
)
def test_a_wrong_number_or_secret_gets_none(program: Program, wrong: dict[str, str]) -> None:
    answer = program.ask_for_token(**wrong)
    assert refusal(answer, 401, "source.wrong_credentials")["error"] == "invalid_client"
    assert answer.headers["WWW-Authenticate"] == "Basic"


def test_another_grant_is_refused(program: Program) -> None:
    body = refusal(program.ask_for_token(grant_type="password"), 422, "request.invalid")
    assert list(body["errors"]) == ["grant_type"]


def test_a_program_that_was_ended_is_out_at_once(program: Program, db: Session) -> None:
    program.end(db)
    refusal(program.get("/source/batches"), 401, "session.ended")
    refusal(program.ask_for_token(), 401, "source.wrong_credentials")
    assert audit_actions(db, "source_client", program.client_id) == [
        "source_client.made",
        "source_client.ended",
    ]
