"""People of the console: they join by an invitation, enrol a second factor and use the interface."""

import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pyotp
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from backend.accounts.models import Account, StaffInvitation
from backend.accounts.sessions import open_session
from backend.core.actor import ActorKind, SignInStep
from backend.core.clock import Clock, SystemClock
from backend.core.ids import new_id
from backend.core.scopes import act_as_owner
from backend.core.tokens import hash_token, new_token
from backend.web.application import Application
from backend.web.console import COOKIE, CSRF_HEADER, csrf_token
from scripts.demonstration.accounts import add_account

API = "/api/v1"
PASSWORD = "correct-horse-7-battery"


@dataclass
class Colleague:
    """Somebody at a browser; with an account once they have joined."""

    app: Application
    clock: Clock = field(default_factory=SystemClock)
    email: str = field(default_factory=lambda: f"p{secrets.token_hex(6)}@example.gov.cn")
    name: str = "周敏"
    password: str = PASSWORD
    secret: str | None = None
    recovery_codes: list[str] = field(default_factory=list)
    csrf_token: str | None = None
    session: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.client: FlaskClient = self.app.test_client()

    @property
    def id(self) -> UUID:
        return UUID(self.session["account"]["id"])

    @property
    def cookie(self) -> str | None:
        found = self.client.get_cookie(COOKIE, path="/api/v1")
        return found.value if found else None

    def call(self, method: str, path: str, **options: Any) -> TestResponse:
        headers = {"X-CSRF-Token": self.csrf_token} if self.csrf_token else {}
        return self.client.open(
            API + path, method=method, headers={**headers, **options.pop("headers", {})}, **options
        )

    def get(self, path: str, **query: Any) -> TestResponse:
        return self.call("GET", path, query_string=query)

    def post(self, path: str, body: Any = None) -> TestResponse:
        return self._keep(self.call("POST", path, json={} if body is None else body))

    def put(self, path: str, body: Any) -> TestResponse:
        return self.call("PUT", path, json=body)

    def delete(self, path: str, body: Any = None) -> TestResponse:
        return self.call("DELETE", path, **({} if body is None else {"json": body}))

    def enter_password(self, password: str | None = None) -> TestResponse:
        return self.post("/console/session", {"email": self.email, "password": password or self.password})

    def code(self, *, ahead: timedelta = timedelta()) -> str:
        """What the authenticator app shows."""
        assert self.secret is not None
        return pyotp.TOTP(self.secret).at(self.clock.now() + ahead)

    def sign_in(self) -> TestResponse:
        """All the way. A code counts once, so one waits for the next; here the clock is looked ahead."""
        answer = self.enter_password()
        if answer.json and answer.json["step"] == "second_factor":
            answer = self.post("/console/session/recovery", {"code": self.recovery_codes.pop()})
        assert answer.status_code == 200, answer.text
        return answer

    def enrol(self) -> TestResponse:
        """Set an authenticator app up, and note the recovery codes."""
        self.secret = self.post("/console/totp").json["secret"]  # type: ignore[index]
        answer = self.post("/console/totp/confirm", {"code": self.code()})
        assert answer.status_code == 200, answer.text
        self.recovery_codes += answer.json["recovery_codes"]  # type: ignore[index]
        return answer

    def sit_down(self, db: Session, account: Account, step: SignInStep = SignInStep.SIGNED_IN) -> None:
        """Open a session as if what is needed for it had been shown. Commits."""
        caller = open_session(db, account, step, client="测试", now=self.clock.now())
        db.commit()
        self.session, self.csrf_token = {"account": {"id": str(account.id)}}, csrf_token(caller.token)
        self.client.set_cookie(COOKIE, caller.token, path="/api/v1")

    @property
    def headers(self) -> dict[str, str]:
        """What a browser sends for this person, for a client without a memory of its own."""
        return {"Cookie": f"{COOKIE}={self.cookie}", CSRF_HEADER: self.csrf_token or ""}

    def _keep(self, answer: TestResponse) -> TestResponse:
        said: dict[str, Any] = answer.get_json(silent=True) or {}
        session = said.get("session", said)
        if "csrf_token" in session:
            self.session, self.csrf_token = session, session["csrf_token"]
        return answer


def invite(
    db: Session,
    email: str,
    roles: list[str],
    *,
    clock: Clock,
    unit_id: UUID | None = None,
    district: str | None = None,
    good_for: timedelta = timedelta(days=7),
) -> str:
    """An invitation as if its letter had been sent; gives the token. Commits."""
    token, now = new_token(), clock.now()
    invitation = StaffInvitation(
        id=new_id(),
        kind=ActorKind.PARTNER if unit_id else ActorKind.OFFICE,
        unit_id=unit_id,
        district=district,
        roles=roles,
        token_hash=hash_token(token),
        created_at=now,
        expires_at=now + good_for,
    )
    invitation.email, invitation.name = email, "受邀人"
    db.add(invitation)
    db.commit()
    return token


def new_account(
    db: Session, email: str, *roles: str, unit_id: UUID | None = None, district: str | None = None
) -> Account:
    """An account whose password nobody knows."""
    return add_account(
        db, *roles, email=email, name="周敏", unit_id=unit_id, district=district, now=datetime.now(UTC)
    )


def seat(
    db: Session,
    app: Application,
    *roles: str,
    unit_id: UUID | None = None,
    district: str | None = None,
    step: SignInStep = SignInStep.SIGNED_IN,
) -> Colleague:
    """Somebody with an account and an open session, put there without the way over the interface. Commits."""
    person = Colleague(app)
    person.sit_down(db, new_account(db, person.email, *roles, unit_id=unit_id, district=district), step)
    return person


def new_colleague(
    db: Session,
    app: Application,
    *roles: str,
    clock: Clock | None = None,
    unit_id: UUID | None = None,
    district: str | None = None,
) -> Colleague:
    """Somebody who has joined and is signed in; people of the office with a second factor."""
    person = Colleague(app, clock or SystemClock())
    place = {"unit_id": unit_id, "district": district}
    token = invite(db, person.email, list(roles), clock=person.clock, **place)  # type: ignore[arg-type]
    accepted = person.post(
        "/console/invitations/accept", {"token": token, "name": person.name, "password": person.password}
    )
    assert accepted.status_code == 200, accepted.text
    if person.session["step"] == "enrol_second_factor":
        person.enrol()
    assert person.session["step"] == "signed_in"
    return person


def forget_accounts(db: Session) -> None:
    """As in a new system: nobody has an account, and nothing is left of what accounts did. Not committed.

    What is only ever added to goes with them, past the triggers that would refuse.
    """
    act_as_owner(db)
    db.execute(text("SET LOCAL session_replication_role = replica"))
    db.execute(text("TRUNCATE accounts, set_up_links CASCADE"))
    db.execute(text("SET LOCAL session_replication_role = DEFAULT"))
