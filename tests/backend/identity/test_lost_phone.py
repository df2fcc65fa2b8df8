"""A lost phone shows nothing any more, and tills hear of it."""

import secrets
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import TypeVar
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from backend.core.actor import Actor, ActorKind
from backend.core.clock import ShiftedClock
from backend.identity.signing_out import sign_out_everywhere
from backend.main import Parts
from backend.vouchers.models import Ticket
from backend.vouchers.ticket.base64url import to_base64url
from tests.backend.identity.conftest import count_connections
from tests.factories.answers import refusal
from tests.factories.catalogue import new_incentive, new_shop
from tests.factories.journey import Visitor
from tests.factories.trail import audit_actions, count_rows

NewVisitor = Callable[[], Visitor]
T = TypeVar("T")
LONGEST_WAIT_S = 5


@pytest.fixture
def owner(visitor: NewVisitor, db: Session) -> Visitor:
    owner = visitor()
    owner.become_scored(db)
    return owner


@pytest.fixture
def clerk(visitor: NewVisitor, db: Session) -> Visitor:
    clerk = visitor()
    clerk.become_clerk(db, new_shop(db))
    return clerk


def id_of(resident: Visitor) -> UUID:
    return UUID(resident.tokens["resident"]["id"])


def lost(owner: Visitor) -> Visitor:
    """A second phone of the same person."""
    phone = Visitor(owner.client, owner.simulator, owner.user)
    phone.sign_in()
    return phone


def test_signing_out_everywhere_ends_every_session_and_every_ticket(
    owner: Visitor, clerk: Visitor, db: Session
) -> None:
    phone, incentive = lost(owner), new_incentive(db)
    voucher = owner.claim(incentive.id).json["id"]
    shown = phone.draw_ticket(voucher_id=voucher)
    assert owner.delete("/resident/sessions").status_code == 204
    for device in (owner, phone):
        refusal(device.get("/resident/identity"), 401, "session.ended")
        token = device.tokens["refresh_token"]
        refusal(device.post("/resident/session/refresh", {"refresh_token": token}), 401, "session.ended")
    listed = clerk.get("/merchant/revoked-tickets").json["ticket_ids"]
    assert to_base64url(shown.phone.ticket_id) in listed
    owner.sign_in()
    assert owner.get(f"/resident/vouchers/{voucher}").json["state"] == "issued", "the voucher itself stays"
    assert owner.get("/resident/notices").json["items"][0]["kind"] == "signed_out_everywhere"
    actions = audit_actions(db, "resident", id_of(owner))
    assert actions[-2:] == ["resident.signed_out_everywhere", "tickets.revoked"]


def test_signing_out_on_one_device_ends_the_tickets_and_leaves_the_others_signed_in(
    owner: Visitor, clerk: Visitor, db: Session
) -> None:
    phone, incentive = lost(owner), new_incentive(db)
    voucher = owner.claim(incentive.id).json["id"]
    shown = phone.draw_ticket(voucher_id=voucher)
    assert phone.delete("/resident/session").status_code == 204
    assert owner.get("/resident/identity").status_code == 200
    assert to_base64url(shown.phone.ticket_id) in clerk.get("/merchant/revoked-tickets").json["ticket_ids"]
    fresh = owner.draw_ticket(voucher_id=voucher)
    assert (
        to_base64url(fresh.phone.ticket_id) not in clerk.get("/merchant/revoked-tickets").json["ticket_ids"]
    )


def test_a_revoked_ticket_is_not_taken(owner: Visitor, visitor: NewVisitor, db: Session) -> None:
    shop, clerk = new_shop(db), visitor()
    clerk.become_clerk(db, shop)
    code = owner.show(voucher_id=owner.claim(new_incentive(db, shops=[shop]).id).json["id"])
    assert clerk.post("/merchant/validations", {"code": code}).json["entitled"] is True
    owner.delete("/resident/sessions")
    assert clerk.post("/merchant/validations", {"code": code}).json["entitled"] is False
    refusal(clerk.redeem(code), 422, "voucher.not_valid")


def test_the_deny_list_is_read_again_only_when_it_changed_and_drops_what_is_over(
    owner: Visitor, clerk: Visitor, db: Session, clock: ShiftedClock
) -> None:
    shown = owner.draw_ticket(voucher_id=owner.claim(new_incentive(db).id).json["id"])
    first = clerk.get("/merchant/revoked-tickets")
    same = {"headers": {"If-None-Match": first.headers["ETag"]}}
    assert clerk.call("GET", "/merchant/revoked-tickets", **same).status_code == 304
    owner.delete("/resident/session")
    changed = clerk.call("GET", "/merchant/revoked-tickets", **same)
    ticket_id = to_base64url(shown.phone.ticket_id)
    assert ticket_id in changed.json["ticket_ids"]
    assert ticket_id not in first.json["ticket_ids"]
    assert set(changed.json) == {"ticket_ids"}, "nothing about whose they are"
    clock.ahead = timedelta(hours=5)
    clerk.sign_in_as_clerk()
    assert ticket_id not in clerk.get("/merchant/revoked-tickets").json["ticket_ids"]


def test_a_ticket_signed_in_the_moment_of_the_sign_out_is_revoked_or_refused(
    owner: Visitor, db: Session, parts: Parts
) -> None:
    """Both orders: the sign-out waits for the signing under way, and the signing for the sign-out."""
    voucher = owner.claim(new_incentive(db).id).json["id"]
    draft = {
        "ticket_id": to_base64url(secrets.token_bytes(12)),
        "anchor": to_base64url(secrets.token_bytes(16)),
    }
    body = {"voucher_id": voucher, "tickets": [draft]}
    sign_out_everywhere(
        db, resident_id=id_of(owner), actor=Actor(ActorKind.RESIDENT, id_of(owner)), now=parts.clock.now()
    )
    db.flush()
    answer = while_waiting(db, parts, lambda: owner.post("/resident/tickets", body))
    refusal(answer, 401, "session.ended")
    assert count_rows(db, Ticket, resident_id=id_of(owner)) == 0

    owner.sign_in()
    db.execute(
        text("SELECT FROM sessions WHERE resident_id = :id AND ended_at IS NULL FOR SHARE"),
        {"id": id_of(owner)},
    )
    ticket = new_ticket(db, id_of(owner), UUID(voucher), parts)
    answer = while_waiting(db, parts, lambda: owner.delete("/resident/sessions"))
    assert answer.status_code == 204
    db.refresh(ticket)
    assert ticket.revoked_at is not None


def test_control_without_the_hold_a_ticket_outlives_the_sign_out(
    owner: Visitor, db: Session, parts: Parts
) -> None:
    voucher = owner.claim(new_incentive(db).id).json["id"]
    ticket = new_ticket(db, id_of(owner), UUID(voucher), parts)
    assert owner.delete("/resident/sessions").status_code == 204, "nothing made it wait"
    db.commit()
    db.refresh(ticket)
    assert ticket.revoked_at is None


def new_ticket(db: Session, resident_id: UUID, voucher_id: UUID, parts: Parts) -> Ticket:
    """A ticket that is being signed: added, and not committed."""
    now = parts.clock.now()
    incentive_id = db.scalar(text("SELECT incentive_id FROM vouchers WHERE id = :id"), {"id": voucher_id})
    ticket = Ticket(
        ticket_id=secrets.token_bytes(12),
        resident_id=resident_id,
        incentive_id=incentive_id,
        voucher_id=voucher_id,
        anchor=secrets.token_bytes(16),
        not_before=now,
        expires_at=now + timedelta(hours=4),
    )
    db.add(ticket)
    db.flush()
    return ticket


def while_waiting(db: Session, parts: Parts, act: Callable[[], T]) -> T:
    """Do something that has to wait for what `db` has under way, and commit that once it waits."""
    waiting = text(
        "SELECT count(*) FROM pg_stat_activity"
        " WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )
    with ThreadPoolExecutor(1) as pool:
        result = pool.submit(act)
        end = time.monotonic() + LONGEST_WAIT_S
        while count_connections(parts, waiting) == 0:
            assert time.monotonic() < end, "nothing waited"
            time.sleep(0.01)
        db.commit()
        return result.result(LONGEST_WAIT_S)
