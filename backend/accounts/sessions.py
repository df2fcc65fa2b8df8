"""The console's sessions: opened by the password, whole after the second factor, ended by idling."""

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, and_, select, update
from sqlalchemy.orm import Session

from backend.accounts.errors import SessionOver
from backend.accounts.models import Account, AccountSession
from backend.accounts.roles import permissions_of
from backend.audit import service as audit
from backend.core.actor import Actor, ActorKind, SignInStep
from backend.core.console import Caller
from backend.core.errors import NotFound
from backend.core.ids import new_id
from backend.core.tokens import hash_token, new_token

IDLE_AFTER = timedelta(minutes=15)
WHOLE_FOR = timedelta(hours=8)
# For the second factor, or for setting one up.
HALF_FOR = timedelta(minutes=30)
# An answer is not worth a write for each request.
SEEN_AT_MOST_EVERY = timedelta(seconds=30)


def open_session(db: Session, account: Account, step: SignInStep, *, client: str, now: datetime) -> Caller:
    """For somebody whose password, link or passkey was good."""
    is_whole = step is SignInStep.SIGNED_IN
    session = AccountSession(
        id=new_id(),
        account_id=account.id,
        step=step,
        client=client,
        started_at=now,
        last_seen_at=now,
        ends_at=now + (WHOLE_FOR if is_whole else HALF_FOR),
    )
    caller = _with_new_token(account, session)
    db.add(session)
    db.flush()
    if is_whole:
        _note_signed_in(db, account, caller.actor, now)
    return caller


def complete_session(db: Session, account: Account, session_id: UUID, *, now: datetime) -> Caller:
    """The second factor was good. The cookie changes, so that one seen before is worth nothing."""
    session = lock_session(db, session_id, now=now)
    session.step, session.last_seen_at, session.ends_at = SignInStep.SIGNED_IN, now, now + WHOLE_FOR
    caller = _with_new_token(account, session)
    db.flush()
    _note_signed_in(db, account, caller.actor, now)
    return caller


def find_caller(db: Session, token: str, *, now: datetime) -> Caller:
    """Who sent the cookie, and that they were seen; SessionOver when the session is not open."""
    found = db.execute(
        select(AccountSession, Account)
        .join(Account, Account.id == AccountSession.account_id)
        .where(AccountSession.token_hash == hash_token(token), is_open(now), Account.suspended_at.is_(None))
    ).one_or_none()
    if found is None:
        raise SessionOver
    session, account = found
    if session.last_seen_at < now - SEEN_AT_MOST_EVERY:
        session.last_seen_at = now
    return _caller(account, session, token)


def is_open(now: datetime) -> ColumnElement[bool]:
    return and_(
        AccountSession.ended_at.is_(None),
        AccountSession.ends_at > now,
        AccountSession.last_seen_at > now - IDLE_AFTER,
    )


def list_sessions(db: Session, account_id: UUID, *, now: datetime) -> list[AccountSession]:
    query = select(AccountSession).where(
        AccountSession.account_id == account_id, AccountSession.step == SignInStep.SIGNED_IN, is_open(now)
    )
    return list(db.scalars(query.order_by(AccountSession.last_seen_at.desc())))


def lock_session(db: Session, session_id: UUID, *, now: datetime) -> AccountSession:
    query = select(AccountSession).where(AccountSession.id == session_id, is_open(now)).with_for_update()
    session = db.scalars(query).one_or_none()
    if session is None:
        raise SessionOver
    return session


def end_session(db: Session, *, session_id: UUID, account_id: UUID, actor: Actor, now: datetime) -> None:
    """Sign out here, or in another browser of the same person."""
    if not _end(db, AccountSession.id == session_id, account_id, "signed_out", actor, now):
        raise NotFound


def end_sessions(
    db: Session, account_id: UUID, *, reason: str, actor: Actor, now: datetime, but: UUID | None = None
) -> int:
    """In all browsers, or in all others; gives how many were open."""
    others = AccountSession.id != but if but else AccountSession.id.is_not(None)
    return _end(db, others, account_id, reason, actor, now)


def actor_of(account: Account, session_id: UUID | None = None) -> Actor:
    return Actor(
        ActorKind(account.kind),
        account.id,
        session_id,
        unit_id=account.unit_id,
        district=account.district,
        permissions=permissions_of(account.roles),
    )


def _end(
    db: Session, which: ColumnElement[bool], account_id: UUID, reason: str, actor: Actor, now: datetime
) -> int:
    ended = db.scalars(
        update(AccountSession)
        .where(which, AccountSession.account_id == account_id, AccountSession.ended_at.is_(None))
        .values(ended_at=now, end_reason=reason)
        .returning(AccountSession.id)
        .execution_options(synchronize_session=False)
    ).all()
    for session_id in ended:
        subject = ("account_session", session_id)
        data = {"account": str(account_id), "reason": reason}
        audit.record(db, "account.signed_out", subject=subject, actor=actor, now=now, **data)
    return len(ended)


def _with_new_token(account: Account, session: AccountSession) -> Caller:
    token = new_token()
    session.token_hash = hash_token(token)
    return _caller(account, session, token)


def _caller(account: Account, session: AccountSession, token: str) -> Caller:
    step = SignInStep(session.step)
    actor = actor_of(account, session.id)
    if step is not SignInStep.SIGNED_IN:
        actor = replace(actor, permissions=frozenset())
    idle_ends_at = min(session.last_seen_at + IDLE_AFTER, session.ends_at)
    return Caller(actor, step, token, idle_ends_at, session.ends_at)


def _note_signed_in(db: Session, account: Account, actor: Actor, now: datetime) -> None:
    account.last_signed_in_at = now
    audit.record(db, "account.signed_in", subject=("account", account.id), actor=actor, now=now)
