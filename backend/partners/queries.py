"""Reads of units and shops."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Double,
    Select,
    Subquery,
    cast,
    func,
    literal,
    null,
    or_,
    select,
    tuple_,
)
from sqlalchemy.orm import InstrumentedAttribute, Session, contains_eager, selectinload

from backend.core.actor import Actor
from backend.core.errors import NotFound
from backend.partners.errors import UnitNotActive
from backend.partners.models import (
    ApplicationState,
    Commitment,
    Shop,
    Unit,
    UnitApplication,
    UnitChange,
    UnitState,
)

EARTH_RADIUS_M = 6_371_000


@dataclass(frozen=True)
class Narrowed:
    """What a list of applications or of units is narrowed to; None means any. `among` are ids of units."""

    text: str | None = None
    state: str | None = None
    district: str | None = None
    category: str | None = None
    among: Sequence[Select[UUID]] = ()


def open_shops(near: tuple[float, float] | None = None) -> Subquery:
    """Open shops as a table to join: id, name, address, district, phone, hours, latitude, longitude,
    distance_m.

    `near` is latitude and longitude (GCJ-02); without it `distance_m` is null.
    """
    distance = _metres_from(near).label("distance_m")
    told = (Shop.id, Shop.name, Shop.address, Shop.district, Shop.phone, Shop.hours)
    columns = (*told, Shop.latitude, Shop.longitude)
    return select(*columns, distance).where(Shop.closed_at.is_(None)).subquery("open_shops")


def _metres_from(near: tuple[float, float] | None) -> ColumnElement[Any]:
    """Whole metres on the sphere, by the haversine formula."""
    if near is None:
        return cast(null(), Double)
    latitude, longitude = (func.radians(literal(degrees, type_=Double)) for degrees in near)
    shop_latitude, shop_longitude = func.radians(Shop.latitude), func.radians(Shop.longitude)
    across = func.power(func.sin((shop_latitude - latitude) / 2), 2)
    along = func.power(func.sin((shop_longitude - longitude) / 2), 2)
    half_chord = across + func.cos(latitude) * func.cos(shop_latitude) * along
    return func.round(2 * EARTH_RADIUS_M * func.asin(func.sqrt(half_chord)))


def get_shop(db: Session, shop_id: UUID) -> Shop:
    shop = db.get(Shop, shop_id)
    if shop is None or shop.closed_at is not None:
        raise NotFound
    return shop


def get_any_shop(db: Session, shop_id: UUID) -> Shop:
    """Open or closed."""
    shop = db.get(Shop, shop_id)
    if shop is None:
        raise NotFound
    return shop


def list_shops(db: Session, *, text: str | None = None) -> Sequence[Shop]:
    """Open shops by unit and name; `text` is looked for in both names."""
    query = select(Shop).join(Shop.unit).where(Shop.closed_at.is_(None)).options(contains_eager(Shop.unit))
    if text:
        query = query.where(_mentions(text, Shop.name, Unit.name))
    return db.scalars(query.order_by(Unit.name, Shop.name)).all()


def list_units(
    db: Session, *, text: str | None = None, after: tuple[str, UUID] | None = None, limit: int | None = None
) -> Sequence[Unit]:
    """Active units by name; `text` is looked for in the name."""
    query = select(Unit).where(Unit.state == UnitState.ACTIVE)
    if text:
        query = query.where(_mentions(text, Unit.name))
    if after:
        query = query.where((Unit.name > after[0]) | ((Unit.name == after[0]) & (Unit.id > after[1])))
    return db.scalars(query.order_by(Unit.name, Unit.id).limit(limit)).all()


def get_unit(db: Session, unit_id: UUID) -> Unit:
    """An active unit with its open shops."""
    query = select(Unit).where(Unit.id == unit_id, Unit.state == UnitState.ACTIVE)
    open_ones = selectinload(Unit.shops.and_(Shop.closed_at.is_(None)))
    unit = db.scalars(query.options(open_ones)).one_or_none()
    if unit is None:
        raise NotFound
    return unit


def get_any_unit(db: Session, unit_id: UUID) -> Unit:
    """Whatever its state."""
    unit = db.get(Unit, unit_id)
    if unit is None:
        raise NotFound
    return unit


def get_unit_name(db: Session, unit_id: UUID) -> str:
    """Also of a unit that is no longer active."""
    return db.scalars(select(Unit.name).where(Unit.id == unit_id)).one()


def units_in(district: str) -> Select[UUID]:
    """The ids of a district's units, for other queries to narrow themselves by."""
    return select(Unit.id).where(Unit.district == district)


def shops_of_unit(unit_id: UUID) -> Select[UUID]:
    """The ids of a unit's shops, closed ones too, for other queries to narrow themselves by."""
    return select(Shop.id).where(Shop.unit_id == unit_id)


def unit_names(db: Session, unit_ids: Collection[UUID]) -> dict[UUID, str]:
    return dict(db.execute(select(Unit.id, Unit.name).where(Unit.id.in_(unit_ids))).all())


def shop_names(db: Session, shop_ids: Collection[UUID]) -> dict[UUID, str]:
    """Also of shops that are closed."""
    return dict(db.execute(select(Shop.id, Shop.name).where(Shop.id.in_(shop_ids))).all())


def open_shops_of(db: Session, unit_id: UUID) -> Sequence[Shop]:
    query = select(Shop).where(Shop.unit_id == unit_id, Shop.closed_at.is_(None))
    return db.scalars(query.order_by(Shop.name, Shop.id)).all()


def shops_of_units(db: Session, unit_ids: Collection[UUID]) -> Sequence[Shop]:
    """Closed ones too."""
    return db.scalars(select(Shop).where(Shop.unit_id.in_(unit_ids)).order_by(Shop.name, Shop.id)).all()


def units_of_office(db: Session, *, actor: Actor) -> Sequence[Unit]:
    """All in the district of who asks, whatever their state."""
    query = select(Unit).where(Unit.district == actor.district) if actor.district else select(Unit)
    return db.scalars(query).all()


def districts_of_shops(db: Session) -> dict[UUID, str]:
    """Also of shops that have closed."""
    return dict(db.execute(select(Shop.id, Shop.district)).all())


def districts_of_units(db: Session) -> dict[UUID, str | None]:
    """None for those that work in the whole city."""
    return dict(db.execute(select(Unit.id, Unit.district)).all())


def lock_unit(db: Session, unit_id: UUID) -> Unit:
    """Whatever its state, held until the transaction ends."""
    query = select(Unit).where(Unit.id == unit_id).with_for_update()
    unit = db.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if unit is None:
        raise NotFound
    return unit


def lock_unit_of_office(db: Session, unit_id: UUID, *, actor: Actor) -> Unit:
    """One in the district of who asks, held until the transaction ends."""
    unit = lock_unit(db, unit_id)
    if actor.district and unit.district != actor.district:
        raise NotFound
    return unit


def get_unit_of_office(db: Session, unit_id: UUID, *, actor: Actor) -> Unit:
    """Whatever its state, in the district of who asks."""
    unit = get_any_unit(db, unit_id)
    if actor.district and unit.district != actor.district:
        raise NotFound
    return unit


def list_units_of_office(
    db: Session, wanted: Narrowed, *, actor: Actor, after: tuple[str, UUID] | None, limit: int
) -> Sequence[Unit]:
    """By name, whatever their state."""
    query = _narrowed(select(Unit), Unit, wanted)
    for ids in wanted.among:
        query = query.where(Unit.id.in_(ids))
    if wanted.text:
        query = query.where(_mentions(wanted.text, Unit.name, Unit.unified_code))
    if actor.district:
        query = query.where(Unit.district == actor.district)
    if after:
        query = query.where(tuple_(Unit.name, Unit.id) > tuple_(literal(after[0]), literal(after[1])))
    return db.scalars(query.order_by(Unit.name, Unit.id).limit(limit)).all()


def list_changes(db: Session, unit_id: UUID) -> Sequence[UnitChange]:
    """How a unit came to its state, oldest first."""
    query = select(UnitChange).where(UnitChange.unit_id == unit_id)
    return db.scalars(query.order_by(UnitChange.changed_at, UnitChange.id)).all()


def check_is_active(db: Session, unit_id: UUID) -> None:
    """UnitNotActive unless the unit may publish. Held, so that it is not suspended meanwhile."""
    state = db.scalar(select(Unit.state).where(Unit.id == unit_id).with_for_update(read=True))
    if state != UnitState.ACTIVE:
        raise UnitNotActive


def has_unit_of_code(db: Session, unified_code: str) -> bool:
    """Among those that have not left."""
    query = select(Unit.id).where(Unit.unified_code == unified_code, Unit.state != UnitState.CLOSED)
    return db.scalar(query) is not None


def find_commitment(db: Session, unit_id: UUID) -> Commitment | None:
    """The one in force."""
    query = select(Commitment).where(Commitment.unit_id == unit_id, Commitment.ended_at.is_(None))
    return db.scalars(query).one_or_none()


def get_commitment(db: Session, commitment_id: UUID) -> Commitment:
    commitment = db.get(Commitment, commitment_id)
    if commitment is None:
        raise NotFound
    return commitment


def get_application(db: Session, application_id: UUID, *, actor: Actor) -> UnitApplication:
    """One that was handed in, in the district of who asks."""
    query = _applications(actor).where(UnitApplication.id == application_id)
    loaded = (selectinload(UnitApplication.reviews), selectinload(UnitApplication.documents))
    application = db.scalars(query.options(*loaded)).one_or_none()
    if application is None:
        raise NotFound
    return application


def list_applications(
    db: Session,
    wanted: Narrowed,
    *,
    actor: Actor,
    after: tuple[datetime, UUID] | None,
    limit: int,
) -> Sequence[UnitApplication]:
    """Those handed in, who waits longest first."""
    query = _applications(actor)
    if wanted.text:
        query = query.where(_mentions(wanted.text, UnitApplication.unit_name, UnitApplication.unified_code))
    query = _narrowed(query, UnitApplication, wanted)
    key = (UnitApplication.submitted_at, UnitApplication.id)
    if after:
        query = query.where(tuple_(*key) > tuple_(*(literal(part) for part in after)))
    return db.scalars(query.order_by(*key).limit(limit)).all()


def _narrowed(query: Select[Any], table: type[Unit] | type[UnitApplication], wanted: Narrowed) -> Select[Any]:
    for name in ("state", "district", "category"):
        if getattr(wanted, name):
            query = query.where(getattr(table, name) == getattr(wanted, name))
    return query


def applications_waiting_since(db: Session, *, actor: Actor) -> Sequence[datetime]:
    """When each application that waits for the office's decision was handed in."""
    query = _applications(actor).where(UnitApplication.state == ApplicationState.SUBMITTED)
    moments = db.scalars(query.with_only_columns(UnitApplication.submitted_at))
    return [moment for moment in moments if moment]


def _applications(actor: Actor) -> Select[UnitApplication]:
    query = select(UnitApplication).where(UnitApplication.submitted_at.is_not(None))
    return query.where(UnitApplication.district == actor.district) if actor.district else query


def _mentions(text: str, *columns: InstrumentedAttribute[Any]) -> ColumnElement[bool]:
    return or_(*(column.icontains(text, autoescape=True) for column in columns))
