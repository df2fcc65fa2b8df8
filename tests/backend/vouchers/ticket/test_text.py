import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.vouchers.ticket import text
from backend.vouchers.ticket.malformed import Malformation, MalformedTicket
from backend.vouchers.ticket.text import PresentedTicket

from .example import BODY, SIGNED, TEXT_OF_STEP_10, with_bytes

GOOD = TEXT_OF_STEP_10
MALFORMED = [
    ("nothing", "", "wrong_length"),
    ("a text cut short", GOOD[:-1], "wrong_length"),
    ("a trailing digit", GOOD + "0", "wrong_length"),
    ("a trailing byte", GOOD + "00", "wrong_length"),
    ("a trailing line break", GOOD + "\n", "wrong_length"),
    ("another format", "HC1:" + GOOD[4:], "wrong_prefix"),
    ("a later format", "HS2:" + GOOD[4:], "wrong_prefix"),
    ("a small-letter prefix", "hs1:" + GOOD[4:], "wrong_prefix"),
    ("small letters", "HS1:" + GOOD[4:].lower(), "wrong_alphabet"),
    ("a line break in place of the last digit", GOOD[:-1] + "\n", "wrong_alphabet"),
    ("a line break the library would pass over", GOOD[:-3] + "00\n", "wrong_alphabet"),
    ("a full-width digit", GOOD[:-1] + "１", "wrong_alphabet"),
    ("half of a surrogate pair", GOOD[:-1] + "\ud800", "wrong_alphabet"),
    ("three digits worth more than two bytes", GOOD[:-3] + ":::", "not_canonical"),
    ("three digits worth 65536, one more than two bytes", GOOD[:-3] + "GGW", "not_canonical"),
    ("version 0", with_bytes(0, b"\x01"), "unknown_version"),
    ("version 2", with_bytes(0, b"\x21"), "unknown_version"),
    ("algorithm 0", with_bytes(0, b"\x10"), "unknown_algorithm"),
    ("algorithm 4", with_bytes(0, b"\x14"), "unknown_algorithm"),
    ("a life of no minutes", with_bytes(22, b"\x00\x00"), "life_out_of_range"),
    ("a life of a day and a minute", with_bytes(22, (1441).to_bytes(2, "big")), "life_out_of_range"),
    ("flag 8", with_bytes(24, b"\x08"), "unknown_flag"),
    ("flag 128 beside a known one", with_bytes(24, b"\x81"), "unknown_flag"),
    ("steps of no seconds", with_bytes(25, b"\x00"), "wrong_step_length"),
    ("steps of 31 seconds", with_bytes(25, b"\x1f"), "wrong_step_length"),
    ("step 0", with_bytes(106, b"\x00\x00"), "step_out_of_range"),
    ("step 0 with the anchor as its link", with_bytes(106, b"\x00\x00" + BODY.anchor), "step_out_of_range"),
    ("a step after the last", with_bytes(106, (481).to_bytes(2, "big")), "step_out_of_range"),
]


@pytest.mark.parametrize(("shown", "reason"), [pytest.param(*row[1:], id=row[0]) for row in MALFORMED])
def test_what_is_no_ticket_is_refused_for_the_rule_it_breaks(shown, reason):
    with pytest.raises(MalformedTicket) as refusal:
        text.decode(shown)
    assert refusal.value.reason == reason


def test_every_rule_of_the_form_has_a_case_above():
    assert {reason for _, _, reason in MALFORMED} == set(Malformation)


@pytest.mark.parametrize("shown", [with_bytes(22, b"\x00\x06"), with_bytes(22, (1440).to_bytes(2, "big"))])
def test_the_shortest_life_that_holds_the_step_and_the_longest_are_well_formed(shown):
    assert text.decode(shown).i == 10


@given(st.text())
def test_a_code_from_anywhere_else_is_refused_without_a_crash(shown):
    with pytest.raises(MalformedTicket):
        text.decode(shown)


@given(st.binary(min_size=124, max_size=124))
def test_random_bytes_of_the_right_length_are_refused_or_read_to_the_letter(raw):
    shown = text.encode(raw[:106], int.from_bytes(raw[106:108], "big"), raw[108:])
    try:
        presented = text.decode(shown)
    except MalformedTicket:
        return
    assert text.encode(presented.signed, presented.i, presented.c_i) == shown


@pytest.mark.parametrize("i", [-1, 0, 481])
def test_no_ticket_can_be_presented_outside_its_steps(i):
    with pytest.raises(MalformedTicket, match="step_out_of_range"):
        PresentedTicket(SIGNED, BODY, i, BODY.anchor)
