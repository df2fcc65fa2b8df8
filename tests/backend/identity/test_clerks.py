"""Clerks: let in by a one-time invitation of their shop, and out at once."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import jwt
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.core.clock import ShiftedClock
from backend.core.tokens import hash_token
from backend.identity.models import Clerk, ClerkInvite
from backend.identity.service import invite_clerk, remove_clerk
from backend.partners.models import Shop
from tests.factories.answers import refusal
from tests.factories.catalogue import new_shop
from tests.factories.journey import Visitor
from tests.factories.tables import tables_holding
from tests.factories.trail import audit_actions

NewVisitor = Callable[[], Visitor]


@pytest.fixture
def shop(db: Session) -> Shop:
    return new_shop(db, name="磁湖书店")


def invitation(db: Session, shop: Shop) -> str:
    code = invite_clerk(db, shop_id=shop.id, label="二号收银台小陈", now=datetime.now(UTC))
    db.commit()
    return code


def test_an_invitation_makes_a_clerk_of_the_shop(visitor: NewVisitor, db: Session, shop: Shop) -> None:
    clerk, code = visitor(), invitation(db, shop)
    answer = clerk.sign_in_as_clerk(code)
    assert answer.status_code == 200
    assert answer.json["clerk"]["shop"] == {"id": str(shop.id), "name": "磁湖书店"}
    assert clerk.get("/merchant/session").json == answer.json["clerk"]
    assert audit_actions(db, "clerk", answer.json["clerk"]["id"]) == ["clerk.joined"]
    invite = db.scalars(select(ClerkInvite).where(ClerkInvite.code_hash == hash_token(code))).one()
    assert audit_actions(db, "clerk_invite", invite.id) == ["clerk.invited"]


def test_a_clerk_signs_in_later_without_an_invitation(visitor: NewVisitor, db: Session, shop: Shop) -> None:
    clerk = visitor()
    first = clerk.sign_in_as_clerk(invitation(db, shop)).json
    assert clerk.sign_in_as_clerk().json["clerk"] == first["clerk"]


def test_an_invitation_serves_one_person_once(visitor: NewVisitor, db: Session, shop: Shop) -> None:
    code, first, second = invitation(db, shop), visitor(), visitor()
    assert first.sign_in_as_clerk(code).status_code == 200
    refusal(second.sign_in_as_clerk(code), 410, "clerk.invite_used")
    refusal(second.sign_in_as_clerk(), 403, "clerk.not_invited")


def test_the_same_person_may_send_the_invitation_again(visitor: NewVisitor, db: Session, shop: Shop) -> None:
    code, clerk = invitation(db, shop), visitor()
    first, again = clerk.sign_in_as_clerk(code), clerk.sign_in_as_clerk(code)
    assert (again.status_code, again.json["clerk"]) == (200, first.json["clerk"])
    assert audit_actions(db, "clerk", first.json["clerk"]["id"]) == ["clerk.joined"]


def test_an_invitation_ends_after_thirty_days(
    visitor: NewVisitor, db: Session, shop: Shop, clock: ShiftedClock
) -> None:
    late, early = invitation(db, shop), invitation(db, shop)
    clock.ahead = timedelta(days=29, hours=23)
    assert visitor().sign_in_as_clerk(early).status_code == 200
    clock.ahead = timedelta(days=30, minutes=1)
    refusal(visitor().sign_in_as_clerk(late), 410, "clerk.invite_used")


@pytest.mark.parametrize("invite", [None, "made-up", "x" * 64])
def test_without_a_valid_invitation_nobody_becomes_a_clerk(visitor: NewVisitor, invite: str | None) -> None:
    refusal(visitor().sign_in_as_clerk(invite), 403, "clerk.not_invited")


def test_being_a_resident_makes_nobody_a_clerk(visitor: NewVisitor, db: Session) -> None:
    resident = visitor()
    resident.become_scored(db)
    refusal(resident.sign_in_as_clerk(), 403, "clerk.not_invited")


def test_a_clerk_may_be_a_resident_too_with_a_session_of_each(
    visitor: NewVisitor, db: Session, shop: Shop
) -> None:
    clerk = visitor()
    clerk.become_clerk(db, shop)
    at_home = Visitor(clerk.client, clerk.simulator, clerk.user)
    at_home.sign_in()
    refusal(at_home.get("/merchant/session"), 403, "session.wrong_audience")
    refusal(clerk.get("/resident/identity"), 403, "session.wrong_audience")


def test_a_clerk_who_was_removed_is_out_at_once(visitor: NewVisitor, db: Session, shop: Shop) -> None:
    code, clerk = invitation(db, shop), visitor()
    answer = clerk.sign_in_as_clerk(code)
    remove_clerk(db, clerk_id=answer.json["clerk"]["id"], now=datetime.now(UTC))
    db.commit()
    refusal(clerk.get("/merchant/session"), 401, "session.ended")
    refusal(clerk.redeem("HS1:ANYTHING"), 401, "session.ended")
    refresh = {"refresh_token": clerk.tokens["refresh_token"]}
    refusal(clerk.post("/merchant/session/refresh", refresh), 401, "session.ended")
    refusal(clerk.sign_in_as_clerk(), 403, "clerk.not_invited")
    refusal(clerk.sign_in_as_clerk(code), 410, "clerk.invite_used")
    assert audit_actions(db, "clerk", answer.json["clerk"]["id"]) == ["clerk.joined", "clerk.removed"]


def test_a_removed_clerk_comes_back_by_a_new_invitation(visitor: NewVisitor, db: Session, shop: Shop) -> None:
    clerk = visitor()
    first = clerk.sign_in_as_clerk(invitation(db, shop)).json["clerk"]
    before = dict(clerk.tokens)
    claims = jwt.decode(before["access_token"], options={"verify_signature": False})
    for _ in range(2):
        remove_clerk(db, clerk_id=first["id"], now=datetime.now(UTC))
        db.commit()
    assert clerk.sign_in_as_clerk(invitation(db, shop)).json["clerk"] == first
    assert clerk.get("/merchant/session").status_code == 200
    clerk.tokens = before
    refusal(clerk.get("/merchant/session"), 401, "session.ended")
    actions = ["clerk.joined", "clerk.removed", "clerk.joined"]
    assert audit_actions(db, "clerk", first["id"]) == actions
    assert audit_actions(db, "session", claims["sid"]) == ["session.opened", "session.ended"]


def test_a_clerk_of_two_shops_works_where_the_last_sign_in_was(
    visitor: NewVisitor, db: Session, shop: Shop
) -> None:
    other, clerk = new_shop(db, name="东方山茶社"), visitor()
    codes = {shop.name: invitation(db, shop), other.name: invitation(db, other)}
    for name, code in codes.items():
        assert clerk.sign_in_as_clerk(code).json["clerk"]["shop"]["name"] == name
    assert clerk.sign_in_as_clerk().json["clerk"]["shop"]["name"] == other.name
    assert clerk.sign_in_as_clerk(codes[shop.name]).json["clerk"]["shop"]["name"] == shop.name
    assert clerk.sign_in_as_clerk().json["clerk"]["shop"]["name"] == shop.name


def test_neither_clerk_nor_invitation_can_be_read_from_the_tables(
    visitor: NewVisitor, db: Session, shop: Shop
) -> None:
    code, clerk = invitation(db, shop), visitor()
    answer = clerk.sign_in_as_clerk(code)
    openid = clerk.simulator.person(clerk.user)["openid"]
    for text in (code, openid, "二号收银台小陈"):
        assert tables_holding(db, text) == [], text
    assert db.get_one(Clerk, answer.json["clerk"]["id"]).label == "二号收银台小陈"
