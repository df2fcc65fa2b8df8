"""Reads of residents and clerks."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import TypeVar
from uuid import UUID

from sqlalchemy import Select, Subquery, func, select
from sqlalchemy.orm import Session

from backend.core.encryption import blind_indexes, open_cell, place_of
from backend.core.errors import NotFound
from backend.identity.errors import NotBound
from backend.identity.id_number import age_on, sex_of
from backend.identity.models import Clerk, ClerkInvite, Resident

Thing = TypeVar("Thing")


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
    resident = _lock(db, select(Resident).where(Resident.id == resident_id))
    if resident is None:
        raise NotFound
    return resident


def find_person(db: Session, id_number: str) -> Resident | None:
    """The resident whom an ID number is bound to."""
    query = select(Resident).where(Resident.id_number_index.in_(_id_number_indexes(id_number)))
    return db.scalars(query).one_or_none()


def lock_person(db: Session, id_number: str) -> Resident | None:
    """The resident whom an ID number is bound to, kept from changing."""
    query = select(Resident).where(Resident.id_number_index.in_(_id_number_indexes(id_number)))
    return _lock(db, query)


def is_same_person(resident: Resident, id_number: str) -> bool:
    return resident.id_number_index in _id_number_indexes(id_number)


def ages_and_sexes(db: Session, resident_ids: Collection[UUID], *, on: date) -> dict[UUID, tuple[int, str]]:
    """The age on a day and the sex of people, for counting alone: no number leaves this function."""
    query = select(Resident.id, Resident.id_number_cipher)
    rows = db.execute(query.where(Resident.id.in_(resident_ids)))
    read: dict[UUID, tuple[int, str]] = {}
    for resident_id, cell in rows:
        if cell is None:
            continue
        number = open_cell(cell, place_of("residents", "id_number_cipher", resident_id))
        read[resident_id] = (age_on(number, on), sex_of(number))
    return read


def came_since(moment: datetime) -> Subquery:
    """The ids of people who signed in since then, as a table to join."""
    query = select(Resident.id).where(Resident.bound_at.is_not(None), Resident.closed_at.is_(None))
    return query.where(Resident.last_signed_in_at >= moment).subquery("came_since")


def find_clerk(db: Session, openid: str, *, closed_shops: Select[UUID]) -> Clerk | None:
    """The account's clerk at the open shop where it signed in last; one who is paused comes last."""
    query = select(Clerk).where(Clerk.openid_index.in_(_openid_indexes(openid)), Clerk.removed_at.is_(None))
    order = (Clerk.paused_at.is_not(None), Clerk.last_signed_in_at.desc())
    return db.scalars(query.where(Clerk.shop_id.not_in(closed_shops)).order_by(*order).limit(1)).one_or_none()


def find_clerk_of_shop(db: Session, openid: str, shop_id: UUID) -> Clerk | None:
    """Also one who was removed from the shop."""
    query = select(Clerk).where(Clerk.openid_index.in_(_openid_indexes(openid)), Clerk.shop_id == shop_id)
    return db.scalars(query).one_or_none()


def is_account_of(clerk: Clerk, openid: str) -> bool:
    return clerk.openid_index in _openid_indexes(openid)


def list_clerks_of_shop(db: Session, shop_id: UUID) -> Sequence[Clerk]:
    """Those who belong there, paused or not, in the order in which they joined."""
    query = select(Clerk).where(Clerk.shop_id == shop_id, Clerk.removed_at.is_(None))
    return db.scalars(query.order_by(Clerk.id)).all()


def count_clerks(db: Session, shop_ids: Collection[UUID]) -> dict[UUID, int]:
    """By shop, those who belong there."""
    query = select(Clerk.shop_id, func.count()).where(Clerk.shop_id.in_(shop_ids), Clerk.removed_at.is_(None))
    return dict(db.execute(query.group_by(Clerk.shop_id)).all())


def lock_clerk(db: Session, clerk_id: UUID, *, of_shops: Select[UUID]) -> Clerk:
    """One who belongs to one of the shops."""
    query = select(Clerk).where(Clerk.id == clerk_id, Clerk.removed_at.is_(None), Clerk.shop_id.in_(of_shops))
    return _found(db.scalars(query.with_for_update()).one_or_none())


def list_invitations(db: Session, shop_id: UUID, *, limit: int) -> Sequence[ClerkInvite]:
    """The newest first, whatever became of them."""
    query = select(ClerkInvite).where(ClerkInvite.shop_id == shop_id)
    return db.scalars(query.order_by(ClerkInvite.created_at.desc(), ClerkInvite.id.desc()).limit(limit)).all()


def lock_invitation(db: Session, invitation_id: UUID, *, of_shops: Select[UUID]) -> ClerkInvite:
    query = select(ClerkInvite).where(ClerkInvite.id == invitation_id, ClerkInvite.shop_id.in_(of_shops))
    return _found(db.scalars(query.with_for_update()).one_or_none())


def lock_open_invitations(db: Session, shop_id: UUID) -> Sequence[ClerkInvite]:
    """Those neither used nor withdrawn."""
    query = select(ClerkInvite).where(
        ClerkInvite.shop_id == shop_id, ClerkInvite.used_at.is_(None), ClerkInvite.withdrawn_at.is_(None)
    )
    return db.scalars(query.order_by(ClerkInvite.id).with_for_update()).all()


def is_open(invite: ClerkInvite, now: datetime) -> bool:
    """Whether it still lets somebody in."""
    return invite.used_at is None and invite.withdrawn_at is None and invite.expires_at > now


def _found(thing: Thing | None) -> Thing:
    if thing is None:
        raise NotFound
    return thing


def _id_number_indexes(id_number: str) -> list[bytes]:
    return blind_indexes("residents.id_number", id_number)


def _openid_indexes(openid: str) -> list[bytes]:
    return blind_indexes("clerks.openid", openid)


def _lock(db: Session, query: Select[Resident]) -> Resident | None:
    locking = query.with_for_update(key_share=True).execution_options(populate_existing=True)
    return db.scalars(locking).one_or_none()
