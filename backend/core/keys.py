"""The key ring: every secret key the backend uses, each with an id so that it can be replaced.

In the trial the ring is a file made at the first start. A production ring is the same document,
put in place by the operator's secret management; see docs/operations.md.
"""

import json
import os
import secrets
from base64 import b64decode, b64encode
from datetime import UTC, datetime, timedelta
from fcntl import LOCK_EX, flock
from functools import cached_property
from pathlib import Path
from typing import Annotated

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer

KeyBytes = Annotated[
    bytes,
    BeforeValidator(lambda value: b64decode(value, validate=True) if isinstance(value, str) else value),
    PlainSerializer(lambda value: b64encode(value).decode(), when_used="json"),
    Field(min_length=32, max_length=64, repr=False),
]

TICKET_KEY_LIFE = timedelta(days=90)
TICKET_KEY_OVERLAP = timedelta(days=7)


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class SecretKey(Strict):
    """A symmetric key. `key_id` is stored beside whatever it protects."""

    key_id: int = Field(ge=1, le=2**31 - 1)
    secret: KeyBytes


class TicketSigningKey(Strict):
    """An Ed25519 key that signs HS1 tickets between two moments; tills know its public half."""

    key_id: int = Field(ge=1, le=255)
    secret: KeyBytes
    valid_from: AwareDatetime
    valid_until: AwareDatetime

    @cached_property
    def private_key(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(self.secret)

    @cached_property
    def public_bytes(self) -> bytes:
        return self.private_key.public_key().public_bytes_raw()


class KeyRing(Strict):
    """All keys. The last key of a list is the one in use; the earlier ones are still read."""

    data: list[SecretKey] = Field(min_length=1)
    index: SecretKey
    session: list[SecretKey] = Field(min_length=1)
    ticket: list[TicketSigningKey] = Field(min_length=1)

    def data_key(self, key_id: int) -> SecretKey:
        return next(key for key in self.data if key.key_id == key_id)

    def ticket_key(self, now: datetime) -> TicketSigningKey:
        """The newest ticket key in force now."""
        in_force = [key for key in self.ticket if key.valid_from <= now < key.valid_until]
        if not in_force:
            raise LookupError("no ticket signing key is in force")
        return max(in_force, key=lambda key: key.valid_from)


def new_key_ring(now: datetime) -> KeyRing:
    """Fresh random keys for a trial."""

    def fresh() -> SecretKey:
        return SecretKey(key_id=1, secret=secrets.token_bytes(32))

    ticket = TicketSigningKey(
        key_id=1, secret=secrets.token_bytes(32), valid_from=now, valid_until=now + TICKET_KEY_LIFE
    )
    return KeyRing(data=[fresh()], index=fresh(), session=[fresh()], ticket=[ticket])


def load_key_ring(path: Path) -> KeyRing:
    """Read a key ring; refuses a file that other users of the machine may read."""
    if path.stat().st_mode & 0o077:
        raise PermissionError(f"{path}: the key file must be readable by its owner only (chmod 600)")
    return KeyRing.model_validate_json(path.read_bytes())


def load_or_create_key_ring(path: Path) -> KeyRing:
    """The trial's key ring: made once, then kept, with a new ticket key before the old one ends."""
    now = datetime.now(UTC)
    path.parent.mkdir(parents=True, exist_ok=True)
    # Processes that start together must agree on one ring.
    with path.with_suffix(".lock").open("w") as lock:
        flock(lock, LOCK_EX)
        if not path.exists():
            write_key_ring(path, new_key_ring(now))
        ring = load_key_ring(path)
        newest = max(ring.ticket, key=lambda key: key.valid_until)
        if newest.valid_until - now < TICKET_KEY_OVERLAP:
            ring = with_next_ticket_key(ring, now)
            write_key_ring(path, ring)
    return ring


def with_next_ticket_key(ring: KeyRing, now: datetime) -> KeyRing:
    """The ring with a further ticket key; keys that ended are dropped, which revokes them."""
    kept = [key for key in ring.ticket if key.valid_until > now]
    taken = {key.key_id for key in ring.ticket}
    key_id = next(number for number in range(1, 256) if number not in taken)
    fresh = TicketSigningKey(
        key_id=key_id, secret=secrets.token_bytes(32), valid_from=now, valid_until=now + TICKET_KEY_LIFE
    )
    return ring.model_copy(update={"ticket": [*kept, fresh]})


def write_key_ring(path: Path, ring: KeyRing) -> None:
    """Write atomically, readable by the owner only."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.unlink(missing_ok=True)  # of a process of the same number that died here
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(json.dumps(ring.model_dump(mode="json"), indent=1))
    draft.replace(path)
