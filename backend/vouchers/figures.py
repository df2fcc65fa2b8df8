"""What happened on a day, counted by incentive: for the office's figures."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, Row, func, literal, select, union_all
from sqlalchemy.orm import Session

from backend.core.clock import day_bounds, day_in_china
from backend.vouchers.models import Redemption, Voucher


def find_first_day(db: Session) -> date | None:
    """The day of the first claim or redemption."""
    moments = [db.scalar(select(func.min(moment))) for moment in (Voucher.issued_at, Redemption.accepted_at)]
    return min((day_in_china(moment) for moment in moments if moment), default=None)


def count_claims(db: Session, day: date) -> Sequence[Row[UUID, int]]:
    """(incentive id, vouchers issued) of that day in China."""
    start, end = day_bounds(day)
    query = select(Voucher.incentive_id, func.count()).group_by(Voucher.incentive_id)
    return db.execute(query.where(Voucher.issued_at >= start, Voucher.issued_at < end)).all()


def count_uses(db: Session, day: date) -> Sequence[Row[UUID, UUID, int, int, int]]:
    """(incentive id, shop id, accepted, reversed, amount in fen) of that day in China.

    Each counts on the day it happened, so a figure once counted stays true: what is reversed later is
    taken off on that later day.
    """
    start, end = day_bounds(day)
    amount = func.coalesce(Redemption.amount_fen, 0)

    def of(accepted: int, amount: ColumnElement[int]):  # type: ignore[no-untyped-def]
        return select(
            Redemption.incentive_id,
            Redemption.shop_id,
            literal(accepted).label("accepted"),
            literal(1 - accepted).label("reversed"),
            amount.label("amount"),
        )

    happened = union_all(
        of(1, amount).where(Redemption.accepted_at >= start, Redemption.accepted_at < end),
        of(0, -amount).where(Redemption.reversed_at >= start, Redemption.reversed_at < end),
    ).subquery()
    each = happened.c
    totals = (func.sum(each.accepted), func.sum(each.reversed), func.sum(each.amount))
    query = select(each.incentive_id, each.shop_id, *totals).group_by(each.incentive_id, each.shop_id)
    return db.execute(query).all()
