from dataclasses import replace
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from backend.vouchers.ticket import chain, signing, text
from backend.vouchers.ticket.judge import judge
from backend.vouchers.ticket.layout import Algorithm

from .example import (
    BODY,
    CITY_KEY,
    IN_STEP_10,
    PHONE,
    PUBLISHED_KEY,
    SIGNED,
    START,
    TEXT_OF_STEP_10,
    Till,
    bytes_of,
    with_bytes,
)

ED25519_GROUP_ORDER = 2**252 + 27742317777372353535851937790883648493
STEP = timedelta(seconds=30)
INSTANT = timedelta(microseconds=1)


def shown_in_step(i, signed=SIGNED):
    return text.encode(signed, i, chain.link_at(PHONE.ticket_id, PHONE.c_n, BODY.steps, i))


def test_a_ticket_shown_now_is_good():
    assert Till().scan(TEXT_OF_STEP_10) == "valid"


def test_a_ticket_is_as_good_the_second_time_because_only_the_server_knows_what_was_used():
    till = Till()
    assert [till.scan(TEXT_OF_STEP_10), till.scan(TEXT_OF_STEP_10)] == ["valid", "valid"]


def test_a_removed_key_ends_every_ticket_it_signed():
    assert Till(keys=[]).scan(TEXT_OF_STEP_10) == "unknown_key"


def test_a_ticket_naming_another_key_of_the_city_is_refused():
    newer = Ed25519PrivateKey.from_private_bytes(bytes(32)).public_key().public_bytes_raw()
    till = Till(keys=[PUBLISHED_KEY, replace(PUBLISHED_KEY, key_id=8, public_key=newer)])
    assert till.scan(with_bytes(1, b"\x08")) == "bad_signature"


@pytest.mark.parametrize(
    ("clock", "outcome"),
    [
        (PUBLISHED_KEY.valid_from - INSTANT, "key_not_in_force"),
        (PUBLISHED_KEY.valid_from, "not_yet"),
        (PUBLISHED_KEY.valid_until - INSTANT, "expired"),
        (PUBLISHED_KEY.valid_until, "key_not_in_force"),
    ],
)
def test_a_key_counts_from_its_first_moment_until_before_its_last(clock, outcome):
    assert Till().scan_at(clock, TEXT_OF_STEP_10) == outcome


@pytest.mark.parametrize(
    "forged",
    [
        pytest.param(with_bytes(2, b"\xff"), id="another ticket id"),
        pytest.param(with_bytes(14, b"\0\0\0\x01"), id="another offer"),
        pytest.param(with_bytes(18, b"\0\0\0\0"), id="an earlier start, long over if it were believed"),
        pytest.param(with_bytes(22, b"\x05\xa0"), id="a longer life"),
        pytest.param(with_bytes(24, b"\x00"), id="a flag removed"),
        pytest.param(with_bytes(26, b"\xff"), id="another anchor"),
        pytest.param(with_bytes(42, b"\xff"), id="another signature"),
        pytest.param(with_bytes(42, bytes(64)), id="no signature"),
    ],
)
def test_whatever_the_city_did_not_sign_is_refused_as_that(forged):
    assert Till().scan(forged) == "bad_signature"


def test_a_signature_over_the_bare_body_is_not_one_over_a_ticket():
    bare = BODY.pack() + CITY_KEY.sign(BODY.pack())
    assert Till().scan(shown_in_step(10, bare)) == "bad_signature"


def test_a_second_form_of_the_same_signature_is_refused():
    s = int.from_bytes(SIGNED[74:], "little")
    twin = (s + ED25519_GROUP_ORDER).to_bytes(32, "little")
    assert Till().scan(with_bytes(74, twin)) == "bad_signature"


@pytest.mark.parametrize("algorithm", [Algorithm.SM2_WITH_SM3, Algorithm.ES256])
def test_a_ticket_cannot_choose_how_its_signature_is_checked(algorithm):
    raw = replace(BODY, algorithm=algorithm).pack()
    signed = raw + CITY_KEY.sign(b"HS1-ticket\0" + raw)
    other_key = replace(PUBLISHED_KEY, algorithm=algorithm)
    assert Till().scan(shown_in_step(10, signed)) == "bad_signature"
    assert Till(keys=[other_key]).scan(shown_in_step(10, signed)) == "bad_signature"
    assert Till(keys=[other_key]).scan(TEXT_OF_STEP_10) == "bad_signature"


def test_the_city_does_not_sign_for_an_algorithm_it_does_not_use():
    with pytest.raises(ValueError, match="ES256"):
        signing.sign(replace(BODY, algorithm=Algorithm.ES256), CITY_KEY)


@pytest.mark.parametrize(
    ("clock", "i", "outcome"),
    [
        (START - INSTANT, 1, "not_yet"),
        (START, 1, "valid"),
        (START, 3, "valid"),
        (START, 4, "stale_step"),
        (BODY.expires_at - INSTANT, 477, "stale_step"),
        (BODY.expires_at - INSTANT, 478, "valid"),
        (BODY.expires_at - INSTANT, 480, "valid"),
        (BODY.expires_at, 480, "expired"),
    ],
)
def test_the_life_begins_and_ends_to_the_instant_by_the_tills_clock(clock, i, outcome):
    assert Till().scan_at(clock, shown_in_step(i)) == outcome


@pytest.mark.parametrize(
    ("steps_off", "outcome"),
    [(-3, "stale_step"), (-2, "valid"), (-1, "valid"), (1, "valid"), (2, "valid"), (3, "stale_step")],
)
def test_the_phones_clock_may_be_two_steps_off_either_way(steps_off, outcome):
    assert Till().scan_at(IN_STEP_10 - steps_off * STEP, TEXT_OF_STEP_10) == outcome


@pytest.mark.parametrize(
    "guessed",
    [
        pytest.param(with_bytes(108, b"\xff"), id="a guessed link"),
        pytest.param(with_bytes(106, b"\0\x09"), id="the link of a later step"),
        pytest.param(with_bytes(106, b"\0\x0b"), id="the link of an earlier step"),
        pytest.param(with_bytes(106, b"\0\x0b", shown_in_step(12)), id="a stranger's step"),
    ],
)
def test_a_link_that_does_not_lead_to_the_anchor_is_refused(guessed):
    assert Till().scan(guessed) == "broken_chain"


def test_the_link_of_another_ticket_does_not_help():
    other = replace(PHONE, ticket_id=bytes(12))
    link = chain.link_at(other.ticket_id, other.c_n, BODY.steps, 10)
    assert Till().scan(text.encode(SIGNED, 10, link)) == "broken_chain"


def test_the_public_anchor_alone_proves_nothing():
    assert not chain.leads_to_anchor(PHONE.ticket_id, 0, BODY.anchor, BODY.anchor)


def test_judging_needs_a_time_with_its_zone():
    presented = text.decode(TEXT_OF_STEP_10)
    with pytest.raises(TypeError):
        judge(presented, public_keys={7: PUBLISHED_KEY}, now=IN_STEP_10.replace(tzinfo=None))


def test_two_texts_of_one_ticket_differ_only_in_step_and_link():
    assert bytes_of(shown_in_step(10))[:106] == bytes_of(shown_in_step(11))[:106]
    assert bytes_of(shown_in_step(10))[106:] != bytes_of(shown_in_step(11))[106:]
