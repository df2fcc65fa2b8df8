"""The keys as values. The last key of a list is the one in use; the others are still read.

A key that is being brought in stands before the one in use, so its id is higher than that of the last.
"""

import secrets
from base64 import b64decode, b64encode
from datetime import datetime, timedelta
from functools import cached_property
from hashlib import sha256
from typing import Annotated, Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer

SecretBytes = Annotated[
    bytes,
    BeforeValidator(lambda value: b64decode(value, validate=True) if isinstance(value, str) else value),
    PlainSerializer(lambda value: b64encode(value).decode(), when_used="json"),
    Field(min_length=32, max_length=64),
]
KeyBytes = Annotated[SecretBytes, Field(repr=False)]
SECRET_BYTES = 32

TICKET_KEY_LIFE = timedelta(days=90)
TICKET_KEY_OVERLAP = timedelta(days=7)
# Tills fetch the public keys at least daily, so one of two days' notice reaches them all.
TICKET_KEY_NOTICE = timedelta(days=2)
HIGHEST_TICKET_KEY_ID = 255


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class SecretKey(Strict):
    """A symmetric key. `key_id` is stored beside whatever it protects."""

    key_id: int = Field(ge=1, le=2**31 - 1)
    secret: KeyBytes
    in_use_since: AwareDatetime | None = None


class IndexKey(SecretKey):
    """The key of the look-up indexes.

    An index cannot be computed anew for people of whom only the fingerprint is kept. So a new key
    wraps what the earlier ones gave: `inner` holds their secrets, the first one first.
    """

    inner: list[SecretBytes] = Field(default=[], repr=False)

    @property
    def chain(self) -> list[bytes]:
        return [*self.inner, self.secret]


class TicketSigningKey(Strict):
    """An Ed25519 key that signs HS1 tickets between two moments; tills know its public half."""

    key_id: int = Field(ge=1, le=HIGHEST_TICKET_KEY_ID)
    secret: KeyBytes
    valid_from: AwareDatetime
    valid_until: AwareDatetime

    @cached_property
    def private_key(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(self.secret)

    @cached_property
    def public_bytes(self) -> bytes:
        return self.private_key.public_key().public_bytes_raw()


class SealKey(Strict):
    """An Ed25519 key with which the city seals what must be provable for ever, such as a unit's commitment.

    Its public half is published as long as the ring lives, so an earlier key is never taken away.
    """

    key_id: int = Field(ge=1, le=2**31 - 1)
    secret: KeyBytes
    in_use_since: AwareDatetime

    @cached_property
    def private_key(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(self.secret)

    @cached_property
    def public_bytes(self) -> bytes:
        return self.private_key.public_key().public_bytes_raw()


def _listed(value: Any) -> Any:
    """Rings written before index keys could be replaced hold one that is not in a list."""
    return [value] if isinstance(value, dict) else value


class KeyRing(Strict):
    """All keys at one moment."""

    data: list[SecretKey] = Field(min_length=1)
    index: Annotated[list[IndexKey], BeforeValidator(_listed)] = Field(min_length=1)
    session: list[SecretKey] = Field(min_length=1)
    ticket: list[TicketSigningKey] = Field(min_length=1)
    # Rings made before there were seals have none.
    seal: list[SealKey] = []

    def data_key(self, key_id: int) -> SecretKey:
        return next(key for key in self.data if key.key_id == key_id)

    def ticket_key(self, now: datetime) -> TicketSigningKey:
        """The newest ticket key in force now."""
        in_force = [key for key in self.ticket if key.valid_from <= now < key.valid_until]
        if not in_force:
            raise LookupError("no ticket signing key is in force")
        return max(in_force, key=lambda key: key.valid_from)

    @property
    def fingerprint(self) -> str:
        """Tells rings apart without telling anything of a secret: equal exactly when all keys are."""
        content = self.model_dump_json(exclude_none=True).encode()
        return sha256(content).hexdigest()[:24]


def fresh_secret() -> bytes:
    return secrets.token_bytes(SECRET_BYTES)


def new_key_ring(now: datetime) -> KeyRing:
    """Fresh random keys."""
    ticket = TicketSigningKey(
        key_id=1, secret=fresh_secret(), valid_from=now, valid_until=now + TICKET_KEY_LIFE
    )
    return KeyRing(
        data=[SecretKey(key_id=1, secret=fresh_secret(), in_use_since=now)],
        index=[IndexKey(key_id=1, secret=fresh_secret(), in_use_since=now)],
        session=[SecretKey(key_id=1, secret=fresh_secret(), in_use_since=now)],
        ticket=[ticket],
        seal=[SealKey(key_id=1, secret=fresh_secret(), in_use_since=now)],
    )
