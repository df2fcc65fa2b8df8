"""How long sign-ins to the console and one-time links are remembered."""

from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from backend.accounts.models import (
    AccountSession,
    PasskeyChallenge,
    PasswordReset,
    SetUpLink,
    SignInTries,
    StaffInvitation,
)
from backend.accounts.tries import REMEMBERED
from backend.audit import service as audit
from backend.core.actor import SYSTEM

KEPT = timedelta(days=30)


def forget_old_console_sign_ins(db: Session, *, now: datetime) -> None:
    """What happened stays in the audit trail; here goes what nobody can use any more."""
    over = now - KEPT
    gone = delete(AccountSession).where(AccountSession.ends_at < over).returning(AccountSession.id)
    count = len(db.scalars(gone).all())
    db.execute(delete(PasskeyChallenge).where(PasskeyChallenge.expires_at < now))
    db.execute(delete(SignInTries).where(SignInTries.last_failed_at < now - REMEMBERED))
    for link in (PasswordReset, StaffInvitation, SetUpLink):
        db.execute(delete(link).where(link.expires_at < over))
    subject = ("console_sign_ins", "old")
    audit.record(db, "console_sign_ins.forgotten", subject=subject, actor=SYSTEM, now=now, sessions=count)
