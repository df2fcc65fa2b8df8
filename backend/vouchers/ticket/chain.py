"""The hash chain that makes the code on the screen change: easy to check downwards, impossible to climb.

The phone draws the top link `c_n` and shows the links from `c_1` upwards. The signed anchor is `c_0`.
"""

import hashlib

from backend.vouchers.ticket.layout import LINK_BYTES


def next_link(ticket_id: bytes, i: int, c_i: bytes) -> bytes:
    """The link below: `c_{i-1}` from `c_i`."""
    return hashlib.sha256(b"HS1c" + ticket_id + i.to_bytes(2, "big") + c_i).digest()[:LINK_BYTES]


def link_at(ticket_id: bytes, c_n: bytes, n: int, i: int) -> bytes:
    """The link `c_i` of the chain whose top is `c_n`."""
    link = c_n
    for step in range(n, i, -1):
        link = next_link(ticket_id, step, link)
    return link


def anchor_of(ticket_id: bytes, c_n: bytes, n: int) -> bytes:
    """The bottom `c_0` of the chain, which the server signs."""
    return link_at(ticket_id, c_n, n, 0)


def leads_to_anchor(ticket_id: bytes, i: int, c_i: bytes, anchor: bytes) -> bool:
    """Whether `c_i` belongs to the anchor's chain. Step 0 never does: the anchor itself is public."""
    return i >= 1 and anchor_of(ticket_id, c_i, i) == anchor
