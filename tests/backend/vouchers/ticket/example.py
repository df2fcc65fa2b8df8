"""The published example: a ticket for offer 4711, its city key, its phone, and small helpers to damage it."""

import json
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from base45 import b45decode, b45encode
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from backend.vouchers.ticket import signing, text
from backend.vouchers.ticket.judge import Outcome, PublicTicketKey, judge
from backend.vouchers.ticket.layout import Algorithm, Flags, TicketBody
from backend.vouchers.ticket.phone import PhoneTicket

VECTORS: dict[str, Any] = json.loads(Path(__file__).with_name("vectors.json").read_text())

CITY_KEY = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(VECTORS["private_key"]))
PHONE = PhoneTicket(
    bytes.fromhex(VECTORS["ticket_id"]), bytes.fromhex(VECTORS["seed_cn"]), VECTORS["life_minutes"]
)
BODY = TicketBody(
    key_id=VECTORS["key_id"],
    ticket_id=PHONE.ticket_id,
    offer=VECTORS["offer"],
    not_before=VECTORS["not_before"],
    life_minutes=VECTORS["life_minutes"],
    flags=Flags(VECTORS["flags"]),
    anchor=PHONE.anchor,
)
SIGNED = signing.sign(BODY, CITY_KEY)
START = datetime.fromtimestamp(VECTORS["not_before"], UTC)
TEXT_OF_STEP_10: str = VECTORS["steps"]["10"]["text"]
IN_STEP_10 = START + timedelta(seconds=9 * 30 + 12)

PUBLISHED_KEY = PublicTicketKey(
    key_id=VECTORS["key_id"],
    algorithm=Algorithm.ED25519,
    public_key=bytes.fromhex(VECTORS["public_key"]),
    valid_from=START - timedelta(days=30),
    valid_until=START + timedelta(days=60),
)


@dataclass
class Till:
    """A till with a clock to be set and the keys it last fetched."""

    clock: datetime = IN_STEP_10
    keys: list[PublicTicketKey] = field(default_factory=lambda: [PUBLISHED_KEY])

    def scan(self, shown: str) -> Outcome:
        keys = {key.key_id: key for key in self.keys}
        return judge(text.decode(shown), public_keys=keys, now=self.clock)

    def scan_at(self, clock: datetime, shown: str) -> Outcome:
        return replace(self, clock=clock).scan(shown)


def bytes_of(shown: str) -> bytes:
    raw: bytes = b45decode(shown.removeprefix("HS1:"))
    return raw


def text_of(raw: bytes) -> str:
    encoded: bytes = b45encode(raw)
    return "HS1:" + encoded.decode()


def with_bytes(offset: int, new: bytes, shown: str = TEXT_OF_STEP_10) -> str:
    """The text with some of its bytes replaced and nothing signed again."""
    raw = bytes_of(shown)
    return text_of(raw[:offset] + new + raw[offset + len(new) :])
