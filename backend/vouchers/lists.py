"""Vouchers and redemptions as the office lists them: what happened, without whom it happened to."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, literal, select, tuple_

from backend.vouchers.models import Redemption, Voucher

Listed = type[Voucher] | type[Redemption]


@dataclass(frozen=True)
class Narrowing:
    """What a list is narrowed to; None means any. `until` itself is left out."""

    state: str | None = None
    incentive_id: UUID | None = None
    since: datetime | None = None
    until: datetime | None = None


def vouchers(
    wanted: Narrowing, *, oldest_first: bool = False, after: tuple[Any, ...] | None = None
) -> Select[Any]:
    """By the time of the claim; `after` is time and id of the last one shown."""
    columns = (
        Voucher.id,
        Voucher.incentive_id,
        Voucher.state,
        Voucher.uses,
        Voucher.uses_left,
        Voucher.issued_at,
        Voucher.expires_at,
        Voucher.ended_at,
    )
    return _ordered(columns, Voucher, Voucher.issued_at, wanted, oldest_first, after)


def redemptions(
    wanted: Narrowing, *, oldest_first: bool = False, after: tuple[Any, ...] | None = None
) -> Select[Any]:
    """By the time of honouring."""
    columns = (
        Redemption.id,
        Redemption.incentive_id,
        Redemption.shop_id,
        Redemption.state,
        Redemption.amount_fen,
        Redemption.accepted_at,
        Redemption.reversed_at,
    )
    return _ordered(columns, Redemption, Redemption.accepted_at, wanted, oldest_first, after)


def _ordered(
    columns: tuple[Any, ...],
    table: Listed,
    time: Any,
    wanted: Narrowing,
    oldest_first: bool,
    after: tuple[Any, ...] | None,
) -> Select[Any]:
    query = select(*columns).where(*_conditions(table, time, wanted))
    order = (time, table.id)
    if after:
        key, last = tuple_(*order), tuple_(*(literal(part) for part in after))
        query = query.where(key > last if oldest_first else key < last)
    return query.order_by(*(order if oldest_first else (column.desc() for column in order)))


def _conditions(table: Listed, time: Any, wanted: Narrowing) -> Iterator[ColumnElement[bool]]:
    if wanted.state is not None:
        yield table.state == wanted.state
    if wanted.incentive_id is not None:
        yield table.incentive_id == wanted.incentive_id
    if wanted.since is not None:
        yield time >= wanted.since
    if wanted.until is not None:
        yield time < wanted.until
