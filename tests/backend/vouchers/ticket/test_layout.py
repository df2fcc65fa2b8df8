from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.vouchers.ticket.layout import (
    Algorithm,
    Flags,
    TicketBody,
)
from backend.vouchers.ticket.malformed import MalformedTicket

from .example import BODY, START

BODIES = st.builds(
    TicketBody,
    key_id=st.integers(0, 255),
    ticket_id=st.binary(min_size=12, max_size=12),
    offer=st.integers(0, 2**32 - 1),
    not_before=st.integers(0, 2**32 - 1),
    life_minutes=st.integers(1, 1440),
    flags=st.sampled_from([Flags(bits) for bits in range(8)]),
    anchor=st.binary(min_size=16, max_size=16),
    algorithm=st.sampled_from(Algorithm),
)


@given(BODIES)
def test_every_body_is_read_back_from_its_own_42_bytes(body):
    raw = body.pack()
    assert len(raw) == 42
    assert TicketBody.unpack(raw) == body


@pytest.mark.parametrize(
    ("broken", "reason"),
    [
        ({"ticket_id": b"short"}, "wrong_length"),
        ({"anchor": bytes(17)}, "wrong_length"),
        ({"life_minutes": 0}, "life_out_of_range"),
        ({"life_minutes": 1441}, "life_out_of_range"),
        ({"step_seconds": 29}, "wrong_step_length"),
    ],
)
def test_the_city_cannot_make_a_body_the_format_does_not_allow(broken, reason):
    with pytest.raises(MalformedTicket) as refusal:
        replace(BODY, **broken)
    assert refusal.value.reason == reason


@pytest.mark.parametrize("length", [0, 41, 43])
def test_a_body_has_exactly_its_length(length):
    with pytest.raises(MalformedTicket, match="wrong_length"):
        TicketBody.unpack((BODY.pack() + b"\0")[:length])


def test_a_life_of_four_hours_has_480_steps_and_ends_four_hours_later():
    assert BODY.steps == 480
    assert BODY.expires_at == START + timedelta(hours=4)


@pytest.mark.parametrize(
    ("after", "step"),
    [
        (timedelta(microseconds=-1), 0),
        (timedelta(0), 1),
        (timedelta(seconds=29, microseconds=999_999), 1),
        (timedelta(seconds=30), 2),
        (timedelta(hours=4, microseconds=-1), 480),
        (timedelta(hours=4), 481),
    ],
)
def test_steps_change_exactly_every_thirty_seconds(after, step):
    assert BODY.step_at(START + after) == step
