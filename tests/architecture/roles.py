"""Everybody who might call: each role as somebody with an access token, with the console's cookie, or
with neither."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy.orm import Session

from backend.accounts.models import Account
from backend.accounts.roles import permissions_of
from backend.accounts.sessions import end_sessions
from backend.core.actor import SYSTEM, ActorKind, SignInStep
from backend.core.keys import KeyRing
from backend.identity.service import remove_clerk
from backend.identity.tokens import AccessClaims, mint_access_token, read_access_token
from backend.partners.models import Shop
from backend.web.application import Application
from backend.web.console import CSRF_HEADER
from tests.architecture.access_matrix import (
    ANY_STEP,
    BY_COOKIE,
    CLERKS,
    COLLEAGUES,
    ENROLLING,
    EVERYBODY,
    HALF_IN,
    RESIDENTS,
    SOURCES,
    Call,
    Open,
    To,
)
from tests.factories.catalogue import new_shop
from tests.factories.console import Colleague, seat
from tests.factories.journey import Visitor
from tests.factories.people import new_person
from tests.factories.sources import Program, new_program

NewVisitor = Callable[[], Visitor]
Refusal = tuple[int, str]


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
    SOURCE = "source's program"
    ENDED_SOURCE = "source's program, ended"
    ENDED = "ended session"
    EXPIRED = "expired token"
    BUSINESS = "office, other roles"
    SYSTEM_ADMIN = "system administrator"
    SECURITY_ADMIN = "security administrator"
    AUDIT_ADMIN = "audit administrator"
    OF_DISTRICT = "security administrator of a district"
    UNIT_MANAGER = "unit's manager"
    OTHER_UNIT_MANAGER = "another unit's manager"
    UNIT_EDITOR = "unit's editor"
    HALF_IN = "second factor to be shown"
    ENROLLING = "second factor to be set up"
    WITHOUT_CSRF = "without CSRF token"
    COLLEAGUE_ENDED = "ended console session"


LIVING_RESIDENTS = (Role.UNBOUND, Role.BOUND, Role.SCORED, Role.OTHER_RESIDENT)
LIVING_CLERKS = (Role.CLERK, Role.OTHER_CLERK)
LIVING_PROGRAMS = (Role.SOURCE,)
PROGRAMS = (Role.SOURCE, Role.ENDED_SOURCE)
BUSINESS_ROLES = ["programme_manager", "reviewer", "score_keeper", "case_officer", "window_clerk"]
# The roles that each person of the console has, and where they stand with signing in.
CONSOLE_ROLES: dict[Role, list[str]] = {
    Role.BUSINESS: BUSINESS_ROLES,
    Role.SYSTEM_ADMIN: ["system_admin"],
    Role.SECURITY_ADMIN: ["security_admin"],
    Role.AUDIT_ADMIN: ["audit_admin"],
    Role.OF_DISTRICT: ["security_admin"],
    Role.UNIT_MANAGER: ["unit_manager"],
    Role.OTHER_UNIT_MANAGER: ["unit_manager"],
    Role.UNIT_EDITOR: ["unit_editor"],
    Role.HALF_IN: ["security_admin"],
    Role.ENROLLING: ["security_admin"],
    Role.WITHOUT_CSRF: ["security_admin"],
    Role.COLLEAGUE_ENDED: ["security_admin"],
}
OF_UNITS = (Role.UNIT_MANAGER, Role.OTHER_UNIT_MANAGER, Role.UNIT_EDITOR)
STEPS = {Role.HALF_IN: SignInStep.SECOND_FACTOR, Role.ENROLLING: SignInStep.ENROL_SECOND_FACTOR}
STEPS_OF = {
    COLLEAGUES: {SignInStep.SIGNED_IN},
    ANY_STEP: set(SignInStep),
    ENROLLING: {SignInStep.SIGNED_IN, SignInStep.ENROL_SECOND_FACTOR},
    HALF_IN: {SignInStep.SECOND_FACTOR},
}
REQUIRED, ENDED, WRONG_AUDIENCE = "session.required", "session.ended", "session.wrong_audience"


def is_by_cookie(call: Call) -> bool:
    return call[1].startswith(BY_COOKIE)


def turned_away(role: Role, call: Call, who: Open | To) -> Refusal | None:
    """Status and code with which a role is turned away from a call; None when it is let in."""
    if who is EVERYBODY:
        return None
    if is_by_cookie(call):
        return _turned_away_from_console(role, call, who)
    if role is Role.NOBODY or role in CONSOLE_ROLES:
        return 401, REQUIRED
    living = {RESIDENTS: LIVING_RESIDENTS, CLERKS: LIVING_CLERKS, SOURCES: LIVING_PROGRAMS}
    if not any(role in those for those in living.values()):
        return 401, ENDED
    return None if role in living[who] else (403, WRONG_AUDIENCE)  # type: ignore[index]


def _turned_away_from_console(role: Role, call: Call, who: Open | To) -> Refusal | None:
    if role not in CONSOLE_ROLES:
        return 401, REQUIRED
    if role is Role.COLLEAGUE_ENDED:
        return 401, ENDED
    if role is Role.WITHOUT_CSRF and call[0] != "GET":
        return 403, "session.csrf"
    step = STEPS.get(role, SignInStep.SIGNED_IN)
    if step not in (STEPS_OF[who] if isinstance(who, Open) else {SignInStep.SIGNED_IN}):
        return (409, "session.step_over") if step is SignInStep.SIGNED_IN else (401, "session.step_missing")
    if isinstance(who, Open):
        return None
    is_partners = call[1].startswith("/api/v1/partner/")
    if is_partners is not (role in OF_UNITS):
        return 403, WRONG_AUDIENCE
    is_permitted = who.permission in permissions_of(CONSOLE_ROLES[role])
    return None if is_permitted else (403, "permission.missing")


@dataclass(frozen=True)
class Cast:
    """One person for each role but nobody."""

    people: dict[Role, Visitor]
    programs: dict[Role, Program]
    colleagues: dict[Role, Colleague]
    shop: Shop
    ring: KeyRing = field(repr=False)

    def headers(self, role: Role) -> dict[str, str]:
        if role in self.colleagues:
            sent = self.colleagues[role].headers
            return {**sent, CSRF_HEADER: ""} if role is Role.WITHOUT_CSRF else sent
        if role in self.programs:
            return self.programs[role].headers
        person = self.people.get(role)
        if person is None:
            return {}
        if role is Role.EXPIRED:
            return {"Authorization": f"Bearer {aged(person.tokens['access_token'], self.ring)}"}
        return person.headers

    def sign_in_again(self, role: Role, db: Session) -> None:
        """After a call that may have ended the session."""
        if role in self.colleagues:
            person = self.colleagues[role]
            step = STEPS.get(role, SignInStep.SIGNED_IN)
            person.sit_down(db, db.get_one(Account, person.id), step)
            return
        visitor = self.people[role]
        answer = visitor.sign_in_as_clerk() if role in LIVING_CLERKS else visitor.sign_in()
        assert answer.status_code == 200, answer.text


def new_cast(db: Session, app: Application, visitor: NewVisitor, ring: KeyRing) -> Cast:
    shop, elsewhere = new_shop(db), new_shop(db)
    others = {Role.NOBODY, *CONSOLE_ROLES, *PROGRAMS}
    people = {role: visitor() for role in Role if role not in others}
    programs = {role: new_program(db, app) for role in PROGRAMS}
    programs[Role.ENDED_SOURCE].end(db)
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
    colleagues = {role: new_seat(db, app, role, shop, elsewhere) for role in CONSOLE_ROLES}
    ended = colleagues[Role.COLLEAGUE_ENDED].id
    assert end_sessions(db, ended, reason="signed_out", actor=SYSTEM, now=datetime.now(UTC)) == 1
    db.commit()
    return Cast(people, programs, colleagues, shop, ring)


def new_seat(db: Session, app: Application, role: Role, shop: Shop, elsewhere: Shop) -> Colleague:
    """The console's session of somebody with this role."""
    unit_id = None
    if role in OF_UNITS:
        unit_id = elsewhere.unit_id if role is Role.OTHER_UNIT_MANAGER else shop.unit_id
    district = "420202" if role is Role.OF_DISTRICT else None
    step = STEPS.get(role, SignInStep.SIGNED_IN)
    return seat(db, app, *CONSOLE_ROLES[role], unit_id=unit_id, district=district, step=step)


def aged(token: str, ring: KeyRing) -> str:
    """The same token as it would have been given an hour ago."""
    now = datetime.now(UTC)
    claims = read_access_token(token, keys=ring.session, now=now)
    assert claims.kind is ActorKind.RESIDENT
    again = AccessClaims(claims.kind, claims.subject_id, claims.session_id)
    return mint_access_token(again, key=ring.session[-1], now=now - timedelta(hours=1))
