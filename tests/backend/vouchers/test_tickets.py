"""Tickets: what the phone shows, signed by the city for one thing and a short time."""

import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from backend.core.clock import ShiftedClock
from backend.incentives.models import Form
from backend.partners.models import Shop
from backend.vouchers.models import Ticket
from backend.vouchers.ticket.base64url import from_base64url, to_base64url
from backend.vouchers.ticket.layout import Flags, TicketBody
from tests.factories.answers import refusal
from tests.factories.catalogue import new_incentive
from tests.factories.journey import Visitor
from tests.factories.moments import move_to
from tests.factories.trail import audit_actions, count_rows

NewVisitor = Callable[[], Visitor]


@pytest.fixture
def voucher(db: Session, shop: Shop, resident: Visitor) -> Any:
    return resident.claim(new_incentive(db, shops=[shop], voucher_days=1).id).json


def test_a_phone_gets_up_to_five_tickets_at_once(db: Session, resident: Visitor, voucher: Any) -> None:
    asked = [_draft() for _ in range(5)]
    answer = _sign(resident, *asked, voucher_id=voucher["id"])
    assert answer.status_code == 200
    assert [item["ticket_id"] for item in answer.json["items"]] == [draft["ticket_id"] for draft in asked]
    assert count_rows(db, Ticket, voucher_id=voucher["id"]) == 5
    assert audit_actions(db, "incentive", voucher["incentive_id"]) == ["ticket.signed"]


@pytest.mark.parametrize("count", [0, 6])
def test_it_gets_no_more_than_five_and_no_less_than_one(resident: Visitor, voucher: Any, count: int) -> None:
    answer = _sign(resident, *(_draft() for _ in range(count)), voucher_id=voucher["id"])
    assert "tickets" in refusal(answer, 422, "request.invalid")["errors"]


def test_a_ticket_names_its_offer_and_nobody(resident: Visitor, voucher: Any, clock: ShiftedClock) -> None:
    draft = _draft()
    body = _body(_sign(resident, draft, voucher_id=voucher["id"]))
    assert to_base64url(body.ticket_id) == draft["ticket_id"]
    assert to_base64url(body.anchor) == draft["anchor"]
    assert body.offer == voucher["offer"]["number"]
    assert body.life_minutes == 240
    assert abs(body.starts_at - clock.now()) < timedelta(seconds=10)


@pytest.mark.parametrize(
    ("fields", "flags"),
    [
        ({}, Flags(0)),
        ({"offline": True}, Flags.OFFLINE),
        ({"needs_match": True}, Flags.NEEDS_MATCH),
        ({"offline": True, "needs_match": True}, Flags.OFFLINE | Flags.NEEDS_MATCH),
    ],
)
def test_a_ticket_tells_the_till_what_the_offer_asks_for(
    db: Session, resident: Visitor, fields: dict[str, bool], flags: Flags
) -> None:
    claimed = resident.claim(new_incentive(db, **fields).id).json
    answer = _sign(resident, _draft(), voucher_id=claimed["id"])
    assert _body(answer).flags == flags
    assert (answer.json["items"][0]["match_number"] is not None) == ("needs_match" in fields)


def test_anyone_can_check_the_signature_with_the_published_keys(resident: Visitor, voucher: Any) -> None:
    item = _sign(resident, _draft(), voucher_id=voucher["id"]).json["items"][0]
    signed = from_base64url(item["signed"], length=106)
    published = resident.client.get("/.well-known/hs1-keys.json").json["keys"]
    keys = {key["key_id"]: key for key in published}
    key = keys[signed[1]]
    assert key["algorithm"] == "Ed25519"
    public = Ed25519PublicKey.from_public_bytes(from_base64url(key["public_key"], length=32))
    public.verify(signed[42:], b"HS1-ticket\0" + signed[:42])
    with pytest.raises(InvalidSignature):
        public.verify(signed[42:], b"HS1-ticket\0" + signed[:41] + b"\0")


def test_a_ticket_id_is_never_signed_twice(
    db: Session, resident: Visitor, new_resident: NewVisitor, voucher: Any
) -> None:
    draft, other = _draft(), new_resident()
    others_voucher = other.claim(new_incentive(db).id).json
    assert _sign(resident, draft, voucher_id=voucher["id"]).status_code == 200
    again = {**_draft(), "ticket_id": draft["ticket_id"]}
    refusal(_sign(resident, again, voucher_id=voucher["id"]), 409, "ticket.id_used")
    refusal(_sign(other, _draft(), again, voucher_id=others_voucher["id"]), 409, "ticket.id_used")
    assert count_rows(db, Ticket, voucher_id=others_voucher["id"]) == 0
    refusal(_sign(resident, again, again, voucher_id=voucher["id"]), 422, "request.invalid")


def test_a_ticket_is_for_a_voucher_or_for_an_entitlement_and_not_for_both(
    db: Session, resident: Visitor, voucher: Any
) -> None:
    standing = new_incentive(db, form=Form.STANDING)
    both = {"voucher_id": voucher["id"], "incentive_id": str(standing.id)}
    assert "voucher_id" in refusal(_sign(resident, _draft(), **both), 422, "request.invalid")["errors"]
    assert "voucher_id" in refusal(_sign(resident, _draft()), 422, "request.invalid")["errors"]
    assert _sign(resident, _draft(), incentive_id=str(standing.id)).status_code == 200


@pytest.mark.parametrize(
    "spoiled",
    [{"ticket_id": "AAAA"}, {"anchor": "AAAA"}, {"ticket_id": "*" * 16}, {"anchor": None}, {"c_n": "AAAA"}],
)
def test_a_draft_of_another_form_is_refused(resident: Visitor, voucher: Any, spoiled: dict[str, Any]) -> None:
    refusal(_sign(resident, _draft() | spoiled, voucher_id=voucher["id"]), 422, "request.invalid")


def test_another_persons_voucher_cannot_be_shown(new_resident: NewVisitor, voucher: Any) -> None:
    refusal(_sign(new_resident(), _draft(), voucher_id=voucher["id"]), 404, "not_found")


def test_what_is_not_open_or_not_used_this_way_cannot_be_shown(db: Session, resident: Visitor) -> None:
    far = new_incentive(db, form=Form.STANDING, needed_milli=90_000)
    missing = refusal(_sign(resident, _draft(), incentive_id=str(far.id)), 403, "voucher.not_entitled")
    assert missing["data"]["missing"]["points"] == "30.0"
    claimable = new_incentive(db)
    answer = _sign(resident, _draft(), incentive_id=str(claimable.id))
    refusal(answer, 409, "incentive.not_claimable")


def test_without_consent_nothing_can_be_shown(db: Session, resident: Visitor, voucher: Any) -> None:
    standing = str(new_incentive(db, form=Form.STANDING).id)
    assert _sign(resident, _draft(), incentive_id=standing).status_code == 200
    assert resident.delete("/resident/consents/scoring").status_code == 204
    missing = refusal(_sign(resident, _draft(), incentive_id=standing), 403, "voucher.not_entitled")
    assert missing["data"]["missing"]["kind"] == "consent"
    refusal(_sign(resident, _draft(), voucher_id=voucher["id"]), 409, "voucher.ended")


@pytest.mark.parametrize(
    ("before_the_end", "life_minutes"),
    [
        (timedelta(hours=5), 240),
        (timedelta(minutes=30, seconds=20), 30),
        (timedelta(seconds=90), 1),
        (timedelta(seconds=20), 1),
    ],
)
def test_a_ticket_lives_no_longer_than_what_it_is_for_and_is_good_until_then(
    clock: ShiftedClock,
    resident: Visitor,
    clerk: Visitor,
    voucher: Any,
    before_the_end: timedelta,
    life_minutes: int,
) -> None:
    move_to(clock, datetime.fromisoformat(voucher["expires_at"]) - before_the_end)
    resident.sign_in()
    clerk.sign_in_as_clerk()
    ticket = resident.draw_ticket(voucher_id=voucher["id"])
    assert TicketBody.unpack(ticket.signed[:42]).life_minutes == life_minutes
    assert clerk.redeem(ticket.at(clock.now())).status_code == 201


def _draft() -> dict[str, str]:
    return {
        "ticket_id": to_base64url(secrets.token_bytes(12)),
        "anchor": to_base64url(secrets.token_bytes(16)),
    }


def _sign(resident: Visitor, *drafts: dict[str, Any], **what: str) -> TestResponse:
    return resident.post("/resident/tickets", {**what, "tickets": list(drafts)})


def _body(answer: TestResponse) -> TicketBody:
    assert answer.status_code == 200, answer.text
    return TicketBody.unpack(from_base64url(answer.json["items"][0]["signed"], length=106)[:42])
