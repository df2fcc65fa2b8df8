"""The body of a ticket: the 42 bytes that are signed."""

import struct
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import STRICT, IntEnum, IntFlag
from typing import Self, TypeVar

from backend.vouchers.ticket.malformed import Malformation, MalformedTicket

VERSION = 1
STEP_SECONDS = 30
DEFAULT_LIFE_MINUTES = 240
MAX_LIFE_MINUTES = 1440
TICKET_ID_BYTES = 12
LINK_BYTES = 16

_FIELDS = struct.Struct(f">BB{TICKET_ID_BYTES}sIIHBB{LINK_BYTES}s")
BODY_BYTES = _FIELDS.size


class Algorithm(IntEnum):
    """How the body is signed. All three numbers are the format's; this program signs and checks Ed25519."""

    ED25519 = 1
    SM2_WITH_SM3 = 2
    ES256 = 3


class Flags(IntFlag, boundary=STRICT):
    """What the till may or must do with the ticket."""

    OFFLINE = 1
    NEEDS_MATCH = 2
    SEVERAL_ITEMS = 4


_Known = TypeVar("_Known", Algorithm, Flags)


@dataclass(frozen=True)
class TicketBody:
    """What the server signs: one offer, one short life, and the anchor of the phone's chain.

    `offer` is the incentive's public number, `not_before` is in unix seconds. A body whose form the
    format does not allow cannot be made: it raises `MalformedTicket`.
    """

    key_id: int
    ticket_id: bytes
    offer: int
    not_before: int
    life_minutes: int
    flags: Flags
    anchor: bytes
    algorithm: Algorithm = Algorithm.ED25519
    step_seconds: int = STEP_SECONDS

    def __post_init__(self) -> None:
        if (len(self.ticket_id), len(self.anchor)) != (TICKET_ID_BYTES, LINK_BYTES):
            raise MalformedTicket(Malformation.WRONG_LENGTH)
        if not 1 <= self.life_minutes <= MAX_LIFE_MINUTES:
            raise MalformedTicket(Malformation.LIFE_OUT_OF_RANGE)
        if self.step_seconds != STEP_SECONDS:
            raise MalformedTicket(Malformation.WRONG_STEP_LENGTH)

    @property
    def starts_at(self) -> datetime:
        """The first moment of the ticket's life."""
        return datetime.fromtimestamp(self.not_before, UTC)

    @property
    def expires_at(self) -> datetime:
        """The first moment at which the ticket is no longer good."""
        return self.starts_at + timedelta(minutes=self.life_minutes)

    @property
    def steps(self) -> int:
        """How many steps the life has; the last step has this number."""
        return steps_in(self.life_minutes)

    def step_at(self, moment: datetime) -> int:
        """The number of the step that contains the moment; outside the life it is not within 1 to `steps`."""
        return (moment - self.starts_at) // timedelta(seconds=self.step_seconds) + 1

    def pack(self) -> bytes:
        """The bytes that are signed and shown."""
        return _FIELDS.pack(
            VERSION << 4 | self.algorithm,
            self.key_id,
            self.ticket_id,
            self.offer,
            self.not_before,
            self.life_minutes,
            self.flags,
            self.step_seconds,
            self.anchor,
        )

    @classmethod
    def unpack(cls, raw: bytes) -> Self:
        """Read a body and refuse every byte the format does not know."""
        if len(raw) != BODY_BYTES:
            raise MalformedTicket(Malformation.WRONG_LENGTH)
        head, key_id, ticket_id, offer, not_before, life_minutes, flags, step_seconds, anchor = (
            _FIELDS.unpack(raw)
        )
        if head >> 4 != VERSION:
            raise MalformedTicket(Malformation.UNKNOWN_VERSION)
        return cls(
            key_id=key_id,
            ticket_id=ticket_id,
            offer=offer,
            not_before=not_before,
            life_minutes=life_minutes,
            flags=_known(Flags, flags, otherwise=Malformation.UNKNOWN_FLAG),
            anchor=anchor,
            algorithm=_known(Algorithm, head & 0x0F, otherwise=Malformation.UNKNOWN_ALGORITHM),
            step_seconds=step_seconds,
        )


def steps_in(life_minutes: int) -> int:
    """How many steps a life has, and so how long the phone's chain must be."""
    return life_minutes * 60 // STEP_SECONDS


def _known(kind: type[_Known], value: int, *, otherwise: Malformation) -> _Known:
    try:
        return kind(value)
    except ValueError:
        raise MalformedTicket(otherwise) from None
