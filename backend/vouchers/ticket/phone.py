"""The phone's part, for the demonstration and the tests. The server never runs it and never learns `c_n`."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Self

from backend.vouchers.ticket import chain, text
from backend.vouchers.ticket.layout import (
    BODY_BYTES,
    DEFAULT_LIFE_MINUTES,
    LINK_BYTES,
    TICKET_ID_BYTES,
    TicketBody,
    steps_in,
)


@dataclass(frozen=True)
class PhoneTicket:
    """What a phone keeps of a ticket besides the signed bytes. `c_n` never leaves it and is never printed."""

    ticket_id: bytes
    c_n: bytes = field(repr=False)
    life_minutes: int

    @classmethod
    def draw(cls, randomness: Callable[[int], bytes], *, life_minutes: int = DEFAULT_LIFE_MINUTES) -> Self:
        """A fresh ticket id and chain. `randomness` gives so many secret bytes, as `secrets.token_bytes`."""
        return cls(randomness(TICKET_ID_BYTES), randomness(LINK_BYTES), life_minutes)

    @cached_property
    def anchor(self) -> bytes:
        """`c_0`, sent to the server with the id."""
        return chain.anchor_of(self.ticket_id, self.c_n, steps_in(self.life_minutes))

    def show(self, signed: bytes, at: datetime) -> str:
        """The text of the QR code at this moment.

        The server may have cut the life short; the chain is then longer than needed. A ValueError
        when it signed another ticket than the one drawn, or the moment lies outside its life.
        """
        body = TicketBody.unpack(signed[:BODY_BYTES])
        is_mine = (body.ticket_id, body.anchor) == (self.ticket_id, self.anchor)
        if not is_mine or body.life_minutes > self.life_minutes:
            raise ValueError("the signed ticket is not the one this phone drew")
        i = body.step_at(at)
        if not 1 <= i <= body.steps:
            raise ValueError("the ticket cannot be shown before or after its life")
        return text.encode(signed, i, chain.link_at(self.ticket_id, self.c_n, steps_in(self.life_minutes), i))
