"""A resident's telephone number: given if they like, never needed, shown with its middle hidden."""

import re
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from backend.audit import service as audit
from backend.core.actor import Actor
from backend.identity import queries
from backend.identity.errors import NotBound

# WeChat says +8613812345678.
MAINLAND = re.compile(r"\+86(1\d{10})")


def keep_phone(db: Session, *, resident_id: UUID, phone: str, actor: Actor, now: datetime) -> None:
    resident = queries.lock_resident(db, resident_id)
    if not resident.is_bound:
        raise NotBound
    resident.phone = phone
    audit.record(db, "phone.kept", subject=("resident", resident_id), actor=actor, now=now)


def forget_phone(db: Session, *, resident_id: UUID, actor: Actor, now: datetime) -> None:
    """Forgetting twice changes nothing the second time."""
    resident = queries.lock_resident(db, resident_id)
    if resident.phone_cipher is not None:
        resident.phone = None
        audit.record(db, "phone.forgotten", subject=("resident", resident_id), actor=actor, now=now)


def mask_phone(phone: str) -> str:
    """+8613812345678 → 138****5678; of numbers abroad the last four digits only."""
    mainland = MAINLAND.fullmatch(phone)
    return f"{mainland[1][:3]}****{phone[-4:]}" if mainland else f"****{phone[-4:]}"
