"""When a voucher's time is over: it ends by itself, with a word before and a word after."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from backend.core.clock import ShiftedClock
from backend.incentives.models import QuotaCount, QuotaScope
from backend.partners.models import Shop
from backend.vouchers import jobs
from backend.vouchers.models import Voucher
from tests.factories.answers import refusal
from tests.factories.catalogue import new_incentive
from tests.factories.journey import Visitor
from tests.factories.moments import in_china, move_to
from tests.factories.trail import audit_actions

NewVisitor = Callable[[], Visitor]
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


def test_a_voucher_expires_when_its_time_is_over_and_not_a_minute_before(
    db: Session, clock: ShiftedClock, resident: Visitor
) -> None:
    incentive = new_incentive(db, title="划船八折", voucher_days=2)
    voucher = resident.claim(incentive.id).json
    ends_at = datetime.fromisoformat(voucher["expires_at"])

    move_to(clock, ends_at - MINUTE)
    jobs.expire_vouchers(timestamp=0)
    assert _state(db, voucher) == "issued"
    move_to(clock, ends_at)
    for _ in range(2):
        jobs.expire_vouchers(timestamp=0)
    assert _state(db, voucher) == "expired"

    assert audit_actions(db, "voucher", voucher["id"]) == ["voucher.issued", "voucher.expired"]
    resident.sign_in()
    notices = resident.get("/resident/notices").json["items"]
    assert [notice["kind"] for notice in notices].count("voucher_expired") == 1
    assert "划船八折" in notices[0]["body"]
    taken = db.get_one(QuotaCount, (incentive.id, QuotaScope.TOTAL, "")).taken
    assert taken == 1, "an expired voucher was given out all the same"


def test_what_was_used_or_given_back_does_not_expire(
    db: Session, clock: ShiftedClock, shop: Shop, clerk: Visitor, resident: Visitor
) -> None:
    incentive = new_incentive(db, shops=[shop], voucher_days=0, limit_times=2)
    used, returned = (resident.claim(incentive.id).json for _ in range(2))
    assert clerk.redeem(resident.show(voucher_id=used["id"])).status_code == 201
    assert resident.delete(f"/resident/vouchers/{returned['id']}").status_code == 204
    clock.ahead = 2 * DAY
    jobs.expire_vouchers(timestamp=0)
    assert [_state(db, used), _state(db, returned)] == ["redeemed", "cancelled"]


def test_more_vouchers_than_fit_in_one_batch_expire_in_one_run(
    db: Session, clock: ShiftedClock, new_resident: NewVisitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "BATCH", 2)
    incentive = new_incentive(db, voucher_days=0)
    vouchers = [new_resident().claim(incentive.id).json for _ in range(5)]
    clock.ahead = 2 * DAY
    jobs.expire_vouchers(timestamp=0)
    assert {_state(db, voucher) for voucher in vouchers} == {"expired"}


def test_a_voucher_past_its_end_is_refused_before_the_job_has_come_by(
    db: Session, clock: ShiftedClock, shop: Shop, clerk: Visitor, resident: Visitor
) -> None:
    move_to(clock, in_china(1, 23, 50))
    resident.sign_in()
    voucher = resident.claim(new_incentive(db, shops=[shop], voucher_days=0).id).json
    ticket = resident.draw_ticket(voucher_id=voucher["id"])
    move_to(clock, in_china(1, 23, 59))
    last_code = ticket.at(clock.now())
    move_to(clock, in_china(2, 0))
    clerk.sign_in_as_clerk()
    refusal(clerk.redeem(last_code), 422, "voucher.not_valid")
    resident.sign_in()
    draft = {"ticket_id": "A" * 16, "anchor": "A" * 22}
    asked = resident.post("/resident/tickets", {"voucher_id": voucher["id"], "tickets": [draft]})
    refusal(asked, 409, "voucher.ended")


def test_the_holder_is_reminded_once_some_days_before_the_end(
    db: Session, clock: ShiftedClock, new_resident: NewVisitor
) -> None:
    incentive = new_incentive(db, title="采摘园门票", voucher_days=7)
    holder, returned = new_resident(), new_resident()
    voucher = holder.claim(incentive.id).json
    assert returned.delete(f"/resident/vouchers/{returned.claim(incentive.id).json['id']}").status_code == 204
    reminded_on = []
    for day in range(1, 9):
        move_to(clock, in_china(day, 9))
        jobs.remind_of_ending(timestamp=0)
        for person in (holder, returned):
            person.sign_in()
        if _reminders(holder) and not reminded_on:
            reminded_on = [day]
    (reminder,) = _reminders(holder)
    assert "采摘园门票" in reminder["body"]
    days_left = datetime.fromisoformat(voucher["expires_at"]) - in_china(reminded_on[0], 9)
    assert 2 * DAY < days_left <= 3 * DAY
    assert _reminders(returned) == []


def _state(db: Session, voucher: Any) -> str:
    row = db.get_one(Voucher, voucher["id"])
    db.refresh(row)
    return row.state


def _reminders(resident: Visitor) -> list[Any]:
    items = resident.get("/resident/notices").json["items"]
    return [item for item in items if item["kind"] == "voucher_ends_soon"]
