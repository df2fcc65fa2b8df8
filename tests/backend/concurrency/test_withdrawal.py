"""What rests on a consent ends with it, also what is under way at that very moment."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import partial
from typing import TypeVar
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from backend.consents.models import SCORING
from backend.consents.service import withdraw_consent
from backend.core.actor import Actor, ActorKind
from backend.core.scopes import act_as_owner
from backend.main import Parts
from backend.scoring.jobs import rescore
from backend.scoring.models import Score
from backend.vouchers.models import Redemption, Voucher, VoucherState
from backend.web.application import Application
from tests.backend.concurrency.races import outcomes, together
from tests.factories.catalogue import new_incentive, new_shop
from tests.factories.crowd import new_crowd, same_phone
from tests.factories.journey import Visitor
from tests.factories.trail import count_rows
from tests.scripts.wechat_simulator.running import Simulator

NewVisitor = Callable[[], Visitor]
T = TypeVar("T")
LONGEST_WAIT_S = 5


@pytest.fixture
def resident(parts: Parts, app: Application, simulator: Simulator) -> Visitor:
    return new_crowd(parts, app, simulator, 1)[0]


def test_a_voucher_claimed_in_the_moment_of_the_withdrawal_is_refused(
    db: Session, parts: Parts, resident: Visitor
) -> None:
    incentive = new_incentive(db)
    claimed = _during_withdrawal(db, parts, resident, lambda: resident.claim(incentive.id))
    assert (claimed.status_code, claimed.json["code"]) == (403, "voucher.not_entitled")
    assert count_rows(db, Voucher, resident_id=_id_of(resident)) == 0


def test_a_score_computed_in_the_moment_of_the_withdrawal_is_not_kept(
    db: Session, parts: Parts, resident: Visitor
) -> None:
    _during_withdrawal(db, parts, resident, lambda: rescore(resident_id=str(_id_of(resident))))
    assert count_rows(db, Score, resident_id=_id_of(resident)) == 0
    assert resident.get("/resident/score").json["code"] == "score.not_authorised"


def test_a_withdrawal_and_a_till_never_block_each_other(
    app: Application, parts: Parts, simulator: Simulator, db: Session, visitor: NewVisitor
) -> None:
    shop = new_shop(db)
    offers = [new_incentive(db, shops=[shop]) for _ in range(2)]
    clerk = visitor()
    clerk.become_clerk(db, shop)
    residents = new_crowd(parts, app, simulator, 16)
    codes = []
    for number, resident in enumerate(residents):
        # Half of them hold the two vouchers in the other order.
        held = [resident.claim(offer.id).json["id"] for offer in offers[:: 1 if number % 2 else -1]]
        codes.append(resident.show(voucher_id=held[0]))
    withdrawals = [partial(resident.delete, f"/resident/consents/{SCORING}") for resident in residents]
    scans = [partial(same_phone(clerk, app).redeem, code) for code in codes]
    answers = together([call for pair in zip(withdrawals, scans, strict=True) for call in pair])
    counted = outcomes(answers)
    honoured = counted.pop(201, 0)
    assert honoured + counted.pop((422, "voucher.not_valid"), 0) == 16
    assert counted == {204: 16}
    assert count_rows(db, Redemption, shop_id=shop.id) == honoured
    for offer in offers:
        assert count_rows(db, Voucher, incentive_id=offer.id, state=VoucherState.ISSUED) == 0


def _during_withdrawal(db: Session, parts: Parts, resident: Visitor, act: Callable[[], T]) -> T:
    """Do something while the consent's withdrawal is made but not committed; it has to wait."""
    now, resident_id = datetime.now(UTC), _id_of(resident)
    withdraw_consent(
        db,
        city=parts.city,
        resident_id=resident_id,
        purpose=SCORING,
        actor=Actor(ActorKind.RESIDENT, resident_id),
        now=now,
    )
    db.flush()
    with ThreadPoolExecutor(1) as pool:
        result = pool.submit(act)
        _wait_until_someone_waits(parts)
        db.commit()
        return result.result(LONGEST_WAIT_S)


def _wait_until_someone_waits(parts: Parts) -> None:
    waiting = text(
        "SELECT count(*) FROM pg_stat_activity"
        " WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )
    end = time.monotonic() + LONGEST_WAIT_S
    with parts.sessions() as db:
        while True:
            act_as_owner(db)  # others see no more of a connection than that it is there
            if db.scalar(waiting):
                return
            db.rollback()
            assert time.monotonic() < end, "nothing waited for the withdrawal"
            time.sleep(0.01)


def _id_of(resident: Visitor) -> UUID:
    return UUID(resident.tokens["resident"]["id"])
