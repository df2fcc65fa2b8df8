"""A phone that sends the same request again, all at once."""

from functools import partial

from sqlalchemy.orm import Session

from backend.vouchers.models import Voucher
from backend.web.application import Application
from tests.backend.concurrency.races import outcomes, together
from tests.factories.catalogue import new_incentive
from tests.factories.crowd import same_phone
from tests.factories.journey import Visitor
from tests.factories.trail import count_rows

TIMES = 16


def test_a_claim_sent_16_times_under_one_key_has_one_effect_and_one_answer(
    app: Application, db: Session, crowd: list[Visitor]
) -> None:
    incentive = new_incentive(db, limit_times=TIMES)
    phones = [same_phone(crowd[0], app) for _ in range(TIMES)]
    answers = together([partial(phone.claim, incentive.id, key="claim-1") for phone in phones])
    assert outcomes(answers) == {201: TIMES}
    assert len({answer.text for answer in answers}) == 1
    replayed = [answer.headers.get("Idempotent-Replayed") for answer in answers]
    assert sorted(replayed, key=str) == [None, *["true"] * (TIMES - 1)]
    assert count_rows(db, Voucher, incentive_id=incentive.id) == 1


def test_control_a_claim_sent_16_times_without_a_key_has_16_effects(
    app: Application, db: Session, crowd: list[Visitor]
) -> None:
    incentive = new_incentive(db, limit_times=TIMES)
    phones = [same_phone(crowd[0], app) for _ in range(TIMES)]
    answers = together([partial(phone.claim, incentive.id) for phone in phones])
    assert outcomes(answers) == {201: TIMES}
    assert count_rows(db, Voucher, incentive_id=incentive.id) == TIMES
