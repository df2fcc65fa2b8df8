"""Taking from a quota and giving back, each one conditional statement: the count can never pass it."""

from uuid import UUID

from sqlalchemy import update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from backend.incentives.errors import QuotaUsedUp
from backend.incentives.models import QuotaCount, QuotaRule, QuotaScope


def take_one(db: Session, incentive_id: UUID, scope: QuotaScope, place: str = "") -> None:
    """Take one where the incentive has such a quota; QuotaUsedUp when none is left."""
    rule = db.get(QuotaRule, (incentive_id, scope))
    if rule is None:
        return
    # The first taker of a day or shop makes its row; others wait for that row and then count on it.
    first = insert(QuotaCount).values(
        incentive_id=incentive_id, scope=scope, place=place, quota=rule.quota, taken=1
    )
    taken = db.execute(
        first.on_conflict_do_update(
            index_elements=["incentive_id", "scope", "place"],
            set_={"taken": QuotaCount.taken + 1},
            where=QuotaCount.taken < QuotaCount.quota,
        ).returning(QuotaCount.taken)
    ).scalar()
    if taken is None:
        raise QuotaUsedUp


def check_left(db: Session, incentive_id: UUID, scope: QuotaScope, place: str = "") -> None:
    """QuotaUsedUp when `take_one` would refuse now; takes nothing."""
    count = db.get(QuotaCount, (incentive_id, scope, place), populate_existing=True)
    if count is not None and count.taken >= count.quota:
        raise QuotaUsedUp


def give_one_back(db: Session, incentive_id: UUID, scope: QuotaScope, place: str = "") -> None:
    db.execute(
        update(QuotaCount)
        .where(QuotaCount.incentive_id == incentive_id)
        .where(QuotaCount.scope == scope, QuotaCount.place == place)
        .values(taken=QuotaCount.taken - 1)
    )
