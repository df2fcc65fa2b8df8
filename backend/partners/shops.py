"""Shops of a unit, looked after by the unit and by the office: opened, changed, closed and reopened."""

from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from backend.audit import service as audit
from backend.city.model import City
from backend.core.actor import Actor
from backend.core.ids import new_id
from backend.identity.service import leave_shop
from backend.partners import queries, shop_queries
from backend.partners.errors import StaleShop, UnitNotOpen, WrongShopDistrict
from backend.partners.models import Shop, UnitState

# A suspended unit may still mend what is wrong; nothing new begins there.
GROWING = (UnitState.APPROVED, UnitState.ACTIVE)


@dataclass(frozen=True)
class ShopFacts:
    """What a shop tells of itself."""

    name: str
    address: str
    district: str
    phone: str | None = None
    hours: str | None = None
    latitude: float | None = None
    longitude: float | None = None


def add_shop(
    db: Session, unit_id: UUID, facts: ShopFacts, *, city: City, actor: Actor, now: datetime
) -> Shop:
    check_district(facts, city, actor)
    check_grows(db, unit_id)
    shop = Shop(id=new_id(), unit_id=unit_id, **asdict(facts))
    db.add(shop)
    db.flush()
    note(db, "shop.added", shop, actor, now)
    return shop


def change_shop(
    db: Session, shop_id: UUID, facts: ShopFacts, *, version: int, city: City, actor: Actor, now: datetime
) -> Shop:
    """Refused when somebody else has changed it since `version`."""
    shop = shop_queries.lock_shop(db, shop_id, actor=actor)
    if shop.version != version:
        raise StaleShop
    check_district(facts, city, actor)
    for name, value in asdict(facts).items():
        setattr(shop, name, value)
    shop.version += 1
    note(db, "shop.changed", shop, actor, now)
    db.flush()
    return shop


def close_shop(db: Session, shop_id: UUID, *, actor: Actor, now: datetime) -> Shop:
    """Nobody honours there any more: its clerks are out at once, its open invitations are void."""
    shop = shop_queries.lock_shop(db, shop_id, actor=actor)
    if shop.closed_at is None:
        shop.closed_at, shop.version = now, shop.version + 1
        leave_shop(db, shop.id, actor=actor, now=now)
        note(db, "shop.closed", shop, actor, now)
        db.flush()
    return shop


def reopen_shop(db: Session, shop_id: UUID, *, actor: Actor, now: datetime) -> Shop:
    """Its clerks may sign in again, and what is offered there holds there again."""
    shop = shop_queries.lock_shop(db, shop_id, actor=actor)
    if shop.closed_at is not None:
        check_grows(db, shop.unit_id)
        shop.closed_at, shop.version = None, shop.version + 1
        note(db, "shop.reopened", shop, actor, now)
        db.flush()
    return shop


def check_grows(db: Session, unit_id: UUID) -> None:
    """UnitNotOpen for a unit that is suspended or closed."""
    if queries.get_any_unit(db, unit_id).state not in GROWING:
        raise UnitNotOpen


def check_district(facts: ShopFacts, city: City, actor: Actor) -> None:
    known = facts.district in {district.key for district in city.districts}
    if not known or (actor.district and facts.district != actor.district):
        raise WrongShopDistrict(errors={"district": [WrongShopDistrict.detail]})


def note(db: Session, action: str, shop: Shop, actor: Actor, now: datetime) -> None:
    audit.record(
        db,
        action,
        subject=("shop", shop.id),
        actor=actor,
        now=now,
        unit=str(shop.unit_id),
        version=shop.version,
    )
