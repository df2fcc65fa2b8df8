"""A new password: by who is signed in, or by a link in a mail."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from backend.accounts import jobs, passwords, queries, sessions
from backend.accounts.errors import LinkInvalid
from backend.accounts.models import Account, PasswordReset
from backend.accounts.signing_in import check_password_again
from backend.accounts.tries import forget_tries
from backend.audit import service as audit
from backend.core.actor import Actor
from backend.core.ids import new_id
from backend.core.jobs import defer
from backend.core.tokens import hash_token

GOOD_FOR = timedelta(hours=1)
# One letter is enough for so long, however often it is asked for.
NOT_AGAIN_FOR = timedelta(minutes=5)


def change_password(
    db: Session, account: Account, *, current: str, new: str, session_id: UUID, actor: Actor, now: datetime
) -> None:
    """Ends the person's sessions in all other browsers."""
    check_password_again(db, account, current, now=now)
    _set_password(db, account, new)
    forget_tries(db, account.email or "")
    audit.record(db, "account.password_changed", subject=("account", account.id), actor=actor, now=now)
    sessions.end_sessions(db, account.id, reason="password_changed", actor=actor, now=now, but=session_id)


def ask_for_reset(db: Session, *, email: str, now: datetime) -> None:
    """A letter to the address, if somebody has an account under it; the answer is the same."""
    account = queries.find_by_email(db, email)
    if account is None or account.suspended_at:
        return
    recent = select(PasswordReset.id).where(
        PasswordReset.account_id == account.id, PasswordReset.created_at > now - NOT_AGAIN_FOR
    )
    if db.scalar(recent.limit(1)):
        return
    reset = PasswordReset(id=new_id(), account_id=account.id, created_at=now, expires_at=now + GOOD_FOR)
    db.add(reset)
    db.flush()
    actor = sessions.actor_of(account)
    audit.record(db, "account.reset_asked", subject=("account", account.id), actor=actor, now=now)
    defer(db, jobs.send_reset, reset_id=str(reset.id))


def accept_reset(db: Session, *, token: str, password: str, now: datetime) -> None:
    """The second factor stays as it is: a mailbox alone opens no account of the office."""
    account_id = db.scalar(
        update(PasswordReset)
        .where(PasswordReset.token_hash == hash_token(token), PasswordReset.used_at.is_(None))
        .where(PasswordReset.expires_at > now)
        .values(used_at=now)
        .returning(PasswordReset.account_id)
    )
    if account_id is None:
        raise LinkInvalid
    account = queries.lock_account(db, account_id)
    _set_password(db, account, password)
    forget_tries(db, account.email or "")
    others = update(PasswordReset).where(PasswordReset.account_id == account.id)
    db.execute(others.where(PasswordReset.used_at.is_(None)).values(used_at=now))
    actor = sessions.actor_of(account)
    audit.record(db, "account.password_reset", subject=("account", account.id), actor=actor, now=now)
    sessions.end_sessions(db, account.id, reason="password_reset", actor=actor, now=now)


def _set_password(db: Session, account: Account, password: str) -> None:
    passwords.check_password_is_good(password, email=account.email or "", name=account.name or "")
    account.password_hash = passwords.hash_password(password)
    db.flush()
