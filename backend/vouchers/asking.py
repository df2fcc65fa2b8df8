"""One request for a quick way: who asks for what, and the row of a batch that is made of it.

Ids and times are settled here, so that the answer can be written, and sealed, before it is true.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from backend.core.clock import day_in_china, last_day_before
from backend.core.ids import new_id
from backend.incentives.models import Incentive
from backend.incentives.rules import period_start
from backend.vouchers.claim_statement import Claim
from backend.vouchers.claiming import end_of_voucher
from backend.vouchers.models import RedemptionState, VoucherState
from backend.vouchers.redeem_statement import Redeeming
from backend.vouchers.statements import KeptAnswer


@dataclass(frozen=True, slots=True)
class Asking:
    """Who asks, by the word of the access token: whether the session is still open is for the
    statement to see. `seal` gives the answer to be kept, where one is."""

    caller_id: UUID
    session_id: UUID
    now: datetime
    request_id: str | None
    seal: Callable[[str], KeptAnswer] | None

    def kept(self, body: str) -> KeptAnswer | None:
        return self.seal(body) if self.seal else None


@dataclass(frozen=True, slots=True)
class Scanned:
    """What a till sends with a code, and the id of the ticket in it."""

    ticket_id: bytes
    scan_id: str
    order_ref: str | None = None
    amount_fen: int | None = None
    match: str | None = None


def claim_of(asking: Asking, incentive: Incentive) -> tuple[Claim, str]:
    """The claim, and the body of its answer."""
    now, today = asking.now, day_in_china(asking.now)
    voucher_id, expires_at = new_id(), end_of_voucher(incentive, now)
    body = claimed_body(incentive, voucher_id, now, expires_at)
    claim = Claim(
        voucher_id=voucher_id,
        resident_id=asking.caller_id,
        session_id=asking.session_id,
        incentive_id=incentive.id,
        incentive_version=incentive.version,
        now=now,
        today=today,
        period_start=period_start(incentive.limit_period, today),
        expires_at=expires_at,
        notice_id=new_id(),
        notice_values=_json({"offer": incentive.title, "until": last_day_before(expires_at)}),
        request_id=asking.request_id,
        answer=asking.kept(body),
    )
    return claim, body


def redeeming_of(asking: Asking, incentive: Incentive, scanned: Scanned) -> tuple[Redeeming, str]:
    """The redemption, and the body of its answer."""
    now, today, redemption_id = asking.now, day_in_china(asking.now), new_id()
    body = honoured_body(incentive, redemption_id, now, scanned)
    redeeming = Redeeming(
        redemption_id=redemption_id,
        clerk_id=asking.caller_id,
        session_id=asking.session_id,
        ticket_id=scanned.ticket_id,
        incentive_id=incentive.id,
        incentive_version=incentive.version,
        match=scanned.match,
        scan_id=scanned.scan_id,
        order_ref=scanned.order_ref,
        amount_fen=scanned.amount_fen,
        now=now,
        today=today,
        period_start=period_start(incentive.limit_period, today),
        offer=incentive.title,
        purpose=f"使用“{incentive.title}”",
        access_id=new_id(),
        notice_id=new_id(),
        request_id=asking.request_id,
        answer=asking.kept(body),
    )
    return redeeming, body


def claimed_body(incentive: Incentive, voucher_id: UUID, now: datetime, expires_at: datetime) -> str:
    """The answer to a claim, as `VoucherSchema` describes it."""
    return _json(
        {
            "id": voucher_id,
            "incentive_id": incentive.id,
            "offer": _offer(incentive),
            "state": VoucherState.ISSUED,
            "uses": incentive.uses,
            "uses_left": incentive.uses,
            "issued_at": now,
            "expires_at": expires_at,
            "ended_at": None,
            "last_redeemed_at": None,
        }
    )


def honoured_body(incentive: Incentive, redemption_id: UUID, now: datetime, scanned: Scanned) -> str:
    """The answer to a code that was honoured, as `RedemptionSchema` describes it."""
    return _json(
        {
            "id": redemption_id,
            "offer": _offer(incentive),
            "state": RedemptionState.ACCEPTED,
            "accepted_at": now,
            "reversed_at": None,
            "order_ref": scanned.order_ref,
            "amount_fen": scanned.amount_fen,
        }
    )


def _offer(incentive: Incentive) -> dict[str, Any]:
    return {name: getattr(incentive, name) for name in ("number", "title", "benefit", "terms")}


def _json(body: dict[str, Any]) -> str:
    return orjson.dumps(body, option=orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE).decode()
