"""The lists of the office: what each shows, in what words, and by which names. None shows a resident."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select
from sqlalchemy.orm import Session

from backend.core.clock import day_bounds
from backend.incentives.queries import find_by_ids
from backend.partners.queries import shop_names
from backend.vouchers import lists
from backend.vouchers.lists import Narrowing
from backend.vouchers.models import RedemptionState, VoucherState


@dataclass(frozen=True)
class OfficeList:
    """A list by its query. `time` is the column it is ordered by; `heads` are an export's columns."""

    name: str
    query: Callable[..., Select[Any]]
    time: str
    states: dict[str, str]
    heads: dict[str, str]


VOUCHERS = OfficeList(
    "券",
    lists.vouchers,
    "issued_at",
    {
        VoucherState.ISSUED: "未使用",
        VoucherState.REDEEMED: "已用完",
        VoucherState.EXPIRED: "已过期",
        VoucherState.CANCELLED: "已取消",
        VoucherState.REVERSED: "已撤销",
    },
    {
        "title": "激励项目",
        "unit_name": "成员单位",
        "state": "状态",
        "uses": "可用次数",
        "uses_left": "剩余次数",
        "issued_at": "领取时间",
        "expires_at": "到期时间",
        "ended_at": "结束时间",
    },
)
REDEMPTIONS = OfficeList(
    "核销",
    lists.redemptions,
    "accepted_at",
    {RedemptionState.ACCEPTED: "已核销", RedemptionState.REVERSED: "已撤销"},
    {
        "title": "激励项目",
        "unit_name": "成员单位",
        "shop_name": "门店",
        "state": "状态",
        "amount_fen": "消费金额（分）",
        "accepted_at": "核销时间",
        "reversed_at": "撤销时间",
    },
)


def narrowing(query: dict[str, Any]) -> Narrowing:
    """From what a page of a list was asked for: days in China, the last included."""
    first: date | None = query["first"]
    last: date | None = query["last"]
    return Narrowing(
        state=query["state"],
        incentive_id=query["incentive_id"],
        since=day_bounds(first)[0] if first else None,
        until=day_bounds(last)[1] if last else None,
    )


def named(db: Session, rows: Sequence[Any]) -> list[dict[str, Any]]:
    """The rows with the names of what they are about."""
    incentives = find_by_ids(db, [row.incentive_id for row in rows])
    shops = shop_names(db, {row.shop_id for row in rows if "shop_id" in row._fields})
    found = []
    for row in rows:
        incentive = incentives[row.incentive_id]
        shown = {**row._mapping, "title": incentive.title, "unit_name": incentive.unit_name}
        found.append({**shown, "shop_name": shops[row.shop_id]} if "shop_id" in shown else shown)
    return found
