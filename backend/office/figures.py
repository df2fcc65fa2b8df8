"""The figures of the city over a range of days, from what was counted day by day."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, func, select
from sqlalchemy.orm import Session

from backend.incentives.queries import find_by_ids, incentives_of_unit, units_of_incentives
from backend.office.errors import BadRange
from backend.office.models import DailyFigures, DailyUse
from backend.partners.queries import list_units

LONGEST = timedelta(days=366)
TOP = 10
MOST_OF_A_UNIT = 100
IDLE_SHOWN = 50


@dataclass(frozen=True)
class Range:
    """Days in China, the first and the last included; one district, or all that one may see."""

    first: date
    last: date
    district: str | None = None

    def __post_init__(self) -> None:
        if not timedelta() <= self.last - self.first <= LONGEST:
            raise BadRange

    def of(self, table: type[DailyFigures] | type[DailyUse]) -> list[ColumnElement[bool]]:
        conditions = [table.day >= self.first, table.day <= self.last]
        return conditions if self.district is None else [*conditions, table.district == self.district]


def show_figures(db: Session, wanted: Range) -> dict[str, Any]:
    return {
        "first": wanted.first,
        "last": wanted.last,
        "counted_at": db.scalar(select(func.max(DailyFigures.counted_at)).where(*wanted.of(DailyFigures))),
        "days": by_day(db, wanted),
        "districts": by_district(db, wanted),
        "incentives": most_used(db, wanted),
        "idle_units": idle_units(db, wanted),
    }


def show_unit_figures(db: Session, wanted: Range, unit_id: UUID) -> dict[str, Any]:
    """What a unit's own incentives were claimed and used, in all districts."""
    its_own = DailyUse.incentive_id.in_(incentives_of_unit(unit_id))
    query = select(DailyUse.day, *_happened(DailyUse)).where(*wanted.of(DailyUse), its_own)
    days = db.execute(query.group_by(DailyUse.day).order_by(DailyUse.day)).all()
    return {
        "first": wanted.first,
        "last": wanted.last,
        "days": [_whole(row) for row in days],
        "incentives": most_used(db, wanted, its_own, limit=MOST_OF_A_UNIT),
    }


def by_day(db: Session, wanted: Range) -> list[dict[str, Any]]:
    """Residents are absent where nobody counted them."""
    counted = (
        func.sum(getattr(DailyFigures, name)).label(name) for name in ("residents", "scored", "active")
    )
    query = select(DailyFigures.day, *_happened(DailyFigures), *counted).where(*wanted.of(DailyFigures))
    return [_whole(row) for row in db.execute(query.group_by(DailyFigures.day).order_by(DailyFigures.day))]


def by_district(db: Session, wanted: Range) -> list[dict[str, Any]]:
    """What happened in the range, and how many residents there were on the last day they were counted."""
    query = select(DailyFigures.district, *_happened(DailyFigures)).where(*wanted.of(DailyFigures))
    happened = db.execute(query.group_by(DailyFigures.district).order_by(DailyFigures.district)).all()
    last = select(func.max(DailyFigures.day)).where(
        *wanted.of(DailyFigures), DailyFigures.residents.is_not(None)
    )
    rows = db.scalars(select(DailyFigures).where(DailyFigures.day == last.scalar_subquery()))
    people = {
        row.district: {name: getattr(row, name) for name in ("residents", "scored", "active")} for row in rows
    }
    nobody = {"residents": 0, "scored": 0, "active": 0}
    return [{**_whole(row), **people.get(row.district, nobody)} for row in happened]


def most_used(
    db: Session, wanted: Range, *among: ColumnElement[bool], limit: int | None = None
) -> list[dict[str, Any]]:
    """The incentives with most redemptions, then most claims."""
    claims, redemptions, amount = _happened(DailyUse)
    query = select(DailyUse.incentive_id, claims, redemptions, amount).where(*wanted.of(DailyUse), *among)
    ordered = query.group_by(DailyUse.incentive_id).order_by(
        redemptions.desc(), claims.desc(), DailyUse.incentive_id
    )
    rows = db.execute(ordered.limit(limit or TOP)).all()
    known = find_by_ids(db, [row.incentive_id for row in rows])
    return [
        {
            **_whole(row),
            "title": known[row.incentive_id].title,
            "unit_name": known[row.incentive_id].unit_name,
        }
        for row in rows
    ]


def idle_units(db: Session, wanted: Range) -> dict[str, Any]:
    """Active units of which nothing was honoured in the range; some of them by name."""
    query = select(DailyUse.incentive_id).where(*wanted.of(DailyUse), DailyUse.redemptions > 0).distinct()
    units = units_of_incentives(db)
    used: set[UUID | None] = {units[incentive_id] for incentive_id in db.scalars(query)}
    idle = [
        unit for unit in list_units(db) if unit.id not in used and wanted.district in (None, unit.district)
    ]
    return {"count": len(idle), "items": idle[:IDLE_SHOWN]}


def _happened(table: type[DailyFigures] | type[DailyUse]) -> tuple[Any, Any, Any]:
    """Reversals taken off."""
    return (
        func.sum(table.claims).label("claims"),
        func.sum(table.redemptions - table.reversals).label("redemptions"),
        func.sum(table.amount_fen).label("amount_fen"),
    )


def _whole(row: Row[Any]) -> dict[str, Any]:
    """Sums come as decimals."""
    plain = (str, date, datetime, UUID, type(None))
    return {name: value if isinstance(value, plain) else int(value) for name, value in row._mapping.items()}
