"""How long sign-ins are remembered."""

from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from backend.audit import service as audit
from backend.core.actor import SYSTEM
from backend.identity.models import RefreshToken, Resident, SignInSession

UNBOUND_KEPT = timedelta(days=30)
TOKENS_KEPT = timedelta(days=60)


def forget_old_sign_ins(db: Session, *, now: datetime) -> None:
    """Delete dead refresh tokens, and accounts that never became anybody's."""
    db.execute(delete(RefreshToken).where(RefreshToken.expires_at < now - TOKENS_KEPT))
    nobody = select(Resident.id).where(
        Resident.bound_at.is_(None), Resident.last_signed_in_at < now - UNBOUND_KEPT
    )
    db.execute(delete(SignInSession).where(SignInSession.resident_id.in_(nobody)))
    gone = db.execute(delete(Resident).where(Resident.id.in_(nobody)).returning(1)).all()
    subject = ("sign_ins", "old")
    audit.record(db, "sign_ins.forgotten", subject=subject, actor=SYSTEM, now=now, accounts=len(gone))
