"""Tokens, invitations and identities belong to one, also when many reach for them at once."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from uuid import UUID

from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from backend.core.encryption import blind_index
from backend.core.tokens import hash_token
from backend.identity.models import Clerk, ClerkInvite, RefreshToken, Resident
from backend.identity.service import invite_clerk
from backend.main import Parts
from backend.web.application import Application
from tests.backend.concurrency.races import (
    NAIVE_CLIENTS,
    Naive,
    copy_without_constraints,
    naive_winners,
    outcomes,
    together,
)
from tests.factories.catalogue import new_shop
from tests.factories.crowd import new_crowd, same_phone
from tests.factories.journey import Visitor
from tests.factories.people import new_person
from tests.factories.trail import audit_actions, count_rows
from tests.scripts.wechat_simulator.running import Simulator

NewVisitor = Callable[[], Visitor]


def test_a_refresh_token_used_twice_at_once_ends_the_session(
    app: Application, db: Session, parts: Parts, simulator: Simulator
) -> None:
    for resident in new_crowd(parts, app, simulator, 8):
        answers = together([partial(_refresh, same_phone(resident, app)) for _ in range(2)])
        assert outcomes(answers) == {200: 1, (401, "session.reused"): 1}
        renewed = next(answer.json for answer in answers if answer.status_code == 200)
        assert resident.get("/resident/score").status_code == 401
        resident.tokens = renewed
        assert resident.get("/resident/score").status_code == 401
        assert _refresh(resident).status_code == 401
        session_id = db.get_one(RefreshToken, hash_token(renewed["refresh_token"])).session_id
        actions = audit_actions(db, "session", session_id)
        assert actions == ["session.opened", "session.refreshed", "session.ended"]


def test_control_a_refresh_token_that_is_read_and_then_marked_works_many_times(
    db: Session, parts: Parts, app: Application, simulator: Simulator, database_url: str
) -> None:
    resident = new_crowd(parts, app, simulator, 1)[0]
    naive = Naive(
        "SELECT session_id FROM refresh_tokens WHERE token_hash = %(hash)s AND used_at IS NULL",
        "UPDATE refresh_tokens SET used_at = now() WHERE token_hash = %(hash)s",
        {"hash": hash_token(resident.tokens["refresh_token"])},
    )
    assert naive_winners(database_url, *[naive] * 2) == 2


def test_an_invitation_that_16_people_use_at_once_makes_one_clerk(db: Session, visitor: NewVisitor) -> None:
    shop = new_shop(db)
    invite = _invite(db, shop.id)
    people = [visitor() for _ in range(16)]
    answers = together([partial(person.sign_in_as_clerk, invite) for person in people])
    assert outcomes(answers) == {200: 1, (410, "clerk.invite_used"): 15}
    assert count_rows(db, Clerk, shop_id=shop.id) == 1


def test_control_an_invitation_that_is_read_and_then_marked_lets_many_in(
    db: Session, visitor: NewVisitor, database_url: str
) -> None:
    shop = new_shop(db)
    code_hash = hash_token(_invite(db, shop.id))
    other = visitor()
    other.become_clerk(db, shop)
    naive = Naive(
        "SELECT id FROM clerk_invites WHERE code_hash = %(hash)s AND used_by IS NULL",
        "UPDATE clerk_invites SET used_by = %(clerk)s, used_at = now() WHERE id = %(id)s",
        {"hash": code_hash, "clerk": other.tokens["clerk"]["id"]},
    )
    assert naive_winners(database_url, *[naive] * NAIVE_CLIENTS) > 1
    assert count_rows(db, ClerkInvite, code_hash=code_hash) == 1


def test_one_person_binding_with_8_accounts_at_once_gets_one_account(
    app: Application, db: Session, parts: Parts, simulator: Simulator
) -> None:
    person = new_person()
    accounts = new_crowd(parts, app, simulator, 8, scored=False)
    answers = together([partial(account.bind, person) for account in accounts])
    assert outcomes(answers) == {200: 1, (409, "identity.bound_elsewhere"): 7}
    index = blind_index("residents.id_number", person.id_number)
    bound = db.query(Resident).filter_by(id_number_index=index).one()
    assert audit_actions(db, "resident", bound.id) == ["resident.joined", "identity.bound"]
    others = {account.tokens["resident"]["id"] for account in accounts} - {str(bound.id)}
    assert {tuple(audit_actions(db, "resident", other)) for other in others} == {("resident.joined",)}


def test_control_an_identity_that_is_looked_for_and_then_added_is_bound_many_times(
    db: Session, database_url: str
) -> None:
    table = copy_without_constraints(db, Resident, "id_number_index")
    naive = Naive(
        f"SELECT WHERE NOT EXISTS (SELECT FROM {table} WHERE id_number_index = %(index)s)",
        f"INSERT INTO {table} VALUES (%(index)s)",
        {"index": blind_index("residents.id_number", new_person().id_number)},
    )
    assert naive_winners(database_url, *[naive] * 8) == 8


def _refresh(resident: Visitor) -> TestResponse:
    return resident.post("/resident/session/refresh", {"refresh_token": resident.tokens["refresh_token"]})


def _invite(db: Session, shop_id: UUID) -> str:
    code = invite_clerk(db, shop_id=shop_id, label=None, now=datetime.now(UTC))
    db.commit()
    return code
