"""The steps by which a key is replaced, each a ring made from a ring.

`stage` lets everybody read with a new key before anybody writes with it; `activate` lets everybody
write with it; `retire` takes the earlier one away. Between two steps every running process must have
taken up the step before, which is the business of whoever calls these.
"""

from datetime import datetime
from enum import StrEnum
from typing import Any

from backend.core.keys.ring import (
    HIGHEST_TICKET_KEY_ID,
    TICKET_KEY_LIFE,
    TICKET_KEY_NOTICE,
    IndexKey,
    KeyRing,
    SealKey,
    SecretKey,
    TicketSigningKey,
    fresh_secret,
)


class Role(StrEnum):
    """The lists of keys that are turned by stage, activate and retire."""

    DATA = "data"
    INDEX = "index"
    SESSION = "session"


class Step(StrEnum):
    """How far the replacing of a key has come."""

    AT_REST = "at_rest"
    STAGED = "staged"
    ACTIVE = "active"


def keys_of(ring: KeyRing, role: Role) -> list[SecretKey]:
    keys: list[SecretKey] = list(getattr(ring, role))
    return keys


def step_of(ring: KeyRing, role: Role) -> Step:
    """At rest there is one key; a staged one has a higher id than the one in use, an earlier one a lower."""
    *others, in_use = keys_of(ring, role)
    if not others:
        return Step.AT_REST
    return Step.STAGED if any(key.key_id > in_use.key_id for key in others) else Step.ACTIVE


def stage(ring: KeyRing, role: Role) -> KeyRing:
    """The ring with a new key that is read but not yet used; ValueError while one is being replaced."""
    if step_of(ring, role) is not Step.AT_REST:
        raise ValueError(f"the {role} key is already being replaced")
    (in_use,) = keys_of(ring, role)
    key_id = in_use.key_id + 1
    if isinstance(in_use, IndexKey):
        return _with(ring, role, [IndexKey(key_id=key_id, secret=fresh_secret(), inner=in_use.chain), in_use])
    return _with(ring, role, [SecretKey(key_id=key_id, secret=fresh_secret()), in_use])


def activate(ring: KeyRing, role: Role, now: datetime) -> KeyRing:
    """The ring in which the staged key is the one in use; ValueError when none is staged."""
    if step_of(ring, role) is not Step.STAGED:
        raise ValueError(f"no {role} key is staged")
    *earlier, newest = sorted(keys_of(ring, role), key=lambda key: key.key_id)
    return _with(ring, role, [*earlier, newest.model_copy(update={"in_use_since": now})])


def retire(ring: KeyRing, role: Role) -> KeyRing:
    """The ring with the key in use alone; ValueError when there is no earlier one."""
    if step_of(ring, role) is not Step.ACTIVE:
        raise ValueError(f"there is no earlier {role} key")
    return _with(ring, role, keys_of(ring, role)[-1:])


def stage_ticket_key(ring: KeyRing, begins_at: datetime) -> KeyRing:
    """The ring with a further ticket key that signs from `begins_at` on."""
    newest = max(ring.ticket, key=lambda key: key.valid_from)
    taken = {key.key_id for key in ring.ticket}
    # Going round, so that an id comes back as late as possible: tills may still know what it was.
    round_trip = (
        (newest.key_id + ahead) % HIGHEST_TICKET_KEY_ID + 1 for ahead in range(HIGHEST_TICKET_KEY_ID)
    )
    fresh = TicketSigningKey(
        key_id=next(number for number in round_trip if number not in taken),
        secret=fresh_secret(),
        valid_from=begins_at,
        valid_until=begins_at + TICKET_KEY_LIFE,
    )
    return _with(ring, "ticket", [*ring.ticket, fresh])


def withdraw_ticket_key(ring: KeyRing, begins_at: datetime) -> KeyRing:
    """The ring without a ticket key that has not begun."""
    return _with(ring, "ticket", [key for key in ring.ticket if key.valid_from != begins_at])


def retire_ticket_keys(ring: KeyRing, now: datetime) -> KeyRing:
    """The ring without the ticket keys that came before the one that signs now."""
    signing = ring.ticket_key(now)
    return _with(ring, "ticket", [key for key in ring.ticket if key.valid_from >= signing.valid_from])


def with_next_ticket_key(ring: KeyRing, now: datetime) -> KeyRing:
    """The ring with a further ticket key, announced before it begins when the present one lasts that
    long; keys that ended are dropped."""
    lasting = any(key.valid_from <= now and key.valid_until > now + TICKET_KEY_NOTICE for key in ring.ticket)
    further = stage_ticket_key(ring, now + TICKET_KEY_NOTICE if lasting else now)
    return _with(further, "ticket", [key for key in further.ticket if key.valid_until > now])


def with_next_seal_key(ring: KeyRing, now: datetime) -> KeyRing:
    """The ring with a further seal key, which seals from now on; the earlier ones go on being published."""
    key_id = max((key.key_id for key in ring.seal), default=0) + 1
    return _with(ring, "seal", [*ring.seal, SealKey(key_id=key_id, secret=fresh_secret(), in_use_since=now)])


def _with(ring: KeyRing, part: str, keys: list[Any]) -> KeyRing:
    return ring.model_copy(update={part: keys})
