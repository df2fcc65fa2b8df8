"""Claiming a voucher: who gets one, who does not and why, and how long it is good."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.core.clock import ShiftedClock, day_in_china
from backend.incentives.models import Form, IncentiveState, QuotaCount
from backend.vouchers.models import Voucher
from tests.factories.answers import refusal
from tests.factories.catalogue import new_incentive
from tests.factories.journey import Visitor
from tests.factories.moments import in_china, move_to
from tests.factories.pages import all_items
from tests.factories.people import new_person
from tests.factories.trail import audit_actions, count_rows

NewVisitor = Callable[[], Visitor]
TODAY = day_in_china(in_china(0, 12))
DAY = timedelta(days=1)


def test_a_claimed_voucher_is_listed_and_leaves_its_trail(db: Session, resident: Visitor) -> None:
    incentive = new_incentive(db, quota=5, benefit="门票九折", terms=["限本人"])
    claimed = resident.claim(incentive.id)
    assert claimed.status_code == 201
    voucher = claimed.json
    assert (voucher["state"], voucher["uses"], voucher["uses_left"]) == ("issued", 1, 1)
    assert voucher["offer"] == {
        "number": incentive.number,
        "title": incentive.title,
        "benefit": "门票九折",
        "terms": ["限本人"],
    }
    assert resident.get(f"/resident/vouchers/{voucher['id']}").json == voucher
    assert resident.get("/resident/vouchers").json["items"] == [voucher]
    assert audit_actions(db, "voucher", voucher["id"]) == ["voucher.issued"]
    assert resident.get("/resident/notices").json["items"][0]["kind"] == "voucher_claimed"


@pytest.mark.parametrize(
    ("needed_milli", "missing"),
    [(60_000, None), (60_001, "0.1"), (72_350, "12.4"), (95_000, "35.0")],
)
def test_whoever_has_too_few_points_learns_how_many_are_missing(
    db: Session, resident: Visitor, needed_milli: int, missing: str | None
) -> None:
    incentive = new_incentive(db, needed_milli=needed_milli)
    answer = resident.claim(incentive.id)
    if missing is None:
        assert answer.status_code == 201
        return
    assert refusal(answer, 403, "voucher.not_entitled")["data"]["missing"] == {
        "kind": "points",
        "points": missing,
        "points_milli": needed_milli - 60_000,
    }
    assert count_rows(db, Voucher, incentive_id=incentive.id) == 0


def test_without_identity_consent_or_residence_the_answer_says_which(
    db: Session, visitor: NewVisitor
) -> None:
    incentive, person = new_incentive(db), visitor()
    steps: list[tuple[Callable[[], Any], str]] = [
        (person.sign_in, "identity"),
        (lambda: person.bind(new_person()), "consent"),
        (person.consent, "score"),
    ]
    for step, kind in steps:
        assert step().status_code == 200
        missing = refusal(person.claim(incentive.id), 403, "voucher.not_entitled")["data"]["missing"]
        assert missing == {"kind": kind, "points": None, "points_milli": None}
    assert count_rows(db, Voucher, incentive_id=incentive.id) == 0


def test_the_last_voucher_goes_to_the_first_and_the_second_is_told_so(
    db: Session, new_resident: NewVisitor
) -> None:
    incentive = new_incentive(db, quota=1)
    first, second = new_resident(), new_resident()
    assert first.claim(incentive.id).status_code == 201
    refusal(second.claim(incentive.id), 409, "voucher.sold_out")
    assert second.get("/resident/vouchers").json["items"] == []
    assert second.get(f"/resident/incentives/{incentive.id}").json["remaining_for_me"] == 1


def test_nobody_claims_more_often_than_the_limit_of_the_period(
    db: Session, clock: ShiftedClock, resident: Visitor
) -> None:
    incentive = new_incentive(db, limit_times=2, limit_period="day")
    answers = [resident.claim(incentive.id) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [201, 201, 409]
    refusal(answers[2], 409, "voucher.limit_reached")
    assert count_rows(db, Voucher, incentive_id=incentive.id) == 2
    clock.ahead = DAY
    resident.sign_in()
    assert resident.claim(incentive.id).status_code == 201


@pytest.mark.parametrize(
    ("fields", "status", "code"),
    [
        ({}, 201, None),
        ({"valid_until": TODAY - DAY}, 410, "incentive.ended"),
        ({"state": IncentiveState.PAUSED}, 409, "incentive.paused"),
        ({"state": IncentiveState.ENDED}, 410, "incentive.ended"),
        ({"valid_from": TODAY + 2 * DAY}, 409, "incentive.not_started"),
        ({"form": Form.STANDING}, 409, "incentive.not_claimable"),
        ({"unavailable_reason": "原文未写明单位"}, 409, "incentive.not_claimable"),
        ({"unavailable_reason": "原文未写等级", "needed_milli": None}, 409, "incentive.not_claimable"),
    ],
)
def test_only_what_is_open_can_be_claimed(
    db: Session, resident: Visitor, fields: dict[str, Any], status: int, code: str | None
) -> None:
    incentive = new_incentive(db, **fields)
    answer = resident.claim(incentive.id)
    if code is None:
        assert answer.status_code == status
        return
    data = refusal(answer, status, code).get("data", {})
    assert data.get("reason") == fields.get("unavailable_reason")
    assert count_rows(db, Voucher, incentive_id=incentive.id) == 0


def test_what_is_not_in_the_catalogue_is_not_found(resident: Visitor) -> None:
    refusal(resident.claim(uuid4()), 404, "not_found")
    refusal(resident.claim("not-an-id"), 422, "request.invalid")


def test_a_quota_per_day_is_there_again_the_next_day(
    db: Session, clock: ShiftedClock, new_resident: NewVisitor
) -> None:
    incentive = new_incentive(db, quota=10, per_day=1)
    first, second = new_resident(), new_resident()
    page = f"/public/incentives/{incentive.id}"
    assert first.get(page).json["remaining"] == 1
    assert first.claim(incentive.id).status_code == 201
    refusal(second.claim(incentive.id), 409, "voucher.sold_out")
    assert first.get(page).json["remaining"] == 0

    clock.ahead = DAY
    second.sign_in()
    assert second.get(page).json["remaining"] == 1
    assert second.claim(incentive.id).status_code == 201
    counts = db.scalars(select(QuotaCount).where(QuotaCount.incentive_id == incentive.id)).all()
    taken = {(count.scope, count.place): count.taken for count in counts}
    tomorrow = day_in_china(clock.now())
    assert taken == {("total", ""): 2, ("day", str(tomorrow - DAY)): 1, ("day", str(tomorrow)): 1}


@pytest.mark.parametrize(
    ("claimed_at", "voucher_days", "incentive_ends_in", "last_day_in"),
    [
        ((1, 23, 59), 30, 400, 31),
        ((2, 0, 1), 30, 400, 32),
        ((1, 12, 0), 0, 400, 1),
        ((1, 12, 0), 30, 10, 10),
    ],
)
def test_a_voucher_ends_at_midnight_in_china_and_never_after_its_incentive(
    db: Session,
    clock: ShiftedClock,
    resident: Visitor,
    claimed_at: tuple[int, int, int],
    voucher_days: int,
    incentive_ends_in: int,
    last_day_in: int,
) -> None:
    last_of_incentive = TODAY + incentive_ends_in * DAY
    incentive = new_incentive(db, voucher_days=voucher_days, valid_until=last_of_incentive)
    move_to(clock, in_china(*claimed_at))
    resident.sign_in()
    expires_at = resident.claim(incentive.id).json["expires_at"]
    assert datetime.fromisoformat(expires_at) == in_china(last_day_in + 1, 0)


def test_a_claim_repeated_under_its_key_is_the_same_claim(db: Session, resident: Visitor) -> None:
    incentive = new_incentive(db, limit_times=5)
    first, again = (resident.claim(incentive.id, key="tap-1") for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json == first.json
    assert again.headers["Idempotent-Replayed"] == "true"
    assert count_rows(db, Voucher, incentive_id=incentive.id) == 1


def test_my_vouchers_are_listed_newest_first_by_state_and_a_page_at_a_time(
    db: Session, resident: Visitor
) -> None:
    incentive = new_incentive(db, limit_times=5)
    ids = [resident.claim(incentive.id).json["id"] for _ in range(5)]
    returned, kept = ids[1::2], ids[0::2]
    for voucher_id in returned:
        assert resident.delete(f"/resident/vouchers/{voucher_id}").status_code == 204
    for states, expected in (
        ([], ids),
        (["issued"], kept),
        (["cancelled"], returned),
        (["issued", "cancelled"], ids),
        (["redeemed", "expired"], []),
    ):
        for limit in (2, 200):
            listed = all_items(resident, "/resident/vouchers", state=states, limit=limit)
            assert [voucher["id"] for voucher in listed] == expected[::-1]
    refusal(resident.get("/resident/vouchers", state="lost"), 422, "request.invalid")
