"""Whose WeChat account is whose, for the part below that sends messages."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.core.encryption import vault
from backend.identity.models import Resident


def find_openid(db: Session, resident_id: UUID) -> str | None:
    """The account of a resident; None for somebody who has left."""
    resident = db.get(Resident, resident_id)
    return resident.openid if resident and resident.closed_at is None else None


def find_resident_id(db: Session, openid: str) -> UUID | None:
    """The resident with that account; also while the index key is being replaced."""
    indexes = vault().indexes("residents.openid", openid)
    return db.scalars(select(Resident.id).where(Resident.openid_index.in_(indexes))).first()
