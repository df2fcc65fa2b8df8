"""Withdrawing: one tap, what ends is shown before, and it ends at once. Everything else goes on."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.consents.models import SCORING
from backend.incentives.models import Form, Incentive, QuotaCount
from backend.notices.models import Notice
from backend.partners.models import Shop
from backend.scoring.models import CreditRecord, Score, ScoreMonth
from tests.backend.consents.test_consents import consent, consent_audit, decide, id_of, ledger
from tests.factories.answers import refusal
from tests.factories.catalogue import new_incentive, new_shop
from tests.factories.journey import Visitor
from tests.factories.people import new_person
from tests.factories.records import hold_record
from tests.factories.trail import audit_actions, count_rows

NewVisitor = Callable[[], Visitor]
EFFECTS = f"/resident/consents/{SCORING}/effects"
WITHDRAW = f"/resident/consents/{SCORING}"


@pytest.fixture
def shop(db: Session) -> Shop:
    return new_shop(db)


@pytest.fixture
def clerk(visitor: NewVisitor, db: Session, shop: Shop) -> Visitor:
    clerk = visitor()
    clerk.become_clerk(db, shop)
    return clerk


@pytest.fixture
def resident(visitor: NewVisitor, db: Session) -> Visitor:
    resident = visitor()
    resident.become_scored(db)
    return resident


def taken(db: Session, incentive: Incentive) -> int:
    db.expire_all()
    return db.get_one(QuotaCount, (incentive.id, "total", "")).taken


def effects(resident: Visitor) -> dict[str, int]:
    answer = resident.get(EFFECTS)
    assert answer.status_code == 200
    assert answer.json["purpose"] == SCORING
    assert all(item["text"] for item in answer.json["items"])
    return {item["code"]: item["count"] for item in answer.json["items"]}


def test_what_would_end_is_shown_and_nothing_ends_by_looking(resident: Visitor, db: Session) -> None:
    incentive = new_incentive(db, limit_times=5)
    for _ in range(2):
        resident.claim(incentive.id)
    for _ in range(2):
        assert effects(resident) == {
            "score_deleted": 1,
            "history_deleted": 1,
            "vouchers_cancelled": 2,
            "entitlements_end": 1,
        }
    assert resident.get("/resident/score").status_code == 200
    assert consent_audit(db, resident) == ["consent.given"]


def test_what_was_shown_is_what_ends(resident: Visitor, db: Session) -> None:
    shown = effects(resident)
    assert "vouchers_cancelled" not in shown, "there is none"
    assert resident.delete(WITHDRAW).status_code == 204
    assert effects(resident) == {"entitlements_end": 1}
    assert consent(resident, SCORING)["withdrawn_at"]
    assert consent(resident, SCORING)["given_at"] is None


def test_score_and_history_are_deleted_and_records_stay_with_their_sources(
    visitor: NewVisitor, db: Session
) -> None:
    resident, person = visitor(), new_person()
    hold_record(db, person.id_number, "volunteer-hours", occurred_on=date(2026, 1, 10), quantity=3)
    resident.become_scored(db, person)
    mine = {"resident_id": id_of(resident)}
    assert [count_rows(db, table, **mine) for table in (Score, ScoreMonth, CreditRecord)] == [1, 1, 1]

    resident.delete(WITHDRAW)
    assert [count_rows(db, table, **mine) for table in (Score, ScoreMonth, CreditRecord)] == [0, 0, 1]
    refusal(resident.get("/resident/score"), 409, "score.not_authorised")
    assert resident.get("/resident/score/history").json["items"] == []
    refusal(resident.post("/resident/score/what-if", {}), 409, "score.not_authorised")
    actions = audit_actions(db, "resident", id_of(resident))
    assert actions[-2:] == ["consent.withdrawn", "score.deleted"]


def test_open_vouchers_end_and_their_places_are_open_to_others(
    resident: Visitor, visitor: NewVisitor, db: Session
) -> None:
    incentive, other = new_incentive(db, quota=1), visitor()
    other.become_scored(db)
    voucher = resident.claim(incentive.id).json["id"]
    refusal(other.claim(incentive.id), 409, "voucher.sold_out")

    resident.delete(WITHDRAW)
    assert resident.get(f"/resident/vouchers/{voucher}").json["state"] == "cancelled"
    assert taken(db, incentive) == 0
    assert audit_actions(db, "voucher", voucher) == ["voucher.issued", "voucher.cancelled"]
    assert other.claim(incentive.id).status_code == 201


def test_what_was_enjoyed_before_stays_enjoyed(
    resident: Visitor, clerk: Visitor, shop: Shop, db: Session
) -> None:
    incentive = new_incentive(db, shops=[shop], quota=5)
    voucher = resident.claim(incentive.id).json["id"]
    assert clerk.redeem(resident.show(voucher_id=voucher)).status_code == 201
    resident.delete(WITHDRAW)
    assert resident.get(f"/resident/vouchers/{voucher}").json["state"] == "redeemed"
    assert taken(db, incentive) == 1
    assert [item["state"] for item in clerk.get("/merchant/redemptions").json["items"]] == ["accepted"]


def test_a_voucher_partly_used_ends_and_keeps_its_place(
    resident: Visitor, clerk: Visitor, shop: Shop, db: Session
) -> None:
    incentive = new_incentive(db, shops=[shop], uses=3, quota=5)
    voucher = resident.claim(incentive.id).json["id"]
    assert clerk.redeem(resident.show(voucher_id=voucher)).status_code == 201
    resident.delete(WITHDRAW)
    held = resident.get(f"/resident/vouchers/{voucher}").json
    assert (held["state"], held["uses_left"]) == ("cancelled", 2)
    assert taken(db, incentive) == 1


@pytest.mark.parametrize("form", list(Form))
def test_a_code_drawn_before_is_dead_at_the_till(
    resident: Visitor, clerk: Visitor, shop: Shop, db: Session, form: Form
) -> None:
    incentive = new_incentive(db, shops=[shop], form=form)
    what: dict[str, Any] = {"incentive_id": incentive.id}
    if form is Form.VOUCHER:
        what = {"voucher_id": resident.claim(incentive.id).json["id"]}
    ticket = resident.draw_ticket(**what)
    assert (
        clerk.post("/merchant/validations", {"code": ticket.at(datetime.now(UTC))}).json["entitled"] is True
    )

    resident.delete(WITHDRAW)
    code = ticket.at(datetime.now(UTC))
    verdict = clerk.post("/merchant/validations", {"code": code}).json
    assert (verdict["entitled"], verdict["reason"], verdict["offer"]) == (False, "voucher.not_valid", None)
    refusal(clerk.redeem(code), 422, "voucher.not_valid")


def test_agreeing_again_wakes_no_old_code(resident: Visitor, clerk: Visitor, shop: Shop, db: Session) -> None:
    incentive = new_incentive(db, shops=[shop], form=Form.STANDING)
    ticket = resident.draw_ticket(incentive_id=incentive.id)
    resident.delete(WITHDRAW)
    resident.consent()
    refusal(clerk.redeem(ticket.at(datetime.now(UTC))), 422, "voucher.not_valid")
    assert clerk.redeem(resident.show(incentive_id=incentive.id)).status_code == 201


def test_after_leaving_nothing_new_is_claimed_or_shown(resident: Visitor, db: Session) -> None:
    standing, voucher = new_incentive(db, form=Form.STANDING), new_incentive(db)
    resident.delete(WITHDRAW)
    missing = refusal(resident.claim(voucher.id), 403, "voucher.not_entitled")["data"]["missing"]
    assert missing["kind"] == "consent"
    draft = {"ticket_id": "A" * 16, "anchor": "A" * 21 + "Q"}
    body = {"incentive_id": str(standing.id), "tickets": [draft]}
    refusal(resident.post("/resident/tickets", body), 403, "voucher.not_entitled")


def test_everything_that_is_no_advantage_works_as_before(resident: Visitor, db: Session) -> None:
    incentive = new_incentive(db)
    resident.delete(WITHDRAW)
    open_to_all = [
        "/public/city",
        "/public/units",
        "/public/incentives",
        f"/public/incentives/{incentive.id}",
    ]
    mine = [
        "identity",
        "consents",
        "notices",
        "access-log",
        "vouchers",
        "incentives",
        f"incentives/{incentive.id}",
    ]
    for path in open_to_all + [f"/resident/{name}" for name in mine]:
        assert resident.get(path).status_code == 200, path


def test_withdrawing_is_told_in_the_inbox(resident: Visitor, db: Session) -> None:
    resident.delete(WITHDRAW)
    newest = resident.get("/resident/notices", limit=1).json["items"][0]
    assert newest["kind"] == "consent_withdrawn"
    assert "同意计算个人信用分" in newest["body"]


def test_what_was_not_given_cannot_be_withdrawn(resident: Visitor, db: Session) -> None:
    refusal(resident.delete("/resident/consents/reminders"), 409, "consent.not_given")
    resident.delete(WITHDRAW)
    refusal(resident.delete(WITHDRAW), 409, "consent.not_given")
    assert ledger(db, resident) == [("scoring", "given"), ("scoring", "withdrawn")]


def test_withdrawing_reminders_leaves_score_and_vouchers_alone(resident: Visitor, db: Session) -> None:
    voucher = resident.claim(new_incentive(db).id).json["id"]
    decide(resident, "reminders")
    assert resident.get("/resident/consents/reminders/effects").json["items"] == []
    assert resident.delete("/resident/consents/reminders").status_code == 204
    assert resident.get("/resident/score").status_code == 200
    assert resident.get(f"/resident/vouchers/{voucher}").json["state"] == "issued"


def test_one_may_come_back_and_has_a_score_again(resident: Visitor, db: Session) -> None:
    before = resident.get("/resident/score").json["score_milli"]
    resident.delete(WITHDRAW)
    resident.consent()
    assert resident.get("/resident/score").json["score_milli"] == before
    assert [decision for _purpose, decision in ledger(db, resident)] == ["given", "withdrawn", "given"]


def test_a_withdrawal_touches_nobody_else(resident: Visitor, visitor: NewVisitor, db: Session) -> None:
    neighbour, incentive = visitor(), new_incentive(db)
    neighbour.become_scored(db)
    voucher = neighbour.claim(incentive.id).json["id"]
    before = neighbour.get("/resident/score").json
    resident.delete(WITHDRAW)
    assert neighbour.get("/resident/score").json == before
    assert neighbour.get(f"/resident/vouchers/{voucher}").json["state"] == "issued"
    about_me = select(Notice.kind).where(Notice.resident_id == UUID(neighbour.tokens["resident"]["id"]))
    assert "consent_withdrawn" not in db.scalars(about_me).all()
