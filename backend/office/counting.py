"""Counting the days: what the figures are made of, a day at a time."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from backend.core.clock import day_in_china
from backend.incentives.queries import units_of_incentives
from backend.office.models import WHOLE_CITY_UNITS, DailyFigures, DailyUse
from backend.partners.queries import districts_of_shops, districts_of_units
from backend.scoring.figures import count_residents
from backend.vouchers.figures import count_claims, count_uses, find_first_day

ACTIVE_DAYS = 30
LONGEST_BACK = timedelta(days=400)


@dataclass
class Uses:
    claims: int = 0
    redemptions: int = 0
    reversals: int = 0
    amount_fen: int = 0

    def add(self, other: "Uses") -> None:
        for name, number in asdict(other).items():
            setattr(self, name, getattr(self, name) + number)


def days_to_count(db: Session, *, now: datetime) -> Iterator[date]:
    """From the day that was counted last, which was not over then, up to today."""
    today = day_in_china(now)
    first = db.scalar(select(func.max(DailyFigures.day))) or find_first_day(db) or today
    day = max(first, today - LONGEST_BACK)
    while day <= today:
        yield day
        day += timedelta(days=1)


def count_day(db: Session, day: date, *, now: datetime) -> None:
    """Write the figures of a day anew. Residents are counted today only; a day gone by keeps its count."""
    uses = _uses_of(db, day)
    residents = _residents(db, day, now=now)
    by_district: dict[str, Uses] = defaultdict(Uses)
    for (_incentive, district), happened in uses.items():
        by_district[district].add(happened)
    for table in (DailyUse, DailyFigures):
        db.execute(delete(table).where(table.day == day))
    db.add_all(
        DailyUse(day=day, incentive_id=incentive_id, district=district, **asdict(happened))
        for (incentive_id, district), happened in uses.items()
    )
    db.add_all(
        DailyFigures(
            day=day,
            district=district,
            counted_at=now,
            **asdict(by_district[district]),
            **residents.get(district, NOT_COUNTED),
        )
        for district in {*by_district, *residents, WHOLE_CITY_UNITS}
    )
    db.flush()


NOT_COUNTED: dict[str, int | None] = {"residents": None, "scored": None, "active": None}


def _uses_of(db: Session, day: date) -> dict[tuple[UUID, str], Uses]:
    """By incentive and district."""
    units, districts, shops = units_of_incentives(db), districts_of_units(db), districts_of_shops(db)
    uses: dict[tuple[UUID, str], Uses] = defaultdict(Uses)
    for incentive_id, claims in count_claims(db, day):
        unit_id = units[incentive_id]
        district = (districts[unit_id] if unit_id else None) or WHOLE_CITY_UNITS
        uses[incentive_id, district].add(Uses(claims=claims))
    for incentive_id, shop_id, accepted, reversed_, amount_fen in count_uses(db, day):
        uses[incentive_id, shops[shop_id]].add(
            Uses(redemptions=int(accepted), reversals=int(reversed_), amount_fen=int(amount_fen))
        )
    return uses


def _residents(db: Session, day: date, *, now: datetime) -> dict[str, dict[str, int | None]]:
    if day == day_in_china(now):
        counted = count_residents(db, active_since=now - timedelta(days=ACTIVE_DAYS))
        return {
            district: {"residents": residents, "scored": scored, "active": active}
            for district, residents, scored, active in counted
        }
    kept = db.scalars(
        select(DailyFigures).where(DailyFigures.day == day, DailyFigures.residents.is_not(None))
    )
    return {row.district: {name: getattr(row, name) for name in NOT_COUNTED} for row in kept}
