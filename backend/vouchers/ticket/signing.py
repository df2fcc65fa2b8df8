"""The city's signature over a ticket's body."""

from functools import lru_cache

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from backend.vouchers.ticket.layout import BODY_BYTES, Algorithm, TicketBody

SIGNED_BYTES = BODY_BYTES + 64

# Keeps this signature from ever being one over anything else the same key might sign.
_CONTEXT = b"HS1-ticket\0"


def sign(body: TicketBody, private_key: Ed25519PrivateKey) -> bytes:
    """The body with its signature, as the phone keeps it. A body for another algorithm is a ValueError."""
    if body.algorithm is not Algorithm.ED25519:
        raise ValueError(f"an Ed25519 key cannot sign a body for {body.algorithm.name}")
    raw = body.pack()
    return raw + private_key.sign(_CONTEXT + raw)


def verify(signed: bytes, public_key: bytes) -> bool:
    """Whether the signature is this Ed25519 key's over this body. A key of a wrong length is a ValueError."""
    key = _opened(public_key)
    try:
        key.verify(signed[BODY_BYTES:], _CONTEXT + signed[:BODY_BYTES])
    except InvalidSignature:
        return False
    return True


@lru_cache(maxsize=16)
def _opened(public_key: bytes) -> Ed25519PublicKey:
    """Opening a key takes a third as long as checking with it, and a city has two or three."""
    return Ed25519PublicKey.from_public_bytes(public_key)
