"""The audit trail names what was done by whom to what, and no person; the access log tells who looked."""

import json
from collections.abc import Callable
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.audit.models import AccessLogEntry, AuditEvent
from backend.partners.models import Shop
from tests.factories.catalogue import new_incentive, new_shop
from tests.factories.journey import Visitor
from tests.factories.people import new_person

NewVisitor = Callable[[], Visitor]


@pytest.fixture
def shop(db: Session) -> Shop:
    return new_shop(db, name="东方山茶社")


@pytest.fixture
def clerk(visitor: NewVisitor, db: Session, shop: Shop) -> Visitor:
    clerk = visitor()
    clerk.become_clerk(db, shop)
    return clerk


def test_a_journey_is_recorded_step_by_step(
    visitor: NewVisitor, clerk: Visitor, shop: Shop, db: Session
) -> None:
    resident, person = visitor(), new_person(name="欧阳晓燕")
    before = db.scalar(select(AuditEvent.id).order_by(AuditEvent.id.desc()).limit(1)) or 0
    db.rollback()
    resident.become_scored(db, person)
    incentive = new_incentive(db, shops=[shop], limit_times=2)
    voucher = resident.claim(incentive.id).json["id"]
    redemption = clerk.redeem(resident.show(voucher_id=voucher)).json["id"]
    clerk.post(f"/merchant/redemptions/{redemption}/reversal", {"reason": "扫错了"})
    resident.delete(f"/resident/vouchers/{voucher}")
    resident.delete("/resident/session")

    events = db.scalars(select(AuditEvent).where(AuditEvent.id > before).order_by(AuditEvent.id)).all()
    me, till = resident.tokens["resident"]["id"], clerk.tokens["clerk"]["id"]
    told = [(event.action, event.actor_kind, str(event.actor_id or "")) for event in events]
    assert told == [
        ("resident.joined", "resident", me),
        ("session.opened", "resident", me),
        ("identity.bound", "resident", me),
        ("consent.given", "resident", me),
        ("score.computed", "system", ""),
        ("voucher.issued", "resident", me),
        ("ticket.signed", "resident", me),
        ("voucher.redeemed", "clerk", till),
        ("redemption.reversed", "clerk", till),
        ("voucher.cancelled", "resident", me),
        ("session.ended", "resident", me),
        ("tickets.revoked", "resident", me),
    ]
    assert all(event.request_id for event in events)
    everything = json.dumps([[event.subject_id, event.data] for event in events], ensure_ascii=False)
    openid = resident.simulator.person(resident.user)["openid"]
    for personal in (person.name, person.id_number, "欧**燕", openid, str(resident.get("/x").data)):
        assert personal not in everything


def test_a_refusal_leaves_no_event(visitor: NewVisitor, clerk: Visitor, db: Session) -> None:
    resident = visitor()
    resident.become_scored(db)
    incentive = new_incentive(db, needed_milli=99_999)

    def newest() -> int:
        db.rollback()
        return db.scalar(select(AuditEvent.id).order_by(AuditEvent.id.desc()).limit(1)) or 0

    before = newest()
    assert resident.claim(incentive.id).status_code == 403
    assert clerk.redeem("HS1:NOTHING").status_code == 422
    assert resident.bind(new_person()).status_code == 409
    assert newest() == before


def test_the_resident_reads_who_looked_when_and_why(
    visitor: NewVisitor, clerk: Visitor, shop: Shop, db: Session
) -> None:
    resident, neighbour = visitor(), visitor()
    for person in (resident, neighbour):
        person.become_scored(db)
    assert resident.get("/resident/access-log").json == {"items": [], "next_cursor": None}
    voucher = resident.claim(new_incentive(db, shops=[shop], title="喝茶八折").id).json["id"]
    code = resident.show(voucher_id=voucher)
    clerk.post("/merchant/validations", {"code": code})
    clerk.redeem(code)
    clerk.post("/merchant/validations", {"code": code})

    items = resident.get("/resident/access-log").json["items"]
    assert [(item["purpose"], item["shown"]) for item in items] == [
        ("核验能否享受“喝茶八折”", "不可享受"),
        ("使用“喝茶八折”", "可享受"),
        ("核验能否享受“喝茶八折”", "可享受"),
    ]
    assert {item["looked_by"] for item in items} == {"东方山茶社"}
    assert all(item["occurred_at"] for item in items)
    assert neighbour.get("/resident/access-log").json["items"] == []


def test_the_log_of_looks_names_no_clerk_to_the_resident(
    visitor: NewVisitor, clerk: Visitor, shop: Shop, db: Session
) -> None:
    resident = visitor()
    resident.become_scored(db)
    voucher = resident.claim(new_incentive(db, shops=[shop]).id).json["id"]
    clerk.redeem(resident.show(voucher_id=voucher))
    answer = resident.get("/resident/access-log")
    assert set(answer.json["items"][0]) == {"occurred_at", "looked_by", "purpose", "shown"}
    assert clerk.tokens["clerk"]["id"] not in answer.text
    kept = select(AccessLogEntry).where(AccessLogEntry.resident_id == UUID(resident.tokens["resident"]["id"]))
    assert str(db.scalars(kept).one().actor_id) == clerk.tokens["clerk"]["id"], "but it is kept"


def test_looking_for_a_code_that_is_nobodys_writes_no_log(clerk: Visitor, db: Session) -> None:
    def count() -> int:
        db.rollback()
        return len(db.scalars(select(AccessLogEntry.id)).all())

    before = count()
    assert clerk.post("/merchant/validations", {"code": "HS1:NOTHING"}).json["entitled"] is False
    assert count() == before
