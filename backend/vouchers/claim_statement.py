"""The statement that makes a batch of claims (`claim.sql`), its parameters and its outcome."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from backend.notices.models import NoticeKind
from backend.notices.service import message_parameters
from backend.vouchers.statements import KeptAnswer, arrays, read_statement

# Its parameters are arrays of one length, named like the fields of `Claim`; in place of `answer` stand
# `answer_id`, `request_digest` and `body_cipher`, null where no answer is kept.
CLAIM = read_statement("claim.sql")


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One resident's wish for one voucher. Ids and times are its own, made before the batch.

    `incentive_version` is the version from which period, end and notice were worked out; a row of
    another version accepts nothing. `notice_values` is a JSON text.
    """

    voucher_id: UUID
    resident_id: UUID
    session_id: UUID
    incentive_id: UUID
    incentive_version: int
    now: datetime
    today: date
    period_start: date
    expires_at: datetime
    notice_id: UUID
    notice_values: str
    request_id: str | None
    answer: KeptAnswer | None

    @property
    def keys(self) -> list[Hashable]:
        """What no two claims of one batch may have in common."""
        person = ("person", self.resident_id, self.incentive_id)
        return [person, ("answer", self.answer.id)] if self.answer else [person]


def claim_parameters(claims: Sequence[Claim]) -> dict[str, Any]:
    """The parameters of `CLAIM`: arrays in the order of the claims, and what messages need."""
    return {**arrays(claims), **message_parameters(NoticeKind.VOUCHER_CLAIMED)}
