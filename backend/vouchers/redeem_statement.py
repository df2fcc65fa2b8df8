"""The statement that makes a batch of redemptions (`redeem.sql`), its parameters and its outcome."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from backend.notices.models import NoticeKind
from backend.notices.service import message_parameters
from backend.vouchers.scanning import MOST_WRONG_MATCHES
from backend.vouchers.statements import KeptAnswer, arrays, read_statement

# Its parameters are arrays of one length, named like the fields of `Redeeming`; in place of `answer` stand
# `answer_id`, `request_digest` and `body_cipher`, null where no answer is kept.
REDEEM = read_statement("redeem.sql")


@dataclass(frozen=True, slots=True, kw_only=True)
class Redeeming:
    """One genuine code at one till. Ids and times are its own, made before the batch.

    `incentive_version` is the version from which offer, hours, period and purpose were taken; a row
    of another version accepts nothing. The code's signature, times and chain hold already.
    """

    redemption_id: UUID
    clerk_id: UUID
    session_id: UUID
    ticket_id: bytes
    incentive_id: UUID
    incentive_version: int
    match: str | None
    scan_id: str
    order_ref: str | None
    amount_fen: int | None
    now: datetime
    today: date
    period_start: date
    offer: str
    purpose: str
    access_id: UUID
    notice_id: UUID
    request_id: str | None
    answer: KeptAnswer | None

    @property
    def keys(self) -> list[Hashable]:
        """What no two redemptions of one batch may have in common. Two codes of one voucher are kept
        apart in the statement: only the database knows of what a code is."""
        keys: list[Hashable] = [("ticket", self.ticket_id), ("scan", self.scan_id)]
        return [*keys, ("answer", self.answer.id)] if self.answer else keys


def redeem_parameters(redeemings: Sequence[Redeeming]) -> dict[str, Any]:
    """The parameters of `REDEEM`: arrays in the order given, what messages need, and the number of wrong
    matches."""
    return {
        **arrays(redeemings),
        **message_parameters(NoticeKind.VOUCHER_REDEEMED),
        "most_wrong_matches": MOST_WRONG_MATCHES,
    }
