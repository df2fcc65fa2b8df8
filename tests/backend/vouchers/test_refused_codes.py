"""Whatever is wrong with a code, the till hears the same: it learns nothing about who or why."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy.orm import Session

from backend.core.clock import ShiftedClock
from backend.incentives.models import Form, Incentive, IncentiveState
from backend.main import Parts
from backend.partners.models import Shop
from backend.vouchers.models import Redemption
from backend.vouchers.ticket import signing
from backend.vouchers.ticket.layout import TicketBody
from backend.vouchers.ticket.phone import PhoneTicket
from tests.factories.answers import refusal
from tests.factories.catalogue import new_incentive, new_shop
from tests.factories.journey import ShownTicket, Visitor
from tests.factories.trail import count_rows

NewVisitor = Callable[[], Visitor]
PHOTO_AGE = timedelta(seconds=90)


@dataclass
class Counter:
    """A resident with a voucher in front of a till, and the ways the code can go wrong."""

    db: Session
    parts: Parts
    clock: ShiftedClock
    resident: Visitor
    clerk: Visitor
    visitor: NewVisitor
    incentive: Incentive
    voucher: Any
    ticket: ShownTicket

    def code(self) -> str:
        return self.ticket.at(self.clock.now())

    def signed_by(self, key: Ed25519PrivateKey, **changes: Any) -> str:
        """The code of a ticket the server never made, signed with some key."""
        phone = PhoneTicket.draw(secrets.token_bytes)
        body = TicketBody.unpack(self.ticket.signed[:42])
        body = replace(body, ticket_id=phone.ticket_id, anchor=phone.anchor, **changes)
        return phone.show(signing.sign(body, key), self.clock.now())


@pytest.fixture
def counter(
    db: Session,
    parts: Parts,
    clock: ShiftedClock,
    resident: Visitor,
    shop: Shop,
    clerk: Visitor,
    visitor: NewVisitor,
) -> Counter:
    incentive = new_incentive(db, shops=[shop])
    voucher = resident.claim(incentive.id).json
    ticket = resident.draw_ticket(voucher_id=voucher["id"])
    return Counter(db, parts, clock, resident, clerk, visitor, incentive, voucher, ticket)


def genuine(counter: Counter) -> str:
    return counter.code()


def a_photo_taken_90_seconds_ago(counter: Counter) -> str:
    photo = counter.code()
    counter.clock.ahead += PHOTO_AGE
    return photo


def forged(counter: Counter) -> str:
    return counter.signed_by(Ed25519PrivateKey.generate())


def signed_but_unknown(counter: Counter) -> str:
    return counter.signed_by(counter.parts.keys.ticket[-1].private_key)


def signed_with_a_key_that_is_not_there(counter: Counter) -> str:
    return counter.signed_by(counter.parts.keys.ticket[-1].private_key, key_id=255)


def changed_in_one_character(counter: Counter) -> str:
    code = counter.code()
    return code[:-1] + ("A" if code[-1] != "A" else "B")


def something_else(counter: Counter) -> str:
    return "https://example.com/pay?to=me"


def for_another_shop(counter: Counter) -> str:
    counter.clerk = counter.visitor()
    counter.clerk.become_clerk(counter.db, new_shop(counter.db))
    return counter.code()


def of_a_ticket_that_is_over(counter: Counter) -> str:
    body = TicketBody.unpack(counter.ticket.signed[:42])
    last = counter.ticket.at(body.expires_at - timedelta(seconds=1))
    counter.clock.ahead = timedelta(minutes=body.life_minutes, seconds=1)
    counter.clerk.sign_in_as_clerk()
    return last


def of_someone_who_withdrew(counter: Counter) -> str:
    assert counter.resident.delete("/resident/consents/scoring").status_code == 204
    return counter.code()


def of_someone_who_withdrew_and_agreed_again(counter: Counter) -> str:
    standing = new_incentive(counter.db, shops=[_shop_of(counter)], form=Form.STANDING)
    ticket = counter.resident.draw_ticket(incentive_id=standing.id)
    of_someone_who_withdrew(counter)
    assert counter.resident.consent().status_code == 200
    return ticket.at(counter.clock.now())


def of_a_voucher_given_back(counter: Counter) -> str:
    assert counter.resident.delete(f"/resident/vouchers/{counter.voucher['id']}").status_code == 204
    return counter.code()


def of_an_entitlement_that_was_paused(counter: Counter) -> str:
    standing = new_incentive(counter.db, shops=[_shop_of(counter)], form=Form.STANDING)
    ticket = counter.resident.draw_ticket(incentive_id=standing.id)
    standing.state = IncentiveState.PAUSED
    counter.db.commit()
    return ticket.at(counter.clock.now())


def of_someone_no_longer_entitled(counter: Counter) -> str:
    standing = new_incentive(counter.db, shops=[_shop_of(counter)], form=Form.STANDING)
    ticket = counter.resident.draw_ticket(incentive_id=standing.id)
    standing.needed_milli = 90_000
    counter.db.commit()
    return ticket.at(counter.clock.now())


WRONG = [
    a_photo_taken_90_seconds_ago,
    forged,
    signed_but_unknown,
    signed_with_a_key_that_is_not_there,
    changed_in_one_character,
    something_else,
    for_another_shop,
    of_a_ticket_that_is_over,
    of_someone_who_withdrew,
    of_someone_who_withdrew_and_agreed_again,
    of_a_voucher_given_back,
    of_an_entitlement_that_was_paused,
    of_someone_no_longer_entitled,
]
SAME_REFUSAL = {
    "type": "about:blank",
    "title": "Unprocessable Entity",
    "status": 422,
    "code": "voucher.not_valid",
    "detail": "此码无效或不能在本店使用，请让顾客刷新二维码。",
}
SAME_VERDICT = {
    "entitled": False,
    "reason": "voucher.not_valid",
    "offer": None,
    "valid_until": None,
    "tries_left": None,
}


def test_a_genuine_code_is_honoured(counter: Counter) -> None:
    code = genuine(counter)
    verdict = counter.clerk.post("/merchant/validations", {"code": code}).json
    assert (verdict["entitled"], verdict["offer"]["number"]) == (True, counter.incentive.number)
    assert counter.clerk.redeem(code).status_code == 201


@pytest.mark.parametrize("wrong", WRONG, ids=lambda wrong: wrong.__name__)
def test_every_wrong_code_gets_the_same_answer(counter: Counter, wrong: Callable[[Counter], str]) -> None:
    code = wrong(counter)
    verdict = counter.clerk.post("/merchant/validations", {"code": code})
    assert verdict.json == SAME_VERDICT
    answer = refusal(counter.clerk.redeem(code), 422, "voucher.not_valid")
    assert {name: value for name, value in answer.items() if name != "request_id"} == SAME_REFUSAL
    shop_id = counter.clerk.tokens["clerk"]["shop"]["id"]
    assert count_rows(counter.db, Redemption, shop_id=shop_id) == 0


@pytest.mark.parametrize("code", ["", " " * 301, "HS1:\n", 5, None])
def test_what_no_scanner_sends_is_refused_by_its_form(clerk: Visitor, code: Any) -> None:
    refusal(clerk.post("/merchant/redemptions", {"code": code, "scan_id": "s"}), 422, "request.invalid")


def _shop_of(counter: Counter) -> Shop:
    return counter.db.get_one(Shop, counter.clerk.tokens["clerk"]["shop"]["id"])
