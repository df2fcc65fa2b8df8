"""Signing in to the console: the password, then the second factor."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from backend.accounts import passkeys, passwords, queries, sessions
from backend.accounts.errors import (
    LastSecondFactor,
    Locked,
    PasskeyRefused,
    Suspended,
    WrongCode,
    WrongCredentials,
    WrongPassword,
)
from backend.accounts.models import Account
from backend.accounts.recovery import use_code
from backend.accounts.totp import use_totp
from backend.accounts.tries import forget_tries, lock_tries, note_failure
from backend.audit import service as audit
from backend.core.actor import SYSTEM, ActorKind, SignInStep
from backend.core.console import Caller
from backend.core.errors import DomainError


def sign_in(db: Session, *, email: str, password: str, client: str, now: datetime) -> Caller:
    """Open a session for the right password. Without an account it takes as long and ends the same."""
    tries = lock_tries(db, email, now=now)
    account = queries.find_by_email(db, email)
    if not passwords.is_password(account.password_hash if account else None, password) or account is None:
        refusal = note_failure(tries, WrongCredentials(), now=now)
        if account:
            _note_refused(db, account, refusal, "password", now)
        raise refusal
    if account.suspended_at:
        raise Suspended
    return open_for(db, account, client=client, now=now)


def open_for(db: Session, account: Account, *, client: str, now: datetime) -> Caller:
    """The session of somebody who has proved one thing; what is still missing is its step."""
    step = SignInStep.SIGNED_IN
    if queries.second_factors(db, account).is_any:
        step = SignInStep.SECOND_FACTOR
    elif account.kind == ActorKind.OFFICE:
        step = SignInStep.ENROL_SECOND_FACTOR
    if step is not SignInStep.SECOND_FACTOR:
        forget_tries(db, account.email or "")
    return sessions.open_session(db, account, step, client=client, now=now)


def sign_in_with_passkey(db: Session, account: Account, *, client: str, now: datetime) -> Caller:
    """A passkey that has made sure of its owner is two things in one: what one has, and what one is or
    knows. It cannot be guessed, so it opens also while a password may not be tried."""
    if account.suspended_at:
        raise Suspended
    forget_tries(db, account.email or "")
    return sessions.open_session(db, account, SignInStep.SIGNED_IN, client=client, now=now)


def pass_totp(db: Session, *, account_id: UUID, session_id: UUID, code: str, now: datetime) -> Caller:
    return _pass_code(db, account_id, session_id, code, "totp", now)


def pass_recovery_code(
    db: Session, *, account_id: UUID, session_id: UUID, code: str, now: datetime
) -> Caller:
    return _pass_code(db, account_id, session_id, code, "recovery", now)


def _pass_code(
    db: Session, account_id: UUID, session_id: UUID, code: str, method: str, now: datetime
) -> Caller:
    account = queries.get_account(db, account_id)
    tries = lock_tries(db, account.email or "", now=now)
    use = use_totp if method == "totp" else use_code
    if not use(db, account, code, now=now):
        refusal = note_failure(tries, WrongCode(errors={"code": [WrongCode.detail]}), now=now)
        _note_refused(db, account, refusal, method, now)
        raise refusal
    return pass_second_factor(db, account, session_id, now=now)


def pass_second_factor(db: Session, account: Account, session_id: UUID, *, now: datetime) -> Caller:
    forget_tries(db, account.email or "")
    return sessions.complete_session(db, account, session_id, now=now)


def check_password_again(db: Session, account: Account, password: str, *, now: datetime) -> None:
    """For what a passer-by at an unattended screen must not do."""
    tries = lock_tries(db, account.email or "", now=now)
    if not passwords.is_password(account.password_hash, password):
        refusal = note_failure(tries, WrongPassword(errors={"password": [WrongPassword.detail]}), now=now)
        _note_refused(db, account, refusal, "password", now)
        raise refusal


@dataclass(frozen=True, slots=True)
class Shown:
    """With what somebody who is signed in proves again who they are: beside the password a code, or what
    a passkey signed in this session."""

    password: str
    code: str | None
    credential: passkeys.Credential | None


def check_person_again(
    db: Session, site: passkeys.Site, account: Account, shown: Shown, *, session_id: UUID, now: datetime
) -> None:
    """For what binds others than the person: the password and, where there is one, a second factor."""
    check_password_again(db, account, shown.password, now=now)
    if not queries.second_factors(db, account).is_any:
        return
    if shown.credential is not None:
        if passkeys.use_passkey(db, site, shown.credential, session_id=session_id, now=now) != account.id:
            raise PasskeyRefused
        return
    code = shown.code
    if not code or not (use_totp(db, account, code, now=now) or use_code(db, account, code, now=now)):
        tries = lock_tries(db, account.email or "", now=now)
        refusal = note_failure(tries, WrongCode(errors={"code": [WrongCode.detail]}), now=now)
        _note_refused(db, account, refusal, "second_factor", now)
        raise refusal


def check_keeps_second_factor(account: Account, left: queries.SecondFactors) -> None:
    if account.kind == ActorKind.OFFICE and not left.is_any:
        raise LastSecondFactor


def _note_refused(db: Session, account: Account, refusal: DomainError, method: str, now: datetime) -> None:
    action = "account.locked" if isinstance(refusal, Locked) else "account.sign_in_refused"
    audit.record(db, action, subject=("account", account.id), actor=SYSTEM, now=now, method=method)
