"""The quick way to claim and to honour: many requests in one statement, with nothing looked up first.

It serves whoever is plainly entitled, which is nearly everybody. For all others it gives None and has
done nothing: `claiming` and `honouring` then judge, and say why where they refuse.
"""

import atexit
from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Engine

from backend.core.batches import Batcher
from backend.core.keys import KeyRing
from backend.incentives.models import Form
from backend.incentives.offers import Offers
from backend.incentives.rules import is_honoured_at
from backend.vouchers.asking import Asking, Scanned, claim_of, redeeming_of
from backend.vouchers.claim_statement import CLAIM, Claim, claim_parameters
from backend.vouchers.redeem_statement import REDEEM, Redeeming, redeem_parameters
from backend.vouchers.scanning import public_keys
from backend.vouchers.statements import Outcome, run_together
from backend.vouchers.ticket.judge import Outcome as Judgement
from backend.vouchers.ticket.judge import judge
from backend.vouchers.ticket.malformed import MalformedTicket
from backend.vouchers.ticket.text import PresentedTicket, decode


class QuickWays:
    """The batches of this process, and what they need to know. The engines are theirs alone, so that
    they never stand in line behind single requests."""

    def __init__(self, engine: Engine, readings: Engine) -> None:
        self._engine = engine
        self._offers = Offers(readings)
        self._claims = Batcher("claim", self._run_claims)
        self._redeemings = Batcher("redeem", self._run_redeemings)
        atexit.register(self.close)

    def claim(self, asking: Asking, incentive_id: UUID) -> str | None:
        """The body of the answer to a claim that was made; None when the plain way must judge."""
        incentive = self._offers.find(incentive_id)
        if incentive is None or incentive.form != Form.VOUCHER:
            return None
        claim, body = claim_of(asking, incentive)
        outcome = self._claims.submit(claim, keys=claim.keys)
        return body if outcome and outcome.accepted else None

    def redeem(self, asking: Asking, offer: int, scanned: Scanned) -> str | None:
        """The body of the answer to a code that was honoured; None when the plain way must judge.
        Offer and ticket are of a code that `read_genuine` gave."""
        incentive = self._offers.find_by_number(offer)
        if incentive is None or not is_honoured_at(incentive, asking.now):
            return None
        redeeming, body = redeeming_of(asking, incentive, scanned)
        outcome = self._redeemings.submit(redeeming, keys=redeeming.keys)
        return body if outcome and outcome.accepted else None

    def close(self) -> None:
        """Finish what is waiting, and stop."""
        self._claims.close()
        self._redeemings.close()
        self._engine.dispose()

    def _run_claims(self, claims: Sequence[Claim]) -> list[Outcome]:
        outcomes = run_together(self._engine, CLAIM, claim_parameters(claims))
        return self._forget_outdated([claim.incentive_id for claim in claims], outcomes)

    def _run_redeemings(self, redeemings: Sequence[Redeeming]) -> list[Outcome]:
        outcomes = run_together(self._engine, REDEEM, redeem_parameters(redeemings))
        return self._forget_outdated([item.incentive_id for item in redeemings], outcomes)

    def _forget_outdated(self, incentive_ids: Iterable[UUID], outcomes: list[Outcome]) -> list[Outcome]:
        pairs = zip(incentive_ids, outcomes, strict=True)
        self._offers.forget(incentive_id for incentive_id, outcome in pairs if outcome.outdated)
        return outcomes


def read_genuine(code: str, ring: KeyRing, now: datetime) -> PresentedTicket | None:
    """The code, when signature, times and chain hold; None otherwise."""
    try:
        presented = decode(code)
    except MalformedTicket:
        return None
    judgement = judge(presented, public_keys=public_keys(ring), now=now)
    return presented if judgement is Judgement.VALID else None
