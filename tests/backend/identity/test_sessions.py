"""Sessions are renewed by a token that works once, and end at once."""

from collections.abc import Callable
from datetime import timedelta

import jwt
import pytest
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from backend.core.clock import ShiftedClock
from backend.identity.models import SignInSession
from backend.identity.retention import forget_old_sign_ins
from backend.main import Parts
from tests.factories.answers import refusal
from tests.factories.catalogue import new_shop
from tests.factories.journey import Visitor
from tests.factories.people import new_person
from tests.factories.tables import tables_holding
from tests.factories.trail import audit_actions

NewVisitor = Callable[[], Visitor]


@pytest.fixture
def resident(visitor: NewVisitor) -> Visitor:
    resident = visitor()
    resident.sign_in()
    return resident


@pytest.fixture
def clerk(visitor: NewVisitor, db: Session) -> Visitor:
    clerk = visitor()
    clerk.become_clerk(db, new_shop(db))
    return clerk


def refresh(caller: Visitor, token: str | None = None, *, audience: str = "resident") -> TestResponse:
    body = {"refresh_token": token or caller.tokens["refresh_token"]}
    return caller.post(f"/{audience}/session/refresh", body)


def session_of(caller: Visitor) -> str:
    claims = jwt.decode(caller.tokens["access_token"], options={"verify_signature": False})
    return str(claims["sid"])


def test_refreshing_gives_a_new_pair_of_the_same_session(resident: Visitor, db: Session) -> None:
    session = session_of(resident)
    before = resident.tokens
    answer = refresh(resident)
    assert answer.status_code == 200
    assert answer.json["resident"] == before["resident"]
    assert answer.json["refresh_token"] != before["refresh_token"]
    resident.tokens = answer.json
    assert session_of(resident) == session
    assert resident.get("/resident/identity").status_code == 200
    assert audit_actions(db, "session", session) == ["session.opened", "session.refreshed"]


def test_a_long_row_of_refreshes_goes_on(resident: Visitor) -> None:
    for _ in range(5):
        answer = refresh(resident)
        assert answer.status_code == 200
        resident.tokens = answer.json


def test_an_old_refresh_token_ends_the_whole_session_at_once(resident: Visitor, db: Session) -> None:
    stolen = resident.tokens["refresh_token"]
    resident.tokens = refresh(resident).json
    refusal(refresh(resident, stolen), 401, "session.reused")
    refusal(resident.get("/resident/identity"), 401, "session.ended")
    refusal(refresh(resident), 401, "session.ended")
    ended = db.get_one(SignInSession, session_of(resident))
    assert ended.end_reason == "refresh_token_reused"
    assert audit_actions(db, "session", ended.id) == ["session.opened", "session.refreshed", "session.ended"]


def test_a_reuse_ends_no_other_session_of_the_person(resident: Visitor) -> None:
    elsewhere = Visitor(resident.client, resident.simulator, resident.user)
    elsewhere.sign_in()
    stolen = resident.tokens["refresh_token"]
    refresh(resident)
    refusal(refresh(resident, stolen), 401, "session.reused")
    assert elsewhere.get("/resident/identity").status_code == 200


@pytest.mark.parametrize("token", ["made-up", "x" * 43, "A" * 128])
def test_an_unknown_refresh_token_is_refused(resident: Visitor, token: str) -> None:
    refusal(refresh(resident, token), 401, "session.ended")
    assert resident.get("/resident/identity").status_code == 200


def test_an_access_token_refreshes_nothing(resident: Visitor) -> None:
    token = resident.tokens["access_token"][:128]
    refusal(refresh(resident, token), 401, "session.ended")


def test_a_refresh_token_lives_thirty_days(resident: Visitor, clock: ShiftedClock) -> None:
    clock.ahead = timedelta(days=30, seconds=1)
    refusal(refresh(resident), 401, "session.ended")
    clock.ahead = timedelta(days=29, hours=23)
    assert refresh(resident).status_code == 200


def test_a_session_ends_after_half_a_year_however_often_it_is_refreshed(
    resident: Visitor, clock: ShiftedClock
) -> None:
    for days in (29, 58, 87, 116, 145, 174):
        clock.ahead = timedelta(days=days)
        answer = refresh(resident)
        assert answer.status_code == 200
        resident.tokens = answer.json
    clock.ahead = timedelta(days=180, minutes=1)
    refusal(refresh(resident), 401, "session.ended")


@pytest.mark.parametrize("audience", ["resident", "merchant"])
def test_a_refresh_token_is_good_for_its_own_audience_only(
    resident: Visitor, clerk: Visitor, audience: str
) -> None:
    owner, other = (resident, "merchant") if audience == "resident" else (clerk, "resident")
    refusal(refresh(owner, audience=other), 401, "session.ended")
    assert refresh(owner, audience=audience).status_code == 200, "the wrong door did not use it up"


def test_signing_out_ends_both_tokens_at_once(resident: Visitor, db: Session) -> None:
    session = session_of(resident)
    assert resident.delete("/resident/session").status_code == 204
    refusal(resident.get("/resident/identity"), 401, "session.ended")
    refusal(refresh(resident), 401, "session.ended")
    refusal(resident.delete("/resident/session"), 401, "session.ended")
    assert audit_actions(db, "session", session) == ["session.opened", "session.ended"]
    assert db.get_one(SignInSession, session).end_reason == "signed_out"


def test_signing_out_here_leaves_other_phones_signed_in(resident: Visitor) -> None:
    elsewhere = Visitor(resident.client, resident.simulator, resident.user)
    elsewhere.sign_in()
    resident.delete("/resident/session")
    assert elsewhere.get("/resident/identity").status_code == 200


def test_a_clerk_refreshes_and_signs_out_as_a_resident_does(clerk: Visitor) -> None:
    before = clerk.tokens["refresh_token"]
    clerk.tokens |= refresh(clerk, audience="merchant").json
    assert clerk.tokens["refresh_token"] != before
    assert clerk.get("/merchant/session").json["id"] == clerk.tokens["clerk"]["id"]
    assert clerk.delete("/merchant/session").status_code == 204
    refusal(clerk.get("/merchant/session"), 401, "session.ended")
    refusal(refresh(clerk, audience="merchant"), 401, "session.ended")


def test_no_token_can_be_read_from_the_tables(resident: Visitor, db: Session) -> None:
    for kind in ("access_token", "refresh_token"):
        assert tables_holding(db, resident.tokens[kind]) == []


def test_accounts_that_stayed_nobodys_are_forgotten_after_thirty_days(
    visitor: NewVisitor, db: Session, parts: Parts
) -> None:
    nobody, somebody = visitor(), visitor()
    for each in (nobody, somebody):
        each.sign_in()
    somebody.bind(new_person())
    # It leaves a notice, which goes with the account.
    assert nobody.delete("/resident/sessions").status_code == 204
    nobody.sign_in()
    for days, alive in ((29, True), (31, False)):
        forget_old_sign_ins(db, now=parts.clock.now() + timedelta(days=days))
        db.commit()
        assert (nobody.get("/resident/identity").status_code == 200) is alive
        assert somebody.get("/resident/identity").json["bound"] is True
    account = nobody.tokens["resident"]["id"]
    assert nobody.sign_in().json["resident"]["id"] != account
    assert set(audit_actions(db, "sign_ins", "old")) == {"sign_ins.forgotten"}
