"""Base64url without padding, as ids, anchors and signed tickets travel between phone and server."""

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode

from backend.vouchers.ticket.malformed import Malformation, MalformedTicket

_ALPHABET = re.compile(r"[A-Za-z0-9_-]*")


def to_base64url(raw: bytes) -> str:
    """The one text for these bytes."""
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def from_base64url(text: str, *, length: int) -> bytes:
    """Exactly `length` bytes from the one text that stands for them; else `MalformedTicket`."""
    if len(text) != (length * 8 + 5) // 6:
        raise MalformedTicket(Malformation.WRONG_LENGTH)
    if not _ALPHABET.fullmatch(text):
        raise MalformedTicket(Malformation.WRONG_ALPHABET)
    raw = urlsafe_b64decode(text + "=" * (-len(text) % 4))
    if to_base64url(raw) != text:
        raise MalformedTicket(Malformation.NOT_CANONICAL)
    return raw
