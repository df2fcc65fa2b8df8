"""Reads of the catalogue: search, filters, nearest first, a page at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Double,
    Row,
    Select,
    Text,
    and_,
    any_,
    bindparam,
    case,
    cast,
    func,
    literal,
    literal_column,
    null,
    or_,
    select,
    tuple_,
)
from sqlalchemy.dialects.postgresql import JSONB, aggregate_order_by
from sqlalchemy.orm import Session

from backend.core.clock import day_in_china
from backend.core.errors import NotFound
from backend.incentives.models import (
    Incentive,
    IncentiveShop,
    IncentiveState,
    QuotaCount,
    QuotaRule,
    QuotaScope,
)
from backend.partners.queries import open_shops, open_shops_of

NO_SHOP_M = 100_000_000


@dataclass(frozen=True)
class Filter:
    """What to look for; None means any."""

    text: str | None = None
    category: str | None = None
    level: str | None = None
    district: str | None = None
    form: str | None = None
    benefit_kind: str | None = None
    at_most_milli: int | None = None
    near: tuple[float, float] | None = None


@dataclass(frozen=True)
class Found:
    """An incentive in a list; metres to its nearest shop when a place was given."""

    incentive: Incentive
    distance_m: int | None


def search(
    db: Session, wanted: Filter, *, today: date, sort: str, after: tuple[Any, ...] | None, limit: int
) -> Sequence[Found]:
    """Published incentives that have not ended. `sort`: newest, level or nearest (needs a place).

    `after` is the sort key of the last row shown, see `sort_key`.
    """
    distance = _distance_to(wanted.near)
    query = select(Incentive, distance.label("distance")).where(*_conditions(wanted, today))
    key = _sort_columns(sort, distance)
    if after:
        query = query.where(tuple_(*key) > tuple_(*(literal(part) for part in after)))
    rows = db.execute(query.order_by(*key).limit(limit)).all()
    return [_found(row) for row in rows]


def sort_key(found: Found, sort: str) -> list[Any]:
    incentive = found.incentive
    match sort:
        case "nearest":
            return [_metres(found.distance_m), incentive.number]
        case "level":
            return [incentive.needed_milli or 0, incentive.number]
        case _:
            return [-incentive.number]


def find_by_id(db: Session, incentive_id: UUID) -> Incentive:
    """An incentive that is or was published; ended ones are still shown to those who held them."""
    incentive = db.get(Incentive, incentive_id)
    if incentive is None:
        raise NotFound
    return incentive


def find_by_ids(db: Session, ids: Sequence[UUID]) -> dict[UUID, Incentive]:
    rows = db.scalars(select(Incentive).where(Incentive.id.in_(set(ids))))
    return {incentive.id: incentive for incentive in rows}


def units_of_incentives(db: Session) -> dict[UUID, UUID | None]:
    """The unit of each incentive, whatever its state."""
    return dict(db.execute(select(Incentive.id, Incentive.unit_id)).all())


def incentives_of_unit(unit_id: UUID) -> Select[UUID]:
    """The ids of all that a unit ever offered, for a condition of another query."""
    return select(Incentive.id).where(Incentive.unit_id == unit_id)


def list_all(db: Session, *, text: str | None = None) -> Sequence[Incentive]:
    """Whatever its state, by number; for the office."""
    query = select(Incentive)
    if text:
        query = query.where(_mentions(text))
    return db.scalars(query.order_by(Incentive.number)).all()


def shops_of(db: Session, incentive_id: UUID, near: tuple[float, float] | None) -> Sequence[Row[Any]]:
    """Open shops where it holds, nearest first when a place is given; columns as of `open_shops`."""
    shops = open_shops(near)
    return db.execute(
        select(shops)
        .join(IncentiveShop, IncentiveShop.shop_id == shops.c.id)
        .where(IncentiveShop.incentive_id == incentive_id)
        .order_by(shops.c.distance_m, shops.c.name, shops.c.id)
    ).all()


def held_at(db: Session, shop_id: UUID, *, now: datetime) -> Sequence[dict[str, Any]]:
    """What runs at a shop today, and whether it can be used at no other open shop."""
    elsewhere = (
        select(IncentiveShop.incentive_id)
        .join(other := open_shops(), other.c.id == IncentiveShop.shop_id)
        .where(IncentiveShop.incentive_id == Incentive.id, IncentiveShop.shop_id != shop_id)
    )
    running = (Incentive.state == IncentiveState.PUBLISHED, Incentive.valid_until >= day_in_china(now))
    query = (
        select(Incentive.id, Incentive.number, Incentive.title, Incentive.benefit)
        .add_columns((~elsewhere.exists()).label("only_here"))
        .join(IncentiveShop, IncentiveShop.incentive_id == Incentive.id)
        .where(IncentiveShop.shop_id == shop_id, *running)
    )
    return [dict(row._mapping) for row in db.execute(query.order_by(Incentive.number))]


def shops_named(db: Session, unit_id: UUID, shop_ids: Sequence[UUID]) -> Sequence[Row[Any]]:
    """Those of a unit's open shops that a draft names, as `shops_of` would give them."""
    shops = open_shops()
    of_unit = {shop.id for shop in open_shops_of(db, unit_id)}
    named = shops.c.id.in_(of_unit & set(shop_ids))
    return db.execute(select(shops).where(named).order_by(shops.c.name, shops.c.id)).all()


def find_open_shop(db: Session, shop_id: UUID) -> Row[Any] | None:
    """One open shop; columns as of `open_shops`."""
    shops = open_shops()
    return db.execute(select(shops).where(shops.c.id == shop_id)).one_or_none()


def holds_at(db: Session, incentive_id: UUID, shop_id: UUID) -> bool:
    query = select(IncentiveShop).where(
        IncentiveShop.incentive_id == incentive_id, IncentiveShop.shop_id == shop_id
    )
    return db.scalar(select(query.exists())) or False


def remaining(db: Session, incentive_ids: Sequence[UUID], today: date) -> dict[UUID, int]:
    """How many can still be claimed now: the lower of what the total and today's quota leave."""
    query = _remaining(literal(today.isoformat())).where(QuotaRule.incentive_id.in_(incentive_ids))
    return dict(db.execute(query).all())


def get_pulse(db: Session, today: date) -> tuple[str, dict[str, int]]:
    """A fingerprint that is another one after every change among published incentives, and what
    remains of each, by id.

    PostgreSQL notes in each row, as `xmin`, which transaction wrote it: no change can go unnoticed,
    whoever makes it and by whatever way.
    """
    version, left = db.execute(_PULSE, {"today": today.isoformat()}).one()
    return version or "", left or {}


def _remaining(today: ColumnElement[str]) -> Select[UUID, int]:
    place = case((QuotaRule.scope == QuotaScope.TOTAL, ""), else_=today)
    counts = and_(
        QuotaCount.incentive_id == QuotaRule.incentive_id,
        QuotaCount.scope == QuotaRule.scope,
        QuotaCount.place == place,
    )
    left = func.min(QuotaRule.quota - func.coalesce(QuotaCount.taken, 0)).label("remaining")
    query = select(QuotaRule.incentive_id, left).outerjoin(QuotaCount, counts)
    return query.where(QuotaRule.scope != QuotaScope.SHOP).group_by(QuotaRule.incentive_id)


def _pulse() -> Select[str | None, dict[str, int] | None]:
    written_by = cast(literal_column("incentives.xmin"), Text)
    in_order = func.array_agg(aggregate_order_by(written_by, Incentive.number))
    published = Incentive.state == IncentiveState.PUBLISHED
    version = select(func.md5(cast(in_order, Text))).where(published)
    counted = _remaining(bindparam("today", type_=Text))
    left = counted.join(Incentive, Incentive.id == QuotaRule.incentive_id).where(published).subquery()
    by_id = select(func.jsonb_object_agg(left.c.incentive_id, left.c.remaining, type_=JSONB))
    return select(version.scalar_subquery(), by_id.scalar_subquery())


# Built once: building it would take longer than running it.
_PULSE = _pulse()


def _conditions(wanted: Filter, today: date) -> list[ColumnElement[bool]]:
    conditions = [Incentive.state == IncentiveState.PUBLISHED, Incentive.valid_until >= today]
    for column, value in (
        (Incentive.category, wanted.category),
        (Incentive.level, wanted.level),
        (Incentive.form, wanted.form),
        (Incentive.benefit_kind, wanted.benefit_kind),
    ):
        if value is not None:
            conditions.append(column == value)
    if wanted.district is not None:
        everywhere = func.cardinality(Incentive.districts) == 0
        conditions.append(or_(everywhere, literal(wanted.district) == any_(Incentive.districts)))
    if wanted.at_most_milli is not None:
        conditions.append(Incentive.needed_milli <= wanted.at_most_milli)
        conditions.append(Incentive.unavailable_reason.is_(None))
    conditions.extend(_mentions(word) for word in (wanted.text or "").split())
    return conditions


def _mentions(word: str) -> ColumnElement[bool]:
    texts = (Incentive.title, Incentive.summary, Incentive.benefit, Incentive.unit_name)
    return or_(*(column.icontains(word, autoescape=True) for column in texts))


def _sort_columns(sort: str, distance: ColumnElement[Any]) -> list[Any]:
    match sort:
        case "nearest":
            return [distance, Incentive.number]
        case "level":
            return [func.coalesce(Incentive.needed_milli, 0), Incentive.number]
        case _:
            return [-Incentive.number]


def _distance_to(near: tuple[float, float] | None) -> ColumnElement[Any]:
    """Metres from a place to an incentive's nearest shop; those without a shop come last."""
    if near is None:
        return cast(null(), Double)
    shops = open_shops(near)
    nearest: Select[Any] = (
        select(func.min(shops.c.distance_m))
        .join(IncentiveShop, IncentiveShop.shop_id == shops.c.id)
        .where(IncentiveShop.incentive_id == Incentive.id)
    )
    return func.coalesce(nearest.correlate(Incentive).scalar_subquery(), float(NO_SHOP_M))


def _found(row: Row[Any]) -> Found:
    metres = None if row.distance is None else int(row.distance)
    return Found(row.Incentive, None if metres == NO_SHOP_M else metres)


def _metres(distance_m: int | None) -> float:
    return float(NO_SHOP_M if distance_m is None else distance_m)
