"""The city's seal: an Ed25519 signature over a statement, byte for byte.

Whoever has the statement, the seal and the public keys can check it without us. That the statement names
its own format keeps a signature made for one purpose from serving another.
"""

import json
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from backend.core.keys import KeyRing, LiveKeys
from backend.partners.errors import NoSealKey

COMMITMENT = "city-credit-commitment/1"


@dataclass(frozen=True)
class Seal:
    key_id: int
    signature: bytes


def statement_of(form: str, content: dict[str, Any]) -> str:
    """Canonical JSON: sorted keys, no spaces, UTF-8."""
    return json.dumps({"format": form, **content}, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def apply_seal(keys: KeyRing | LiveKeys, statement: str) -> Seal:
    if not keys.seal:
        raise NoSealKey
    key = keys.seal[-1]
    return Seal(key.key_id, key.private_key.sign(statement.encode()))


def moment(at: datetime) -> str:
    """As it stands in a statement: UTC, to the second."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def to_base64url(content: bytes) -> str:
    return urlsafe_b64encode(content).decode().rstrip("=")
