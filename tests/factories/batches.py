"""Items for the two hot statements, as a request would hand them in."""

from datetime import UTC, datetime
from uuid import UUID

from backend.core.keys import LiveKeys
from backend.identity.sessions import read_actor
from backend.identity.tokens import named_key
from backend.incentives.models import Incentive
from backend.vouchers.asking import Asking, Scanned, claim_of, redeeming_of
from backend.vouchers.claim_statement import Claim
from backend.vouchers.redeem_statement import Redeeming
from backend.vouchers.statements import KeptAnswer
from backend.vouchers.ticket.text import decode
from tests.factories.journey import Visitor


def new_claim(
    keys: LiveKeys, resident: Visitor, incentive: Incentive, *, answer: KeptAnswer | None = None
) -> Claim:
    return claim_of(_asking(keys, resident, answer), incentive)[0]


def new_redeeming(
    keys: LiveKeys, clerk: Visitor, incentive: Incentive, code: str, *, scan_id: str | None = None
) -> Redeeming:
    """`incentive` is the one that the code is for; the scan's id is the code's end, unless given."""
    scanned = Scanned(decode(code).body.ticket_id, scan_id or code[-20:])
    return redeeming_of(_asking(keys, clerk, None), incentive, scanned)[0]


def resident_id_of(resident: Visitor) -> UUID:
    return UUID(resident.tokens["resident"]["id"])


def _asking(keys: LiveKeys, visitor: Visitor, answer: KeptAnswer | None) -> Asking:
    token, now = visitor.tokens["access_token"], datetime.now(UTC)
    actor = read_actor(token, keys=keys.session_keys(named_key(token)), now=now)
    assert actor.id is not None
    assert actor.session_id is not None
    seal = (lambda _body: answer) if answer else None
    return Asking(actor.id, actor.session_id, now, None, seal)
