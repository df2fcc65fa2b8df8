"""Signing out, on one device or on all. What the phones hold is then good no more."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from backend.audit import service as audit
from backend.core.actor import Actor
from backend.identity.sessions import end_session, end_sessions_of_resident
from backend.identity.signals import signed_out
from backend.notices.models import NoticeKind
from backend.notices.service import notify


def sign_out(db: Session, *, resident_id: UUID, actor: Actor, now: datetime) -> None:
    """End this device's session.

    A ticket does not say which phone asked for it, so those of all phones end; the others sign new ones.
    """
    end_session(db, actor=actor, now=now)
    signed_out.send(db, resident_id=resident_id, actor=actor, now=now)


def sign_out_everywhere(db: Session, *, resident_id: UUID, actor: Actor, now: datetime) -> None:
    """For a lost phone: end all sessions, and every ticket that any phone still holds."""
    end_sessions_of_resident(db, resident_id, reason="signed_out_everywhere", actor=actor, now=now)
    subject = ("resident", resident_id)
    audit.record(db, "resident.signed_out_everywhere", subject=subject, actor=actor, now=now)
    signed_out.send(db, resident_id=resident_id, actor=actor, now=now)
    notify(db, resident_id, NoticeKind.SIGNED_OUT_EVERYWHERE, now=now)
