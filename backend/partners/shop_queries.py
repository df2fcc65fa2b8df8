"""Shops as those see them who look after them: a unit its own, the office its district's or all."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, Select, literal, or_, select, true, tuple_
from sqlalchemy.orm import Session, contains_eager

from backend.core.actor import Actor
from backend.core.errors import NotFound
from backend.partners.models import Shop, Unit


@dataclass(frozen=True)
class WantedShops:
    """What a list of shops is narrowed to; None means any."""

    text: str | None = None
    is_open: bool | None = None
    district: str | None = None
    unit_id: UUID | None = None


def looked_after_by(actor: Actor) -> ColumnElement[bool]:
    if actor.unit_id:
        return Shop.unit_id == actor.unit_id
    return Shop.district == actor.district if actor.district else true()


def ids_looked_after_by(actor: Actor) -> Select[UUID]:
    """For the queries of other parts to narrow themselves by."""
    return select(Shop.id).where(looked_after_by(actor))


def closed_shops() -> Select[UUID]:
    """The ids of those where nobody works, for the queries of other parts to leave out."""
    return select(Shop.id).where(Shop.closed_at.is_not(None))


def get_shop(db: Session, shop_id: UUID, *, actor: Actor) -> Shop:
    """Open or closed."""
    return _one(db.scalars(_shops(actor).where(Shop.id == shop_id)).one_or_none())


def lock_shop(db: Session, shop_id: UUID, *, actor: Actor) -> Shop:
    query = _shops(actor).where(Shop.id == shop_id).with_for_update(of=Shop)
    return _one(db.scalars(query.execution_options(populate_existing=True)).one_or_none())


def list_shops(
    db: Session, wanted: WantedShops, *, actor: Actor, after: tuple[str, UUID] | None, limit: int
) -> Sequence[Shop]:
    """By name, open and closed."""
    query = _shops(actor)
    if wanted.text:
        columns = (Shop.name, Shop.address, Unit.name)
        query = query.where(or_(*(column.icontains(wanted.text, autoescape=True) for column in columns)))
    if wanted.is_open is not None:
        query = query.where(Shop.closed_at.is_(None) == wanted.is_open)
    if wanted.district:
        query = query.where(Shop.district == wanted.district)
    if wanted.unit_id:
        query = query.where(Shop.unit_id == wanted.unit_id)
    if after:
        query = query.where(tuple_(Shop.name, Shop.id) > tuple_(literal(after[0]), literal(after[1])))
    return db.scalars(query.order_by(Shop.name, Shop.id).limit(limit)).all()


def _shops(actor: Actor) -> Select[Shop]:
    return select(Shop).join(Shop.unit).options(contains_eager(Shop.unit)).where(looked_after_by(actor))


def _one(shop: Shop | None) -> Shop:
    if shop is None:
        raise NotFound
    return shop
