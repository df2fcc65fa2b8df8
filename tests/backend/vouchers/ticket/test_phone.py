import secrets
from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest

from backend.vouchers.ticket import signing
from backend.vouchers.ticket.phone import PhoneTicket

from .example import BODY, CITY_KEY, IN_STEP_10, PHONE, SIGNED, START, Till


def signed_for(phone):
    body = replace(BODY, ticket_id=phone.ticket_id, anchor=phone.anchor, life_minutes=phone.life_minutes)
    return signing.sign(body, CITY_KEY)


@pytest.mark.parametrize("life_minutes", [1, 240, 1440])
def test_a_ticket_drawn_by_a_phone_is_good_all_its_life(life_minutes):
    phone = PhoneTicket.draw(Random(7).randbytes, life_minutes=life_minutes)
    signed = signed_for(phone)
    life = timedelta(minutes=life_minutes)
    for moment in (START, START + life / 2, START + life - timedelta(seconds=1)):
        assert Till().scan_at(moment, phone.show(signed, moment)) == "valid"


def test_two_draws_share_nothing():
    first, second = (PhoneTicket.draw(secrets.token_bytes) for _ in range(2))
    assert first.ticket_id != second.ticket_id
    assert first.c_n != second.c_n
    assert first.anchor != second.anchor


@pytest.mark.parametrize("second_in_step", [0, 15, 29])
@pytest.mark.parametrize("step", [1, 10, 240, 477, 478, 480])
def test_a_photo_of_the_screen_is_refused_90_seconds_later(step, second_in_step):
    shown_at = START + timedelta(seconds=30 * (step - 1) + second_in_step)
    photo = PHONE.show(SIGNED, shown_at)
    assert Till().scan_at(shown_at, photo) == "valid"
    later = Till().scan_at(shown_at + timedelta(seconds=90), photo)
    assert later == ("stale_step" if step < 478 else "expired")


def test_meanwhile_the_phone_itself_is_still_good():
    later = IN_STEP_10 + timedelta(seconds=90)
    assert Till().scan_at(later, PHONE.show(SIGNED, later)) == "valid"


@pytest.mark.parametrize("moment", [START - timedelta(microseconds=1), BODY.expires_at])
def test_a_phone_shows_nothing_before_or_after_the_life(moment):
    with pytest.raises(ValueError, match="before or after"):
        PHONE.show(SIGNED, moment)


@pytest.mark.parametrize("change", [{"ticket_id": bytes(12)}, {"anchor": bytes(16)}, {"life_minutes": 241}])
def test_a_phone_does_not_show_a_ticket_it_did_not_draw(change):
    with pytest.raises(ValueError, match="not the one this phone drew"):
        PHONE.show(signing.sign(replace(BODY, **change), CITY_KEY), IN_STEP_10)


def test_the_secret_of_the_chain_is_not_printed():
    assert PHONE.c_n.hex() not in repr(PHONE)
    assert repr(PHONE.c_n) not in repr(PHONE)
