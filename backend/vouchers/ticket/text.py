"""The text inside the QR code: `HS1:` and the signed ticket with the link of the moment in base45."""

import string
from contextlib import suppress
from dataclasses import dataclass

from base45 import b45decode, b45encode

from backend.vouchers.ticket.layout import BODY_BYTES, TicketBody
from backend.vouchers.ticket.malformed import Malformation, MalformedTicket
from backend.vouchers.ticket.signing import SIGNED_BYTES

PREFIX = "HS1:"
TEXT_LENGTH = 190

_ALPHABET = frozenset(string.digits + string.ascii_uppercase + " $%*+-./:")
_LINK_OFFSET = SIGNED_BYTES + 2


@dataclass(frozen=True)
class PresentedTicket:
    """A ticket as a till sees it: well formed, and nothing in it believed yet.

    `signed` are the very bytes that were shown, so that the signature is checked over those; `body`
    is what they say. `i` is the step the phone claims, `c_i` the link that shall prove it.
    """

    signed: bytes
    body: TicketBody
    i: int
    c_i: bytes

    def __post_init__(self) -> None:
        if not 1 <= self.i <= self.body.steps:
            raise MalformedTicket(Malformation.STEP_OUT_OF_RANGE)


def encode(signed: bytes, i: int, c_i: bytes) -> str:
    """The text the phone shows during step `i`."""
    return PREFIX + _to_base45(signed + i.to_bytes(2, "big") + c_i)


def decode(text: str) -> PresentedTicket:
    """Read a scanned text to the letter; a text that differs in any way raises `MalformedTicket`."""
    if len(text) != TEXT_LENGTH:
        raise MalformedTicket(Malformation.WRONG_LENGTH)
    if not text.startswith(PREFIX):
        raise MalformedTicket(Malformation.WRONG_PREFIX)
    raw = _from_base45(text.removeprefix(PREFIX))
    return PresentedTicket(
        signed=raw[:SIGNED_BYTES],
        body=TicketBody.unpack(raw[:BODY_BYTES]),
        i=int.from_bytes(raw[SIGNED_BYTES:_LINK_OFFSET], "big"),
        c_i=raw[_LINK_OFFSET:],
    )


def _to_base45(raw: bytes) -> str:
    encoded: bytes = b45encode(raw)
    return encoded.decode()


def _from_base45(digits: str) -> bytes:
    with suppress(ValueError):
        raw: bytes = b45decode(digits)
        # The library passes over a line break at the end; encoding again holds it to one text per ticket.
        if _to_base45(raw) == digits:
            return raw
    is_readable = _ALPHABET.issuperset(digits)
    raise MalformedTicket(Malformation.NOT_CANONICAL if is_readable else Malformation.WRONG_ALPHABET)
