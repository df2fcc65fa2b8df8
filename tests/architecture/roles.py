"""Everybody who might call: each role as somebody with a token, or without one."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy.orm import Session

from backend.core.actor import ActorKind
from backend.core.keys import KeyRing
from backend.identity.service import remove_clerk
from backend.identity.tokens import AccessClaims, mint_access_token, read_access_token
from backend.partners.models import Shop
from tests.architecture.access_matrix import EVERYBODY, RESIDENTS, Open
from tests.factories.catalogue import new_shop
from tests.factories.journey import Visitor
from tests.factories.people import new_person

NewVisitor = Callable[[], Visitor]


class Role(StrEnum):
    """In the order in which the page lists them."""

    NOBODY = "nobody"
    UNBOUND = "resident, unbound"
    BOUND = "resident, bound, no consent"
    SCORED = "resident, scored"
    OTHER_RESIDENT = "another resident"
    CLERK = "clerk of this shop"
    OTHER_CLERK = "clerk of another shop"
    REMOVED_CLERK = "removed clerk"
    ENDED = "ended session"
    EXPIRED = "expired token"


LIVING_RESIDENTS = (Role.UNBOUND, Role.BOUND, Role.SCORED, Role.OTHER_RESIDENT)
LIVING_CLERKS = (Role.CLERK, Role.OTHER_CLERK)
REQUIRED, ENDED, WRONG_AUDIENCE = "session.required", "session.ended", "session.wrong_audience"


def turned_away(role: Role, who: Open) -> tuple[int, str] | None:
    """Status and code with which a role is turned away from a call; None when it is let in."""
    if who is EVERYBODY:
        return None
    if role is Role.NOBODY:
        return 401, REQUIRED
    if role not in (*LIVING_RESIDENTS, *LIVING_CLERKS):
        return 401, ENDED
    is_named = role in (LIVING_RESIDENTS if who is RESIDENTS else LIVING_CLERKS)
    return None if is_named else (403, WRONG_AUDIENCE)


@dataclass(frozen=True)
class Cast:
    """One person for each role but nobody."""

    people: dict[Role, Visitor]
    shop: Shop
    ring: KeyRing = field(repr=False)

    def token(self, role: Role) -> str | None:
        person = self.people.get(role)
        if person is None:
            return None
        token: str = person.tokens["access_token"]
        return aged(token, self.ring) if role is Role.EXPIRED else token

    def sign_in_again(self, role: Role) -> None:
        """After a call that may have ended the session."""
        person = self.people[role]
        answer = person.sign_in_as_clerk() if role in LIVING_CLERKS else person.sign_in()
        assert answer.status_code == 200, answer.text


def new_cast(db: Session, visitor: NewVisitor, ring: KeyRing) -> Cast:
    shop, elsewhere = new_shop(db), new_shop(db)
    people = {role: visitor() for role in Role if role is not Role.NOBODY}
    for role in (Role.UNBOUND, Role.BOUND):
        people[role].sign_in()
    assert people[Role.BOUND].bind(new_person()).status_code == 200
    for role in (Role.SCORED, Role.OTHER_RESIDENT, Role.ENDED, Role.EXPIRED):
        people[role].become_scored(db)
    people[Role.CLERK].become_clerk(db, shop)
    people[Role.OTHER_CLERK].become_clerk(db, elsewhere)
    people[Role.REMOVED_CLERK].become_clerk(db, shop)
    remove_clerk(db, clerk_id=UUID(people[Role.REMOVED_CLERK].tokens["clerk"]["id"]), now=datetime.now(UTC))
    db.commit()
    assert people[Role.ENDED].delete("/resident/session").status_code == 204
    return Cast(people, shop, ring)


def aged(token: str, ring: KeyRing) -> str:
    """The same token as it would have been given an hour ago."""
    now = datetime.now(UTC)
    claims = read_access_token(token, keys=ring.session, now=now)
    assert claims.kind is ActorKind.RESIDENT
    again = AccessClaims(claims.kind, claims.subject_id, claims.session_id)
    return mint_access_token(again, key=ring.session[-1], now=now - timedelta(hours=1))
