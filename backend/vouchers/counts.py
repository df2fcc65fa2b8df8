"""Counting against the limit per person and period, in one conditional statement each."""

from datetime import date
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from backend.incentives.models import Incentive
from backend.incentives.rules import period_start
from backend.vouchers.errors import LimitReached
from backend.vouchers.models import Counted, PersonalCount


def count_one(db: Session, incentive: Incentive, resident_id: UUID, counted: Counted, on: date) -> None:
    """Count one more; LimitReached when the period's limit is used up."""
    first = insert(PersonalCount).values(
        **_key(incentive, resident_id, counted, on), times=1, most=incentive.limit_times
    )
    times = db.execute(
        first.on_conflict_do_update(
            index_elements=["resident_id", "incentive_id", "counted", "period_start"],
            set_={"times": PersonalCount.times + 1},
            where=PersonalCount.times < PersonalCount.most,
        ).returning(PersonalCount.times)
    ).scalar()
    if times is None:
        raise LimitReached


def uncount_one(db: Session, incentive: Incentive, resident_id: UUID, counted: Counted, on: date) -> None:
    """Take one off again, in the period of the day it was counted on."""
    statement = update(PersonalCount).filter_by(**_key(incentive, resident_id, counted, on))
    db.execute(statement.values(times=PersonalCount.times - 1))


def times_left(db: Session, incentives: list[Incentive], resident_id: UUID, on: date) -> dict[UUID, int]:
    """How often the resident may still claim (voucher) or use (standing) each in this period."""
    rows = db.execute(
        select(
            PersonalCount.incentive_id, PersonalCount.counted, PersonalCount.period_start, PersonalCount.times
        ).where(
            PersonalCount.resident_id == resident_id,
            PersonalCount.incentive_id.in_([incentive.id for incentive in incentives]),
        )
    )
    counts = {(row.incentive_id, row.counted, row.period_start): row.times for row in rows}

    def left(incentive: Incentive) -> int:
        counted = what_is_limited(incentive)
        start = period_start(incentive.limit_period, on)
        used: int = counts.get((incentive.id, counted, start), 0)
        return incentive.limit_times - used

    return {incentive.id: left(incentive) for incentive in incentives}


def what_is_limited(incentive: Incentive) -> Counted:
    """Claims of a voucher; uses of a standing entitlement."""
    return Counted.CLAIM if incentive.voucher_days is not None else Counted.USE


def _key(incentive: Incentive, resident_id: UUID, counted: Counted, on: date) -> dict[str, object]:
    return {
        "resident_id": resident_id,
        "incentive_id": incentive.id,
        "counted": counted,
        "period_start": period_start(incentive.limit_period, on),
    }
