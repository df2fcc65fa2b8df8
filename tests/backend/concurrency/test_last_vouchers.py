"""Everybody claims at once: a quota and a personal limit are never exceeded."""

from collections.abc import Callable
from functools import partial

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from backend.incentives.models import Form, QuotaCount, QuotaScope
from backend.vouchers.models import PersonalCount, Redemption, Voucher
from backend.web.application import Application
from tests.backend.concurrency.races import (
    NAIVE_CLIENTS,
    Naive,
    naive_winners,
    outcomes,
    together,
)
from tests.factories.catalogue import new_incentive, new_shop
from tests.factories.crowd import same_phone
from tests.factories.journey import Visitor
from tests.factories.trail import count_rows

NewVisitor = Callable[[], Visitor]
QUOTA, LIMIT = 10, 3


def test_of_64_residents_10_get_the_last_10_vouchers(db: Session, crowd: list[Visitor]) -> None:
    incentive = new_incentive(db, quota=QUOTA)
    answers = together([partial(resident.claim, incentive.id) for resident in crowd])
    assert outcomes(answers) == {201: QUOTA, (409, "voucher.sold_out"): len(crowd) - QUOTA}
    assert db.get_one(QuotaCount, (incentive.id, QuotaScope.TOTAL, "")).taken == QUOTA
    assert count_rows(db, Voucher, incentive_id=incentive.id) == QUOTA
    claims = select(func.sum(PersonalCount.times)).where(PersonalCount.incentive_id == incentive.id)
    assert db.scalar(claims) == QUOTA, "whoever got none has not used up a claim"


def test_control_a_quota_that_is_read_and_then_written_gives_out_too_many(
    db: Session, crowd: list[Visitor], database_url: str
) -> None:
    incentive = new_incentive(db, quota=QUOTA)
    assert crowd[0].claim(incentive.id).status_code == 201
    naive = Naive(
        "SELECT taken FROM quota_counts WHERE incentive_id = %(id)s AND taken < quota",
        "UPDATE quota_counts SET taken = %(taken)s + 1 WHERE incentive_id = %(id)s",
        {"id": incentive.id},
    )
    assert naive_winners(database_url, *[naive] * NAIVE_CLIENTS) > QUOTA
    counted = db.get_one(QuotaCount, (incentive.id, QuotaScope.TOTAL, "")).taken
    assert counted == 2, "and the count does not even show it"


def test_one_person_pressing_64_times_gets_no_more_than_the_limit(
    app: Application, db: Session, crowd: list[Visitor]
) -> None:
    incentive = new_incentive(db, quota=100, limit_times=LIMIT, limit_period="month")
    phones = [same_phone(crowd[0], app) for _ in crowd]
    answers = together([partial(phone.claim, incentive.id) for phone in phones])
    assert outcomes(answers) == {201: LIMIT, (409, "voucher.limit_reached"): len(phones) - LIMIT}
    assert count_rows(db, Voucher, incentive_id=incentive.id) == LIMIT
    assert db.get_one(QuotaCount, (incentive.id, QuotaScope.TOTAL, "")).taken == LIMIT


def test_a_standing_entitlement_is_used_twice_a_day_however_many_tills_scan_at_once(
    app: Application, db: Session, crowd: list[Visitor], visitor: NewVisitor
) -> None:
    shop = new_shop(db)
    incentive = new_incentive(db, shops=[shop], form=Form.STANDING, limit_times=2)
    codes = [crowd[1].show(incentive_id=incentive.id) for _ in range(16)]
    clerk = visitor()
    clerk.become_clerk(db, shop)
    answers = together([partial(same_phone(clerk, app).redeem, code) for code in codes])
    assert outcomes(answers) == {201: 2, (409, "voucher.limit_reached"): len(codes) - 2}
    assert count_rows(db, Redemption, incentive_id=incentive.id) == 2


def test_control_a_personal_limit_that_is_read_and_then_written_is_exceeded(
    db: Session, crowd: list[Visitor], database_url: str
) -> None:
    incentive = new_incentive(db, limit_times=LIMIT, limit_period="month")
    assert crowd[2].claim(incentive.id).status_code == 201
    naive = Naive(
        "SELECT times FROM personal_counts WHERE incentive_id = %(id)s AND times < most",
        "UPDATE personal_counts SET times = %(times)s + 1 WHERE incentive_id = %(id)s",
        {"id": incentive.id},
    )
    assert naive_winners(database_url, *[naive] * NAIVE_CLIENTS) > LIMIT


@pytest.mark.parametrize(
    ("statement", "constraint"),
    [
        (
            "UPDATE quota_counts SET taken = quota + 1 WHERE incentive_id = :id",
            "ck_quota_counts_within_quota",
        ),
        ("UPDATE quota_counts SET taken = -1 WHERE incentive_id = :id", "ck_quota_counts_within_quota"),
        (
            "UPDATE personal_counts SET times = most + 1 WHERE incentive_id = :id",
            "ck_personal_counts_within_limit",
        ),
        ("UPDATE personal_counts SET times = -1 WHERE incentive_id = :id", "ck_personal_counts_within_limit"),
        ("UPDATE vouchers SET uses_left = uses + 1 WHERE incentive_id = :id", "ck_vouchers_uses_left"),
        ("UPDATE vouchers SET uses_left = 0 WHERE incentive_id = :id", "ck_vouchers_issued_has_uses"),
        (
            "UPDATE vouchers SET state = 'redeemed' WHERE incentive_id = :id",
            "ck_vouchers_redeemed_is_used_up",
        ),
    ],
)
def test_the_database_is_the_last_wall_whatever_the_code_says(
    db: Session, crowd: list[Visitor], statement: str, constraint: str
) -> None:
    incentive = new_incentive(db)
    assert crowd[3].claim(incentive.id).status_code == 201
    with pytest.raises(IntegrityError, match=constraint):
        db.execute(text(statement), {"id": incentive.id})
