"""Reads of residents and clerks."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.core.errors import NotFound
from backend.identity.errors import NotBound
from backend.identity.models import Clerk, Resident


def get_resident(db: Session, resident_id: UUID) -> Resident:
    resident = db.get(Resident, resident_id)
    if resident is None:
        raise NotFound
    return resident


def get_bound_resident(db: Session, resident_id: UUID) -> Resident:
    """The resident, who must have proven an identity (NotBound otherwise)."""
    resident = get_resident(db, resident_id)
    if not resident.is_bound:
        raise NotBound
    return resident


def lock_resident(db: Session, resident_id: UUID) -> Resident:
    """The resident, kept from changing until the transaction ends; rows may still refer to it."""
    query = select(Resident).where(Resident.id == resident_id).with_for_update(key_share=True)
    return db.scalars(query.execution_options(populate_existing=True)).one()


def find_clerk(db: Session, openid_index: bytes) -> Clerk | None:
    """The account's clerk at the shop where it signed in last."""
    query = select(Clerk).where(Clerk.openid_index == openid_index, Clerk.removed_at.is_(None))
    return db.scalars(query.order_by(Clerk.last_signed_in_at.desc()).limit(1)).one_or_none()


def find_clerk_of_shop(db: Session, openid_index: bytes, shop_id: UUID) -> Clerk | None:
    """Also one who was removed from the shop."""
    query = select(Clerk).where(Clerk.openid_index == openid_index, Clerk.shop_id == shop_id)
    return db.scalars(query).one_or_none()


def list_clerks_of_shop(db: Session, shop_id: UUID) -> Sequence[Clerk]:
    """Those who may sign in there, in the order in which they joined."""
    query = select(Clerk).where(Clerk.shop_id == shop_id, Clerk.removed_at.is_(None))
    return db.scalars(query.order_by(Clerk.id)).all()
