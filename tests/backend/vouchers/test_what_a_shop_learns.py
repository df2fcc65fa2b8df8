"""A shop learns "entitled or not" and nothing more; the resident learns that the shop looked."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from backend.audit.models import AuditEvent
from backend.core.clock import SystemClock, day_in_china
from backend.incentives.models import Form
from backend.partners.models import Shop
from scripts.wechat_simulator.persons import openid_of
from tests.factories.catalogue import new_incentive
from tests.factories.journey import Visitor
from tests.factories.people import NewPerson, new_person
from tests.factories.records import hold_record

NewVisitor = Callable[[], Visitor]


@dataclass
class Known:
    """A resident, and everything a shop must never hear about them."""

    resident: Visitor
    person: NewPerson
    score: Any

    @property
    def texts(self) -> set[str]:
        openid = openid_of(self.resident.simulator.appid, self.resident.user)
        resident = self.resident.tokens["resident"]
        level = self.score["level"]
        return {self.person.name, self.person.id_number, openid, resident["id"], level["name"], level["code"]}

    @property
    def values(self) -> set[Any]:
        return {self.score["score"], self.score["score_milli"]}


@pytest.fixture
def known(db: Session, visitor: NewVisitor) -> Known:
    """Somebody with a rare name and a score nobody else has."""
    resident, person = visitor(), new_person(name="龘靐齉")
    today = day_in_china(SystemClock().now())
    for days in (17, 101, 333):
        hold_record(db, person.id_number, "blood-donation", occurred_on=today - timedelta(days=days))
    resident.become_scored(db, person)
    resident.sign_in()
    assert resident.tokens["resident"]["masked_name"] == "龘*齉"
    score = resident.get("/resident/score").json
    assert score["score_milli"] % 100 != 0
    return Known(resident, person, score)


def test_nothing_a_till_is_ever_told_says_who_the_customer_is(
    db: Session, shop: Shop, clerk: Visitor, known: Known
) -> None:
    answers = list(_whole_day_at_the_till(db, shop, clerk, known.resident))
    assert {answer.status_code for answer in answers} >= {200, 201, 409, 422, 423}
    for answer in answers:
        told = answer.text + str(answer.headers)
        assert not [text for text in {*known.texts, "龘"} if text in told], answer.request.path
        assert not known.values.intersection(_values_in(answer.json)), answer.request.path


def test_control_the_resident_is_told_all_of_it(known: Known) -> None:
    """The texts looked for above are the ones the application writes."""
    page = known.resident.get("/resident/score")
    assert known.score["level"]["name"] in page.text
    assert known.values <= set(_values_in(page.json))


def test_the_resident_reads_who_looked_and_what_they_saw(
    db: Session, shop: Shop, clerk: Visitor, known: Known
) -> None:
    incentive = new_incentive(db, shops=[shop], title="划船八折", needed_milli=60_000)
    voucher = known.resident.claim(incentive.id).json
    code = known.resident.show(voucher_id=voucher["id"])
    for _ in range(2):
        clerk.post("/merchant/validations", {"code": code})
        clerk.redeem(code, scan_id="scan-1")
    looks = known.resident.get("/resident/access-log").json["items"]
    assert [(look["looked_by"], look["purpose"], look["shown"]) for look in looks] == [
        (shop.name, "核验能否享受“划船八折”", "不可享受"),
        (shop.name, "使用“划船八折”", "可享受"),
        (shop.name, "核验能否享受“划船八折”", "可享受"),
    ]
    notices = known.resident.get("/resident/notices").json["items"]
    used = [notice for notice in notices if notice["kind"] == "voucher_redeemed"]
    assert len(used) == 1, "a repeated scan tells nothing new"
    assert shop.name in used[0]["body"]
    assert "划船八折" in used[0]["body"]


def test_another_resident_reads_none_of_it(
    db: Session, shop: Shop, clerk: Visitor, known: Known, resident: Visitor
) -> None:
    incentive = new_incentive(db, shops=[shop])
    code = known.resident.show(voucher_id=known.resident.claim(incentive.id).json["id"])
    assert clerk.redeem(code).status_code == 201
    assert resident.get("/resident/access-log").json["items"] == []
    kinds = {notice["kind"] for notice in resident.get("/resident/notices").json["items"]}
    assert "voucher_redeemed" not in kinds


def test_the_audit_trail_of_the_till_names_nobody(
    db: Session, shop: Shop, clerk: Visitor, known: Known
) -> None:
    list(_whole_day_at_the_till(db, shop, clerk, known.resident))
    events = db.scalars(
        select(AuditEvent).where(AuditEvent.actor_id == clerk.tokens["clerk"]["id"]).order_by(AuditEvent.id)
    ).all()
    assert {event.action for event in events} >= {
        "clerk.joined",
        "session.opened",
        "code.checked",
        "ticket.match_failed",
        "voucher.redeemed",
        "entitlement.used",
        "redemption.reversed",
    }
    for event in events:
        written = f"{event.subject_id} {event.data}"
        assert not [text for text in known.texts if text in written], event.action


def _whole_day_at_the_till(
    db: Session, shop: Shop, clerk: Visitor, resident: Visitor
) -> Iterator[TestResponse]:
    """Everything a clerk can do with a customer, what is refused included; each answer."""
    needed = {"shops": [shop], "needed_milli": 60_000}
    plain, digits = new_incentive(db, **needed), new_incentive(db, **needed, needs_match=True)
    standing = new_incentive(db, **needed, form=Form.STANDING)
    yield clerk.sign_in_as_clerk()
    yield clerk.get("/merchant/session")
    voucher = resident.claim(plain.id).json
    for shown in (resident.show(voucher_id=voucher["id"]), resident.show(incentive_id=standing.id)):
        yield clerk.post("/merchant/validations", {"code": shown})
        redeemed = clerk.redeem(shown, scan_id=f"scan-{shown[-8:]}")
        yield redeemed
        yield clerk.redeem(shown, scan_id=f"scan-{shown[-8:]}")
        yield clerk.redeem(shown)
        yield clerk.post("/merchant/validations", {"code": shown})
    yield clerk.redeem(resident.show(incentive_id=standing.id))
    ticket = resident.draw_ticket(voucher_id=resident.claim(digits.id).json["id"])
    code = ticket.at(SystemClock().now())
    wrong = f"{(int(ticket.match_number or 0) + 1) % 100:02}"
    for match in (None, wrong, ticket.match_number):
        yield clerk.redeem(code, match=match)
    yield clerk.redeem("HS1:" + "0" * 186)
    yield clerk.get("/merchant/redemptions")
    yield clerk.get("/merchant/summary")
    undo = f"/merchant/redemptions/{redeemed.json['id']}/reversal"
    yield clerk.post(undo, {"reason": "扫错了"})
    yield clerk.post(undo, {"reason": "扫错了"})
    yield clerk.get("/merchant/redemptions")


def _values_in(document: Any) -> Iterator[Any]:
    """Every single value in a JSON document."""
    if isinstance(document, dict):
        document = list(document.values())
    if isinstance(document, list):
        for part in document:
            yield from _values_in(part)
    else:
        yield document
