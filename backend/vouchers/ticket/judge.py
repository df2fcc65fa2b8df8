"""Whether a well-formed ticket is good, here and now. "Good" is not "unused": only the server knows that."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from backend.vouchers.ticket import chain, signing
from backend.vouchers.ticket.layout import Algorithm
from backend.vouchers.ticket.text import PresentedTicket

STEP_TOLERANCE = 2


class Outcome(StrEnum):
    """What judging a ticket comes to; one member per check, in the order of the checks."""

    UNKNOWN_KEY = "unknown_key"
    KEY_NOT_IN_FORCE = "key_not_in_force"
    BAD_SIGNATURE = "bad_signature"
    NOT_YET = "not_yet"
    EXPIRED = "expired"
    STALE_STEP = "stale_step"
    BROKEN_CHAIN = "broken_chain"
    VALID = "valid"


@dataclass(frozen=True)
class PublicTicketKey:
    """One of the city's public keys, as its published list gives it; in force until before `valid_until`."""

    key_id: int
    algorithm: Algorithm
    public_key: bytes
    valid_from: datetime
    valid_until: datetime


def judge(
    presented: PresentedTicket, *, public_keys: Mapping[int, PublicTicketKey], now: datetime
) -> Outcome:
    """The first check the ticket fails, or `VALID`.

    Before the signature holds, the key id is used to look up a key and nothing else is believed: an
    outcome about times or the chain is always one about a ticket that the city did sign.
    """
    key = public_keys.get(presented.body.key_id)
    if key is None:
        return Outcome.UNKNOWN_KEY
    if not key.valid_from <= now < key.valid_until:
        return Outcome.KEY_NOT_IN_FORCE
    if not _is_signed_with(key, presented):
        return Outcome.BAD_SIGNATURE
    return _judge_signed(presented, now=now)


def _is_signed_with(key: PublicTicketKey, presented: PresentedTicket) -> bool:
    # The ticket may not choose how its own signature is checked, so both must name the algorithm.
    is_checkable = presented.body.algorithm == key.algorithm == Algorithm.ED25519
    return is_checkable and signing.verify(presented.signed, key.public_key)


def _judge_signed(presented: PresentedTicket, *, now: datetime) -> Outcome:
    body, i = presented.body, presented.i
    if now < body.starts_at:
        return Outcome.NOT_YET
    if now >= body.expires_at:
        return Outcome.EXPIRED
    if abs(i - body.step_at(now)) > STEP_TOLERANCE:
        return Outcome.STALE_STEP
    if not chain.leads_to_anchor(body.ticket_id, i, presented.c_i, body.anchor):
        return Outcome.BROKEN_CHAIN
    return Outcome.VALID
