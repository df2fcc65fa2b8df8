from datetime import timedelta

import pytest
import segno

from backend.vouchers.ticket import chain, signing, text
from backend.vouchers.ticket.layout import TicketBody

from .example import BODY, CITY_KEY, PHONE, SIGNED, START, VECTORS, Till

EVERY_STEP = pytest.mark.parametrize(
    ("i", "expected"), [(int(i), step) for i, step in VECTORS["steps"].items()]
)


def test_the_body_is_packed_as_published():
    assert BODY.pack().hex() == VECTORS["body"]


def test_the_body_is_read_as_published():
    assert TicketBody.unpack(bytes.fromhex(VECTORS["body"])) == BODY


def test_the_city_signs_as_published():
    assert CITY_KEY.public_key().public_bytes_raw().hex() == VECTORS["public_key"]
    assert SIGNED.hex() == VECTORS["body"] + VECTORS["signature"]
    assert signing.verify(SIGNED, bytes.fromhex(VECTORS["public_key"]))


def test_the_phones_chain_ends_at_the_published_anchor():
    assert PHONE.anchor.hex() == VECTORS["anchor_c0"]


@EVERY_STEP
def test_the_phone_shows_the_published_text_from_the_first_to_the_last_second_of_a_step(i, expected):
    for second in (30 * (i - 1), 30 * i - 1):
        assert PHONE.show(SIGNED, START + timedelta(seconds=second)) == expected["text"]


@EVERY_STEP
def test_every_published_text_reads_back_as_what_was_put_in(i, expected):
    presented = text.decode(expected["text"])
    assert presented.body == BODY
    assert presented.signed == SIGNED
    assert (presented.i, presented.c_i.hex()) == (i, expected["c"])
    assert text.encode(presented.signed, presented.i, presented.c_i) == expected["text"]


@EVERY_STEP
def test_every_published_text_is_good_in_its_step(i, expected):
    assert Till().scan_at(START + timedelta(seconds=30 * i - 1), expected["text"]) == "valid"


def test_the_next_link_of_a_published_link_is_the_published_one_below():
    links = {int(i): bytes.fromhex(step["c"]) for i, step in VECTORS["steps"].items()}
    assert chain.next_link(PHONE.ticket_id, 3, links[3]) == links[2]
    assert chain.next_link(PHONE.ticket_id, 2, links[2]) == links[1]
    assert chain.next_link(PHONE.ticket_id, 1, links[1]).hex() == VECTORS["anchor_c0"]


@pytest.mark.parametrize(("level", "designator"), [("m", "8-M"), ("q", "10-Q")])
@EVERY_STEP
def test_the_code_is_an_alphanumeric_qr_of_the_documented_size(i, expected, level, designator):
    code = segno.make(expected["text"], error=level, boost_error=False, micro=False)
    assert (code.mode, code.designator) == ("alphanumeric", designator)
