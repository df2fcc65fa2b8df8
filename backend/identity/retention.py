"""How long sign-ins are remembered."""

from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from backend.audit import service as audit
from backend.core.actor import SYSTEM
from backend.identity.models import CheckState, IdentityCheck, RefreshToken, Resident, SignInSession
from backend.notices.service import empty_inboxes

UNBOUND_KEPT = timedelta(days=30)
TOKENS_KEPT = timedelta(days=60)
CHECKS_KEPT = timedelta(days=30)


def forget_old_sign_ins(db: Session, *, now: datetime) -> None:
    """Delete dead refresh tokens, checks that proved nothing, and accounts that never became anybody's."""
    _forget_checks(db, now)
    db.execute(delete(RefreshToken).where(RefreshToken.expires_at < now - TOKENS_KEPT))
    nobody = select(Resident.id).where(
        Resident.bound_at.is_(None), Resident.last_signed_in_at < now - UNBOUND_KEPT
    )
    empty_inboxes(db, nobody)
    db.execute(delete(SignInSession).where(SignInSession.resident_id.in_(nobody)))
    gone = db.execute(delete(Resident).where(Resident.id.in_(nobody)).returning(1)).all()
    subject = ("sign_ins", "old")
    audit.record(db, "sign_ins.forgotten", subject=subject, actor=SYSTEM, now=now, accounts=len(gone))


def _forget_checks(db: Session, now: datetime) -> None:
    """A check that was used stays with the person: it says how they proved who they are."""
    late = IdentityCheck.expires_at <= now
    running = IdentityCheck.state.in_([CheckState.OPEN, CheckState.CONFIRMED])
    db.execute(update(IdentityCheck).where(running, late).values(state=CheckState.EXPIRED))
    db.execute(
        delete(IdentityCheck).where(
            IdentityCheck.state.in_([CheckState.FAILED, CheckState.EXPIRED]),
            IdentityCheck.expires_at < now - CHECKS_KEPT,
        )
    )
