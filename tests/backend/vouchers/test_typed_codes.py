"""A code of eight characters instead of the QR code: for one shop, for minutes, once."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from backend.core.clock import ShiftedClock
from backend.core.database import Base
from backend.incentives.models import Form, Incentive
from backend.partners.models import Shop
from backend.vouchers import jobs
from backend.vouchers.models import Redemption, TypedCode
from backend.vouchers.typed_codes import KEPT, LIFE
from tests.factories.answers import refusal
from tests.factories.catalogue import new_incentive, new_shop
from tests.factories.journey import Visitor
from tests.factories.trail import audit_actions, count_rows

NewVisitor = Callable[[], Visitor]
NO_CODE = "2222-2222"


@dataclass
class Counter:
    """A resident with a voucher, and a clerk without a camera."""

    db: Session
    clock: ShiftedClock
    resident: Visitor
    clerk: Visitor
    visitor: NewVisitor
    shop: Shop
    incentive: Incentive
    voucher: Any

    def draw(self) -> str:
        answer = self.resident.draw_typed_code(self.shop, voucher_id=self.voucher["id"])
        assert answer.status_code == 201, answer.text
        code: str = answer.json["code"]  # type: ignore[index]
        return code


@pytest.fixture
def counter(
    db: Session, clock: ShiftedClock, resident: Visitor, shop: Shop, clerk: Visitor, visitor: NewVisitor
) -> Counter:
    incentive = new_incentive(db, shops=[shop])
    voucher = resident.claim(incentive.id).json
    return Counter(db, clock, resident, clerk, visitor, shop, incentive, voucher)


def test_a_typed_code_is_checked_and_honoured_like_a_scanned_one(counter: Counter) -> None:
    code = counter.draw()
    verdict = counter.clerk.post("/merchant/validations", {"code": code}).json
    assert (verdict["entitled"], verdict["offer"]["number"]) == (True, counter.incentive.number)
    honoured = counter.clerk.redeem(f"{code[:4]}-{code[4:]}".lower())
    assert honoured.status_code == 201
    assert counter.resident.get(f"/resident/vouchers/{counter.voucher['id']}").json["state"] == "redeemed"
    assert audit_actions(counter.db, "redemption", honoured.json["id"]) == ["voucher.redeemed"]
    looks = counter.resident.get("/resident/access-log").json["items"]
    assert [look["purpose"] for look in looks] == [
        f"使用“{counter.incentive.title}”",
        f"核验能否享受“{counter.incentive.title}”",
    ]
    assert {look["looked_by"] for look in looks} == {counter.shop.name}


def test_the_phone_is_told_where_and_until_when_the_code_is_good(counter: Counter) -> None:
    drawn = counter.resident.draw_typed_code(counter.shop, voucher_id=counter.voucher["id"]).json
    assert drawn["shop"] == {"id": str(counter.shop.id), "name": counter.shop.name}
    life = datetime.fromisoformat(drawn["expires_at"]) - datetime.fromisoformat(drawn["server_time"])
    assert life == LIFE
    assert drawn["match_number"] is None
    subject = audit_actions(counter.db, "incentive", counter.incentive.id)
    assert subject == ["typed_code.drawn"]


def test_a_code_ends_with_its_voucher(counter: Counter) -> None:
    counter.clock.ahead = datetime.fromisoformat(counter.voucher["expires_at"]) - datetime.fromisoformat(
        counter.voucher["issued_at"]
    ) - timedelta(minutes=3)  # fmt: skip
    counter.resident.sign_in()
    drawn = counter.resident.draw_typed_code(counter.shop, voucher_id=counter.voucher["id"]).json
    assert datetime.fromisoformat(drawn["expires_at"]) == datetime.fromisoformat(
        counter.voucher["expires_at"]
    )


def test_a_standing_entitlement_is_used_by_typed_code_within_its_limit(db: Session, counter: Counter) -> None:
    standing = new_incentive(db, shops=[counter.shop], form=Form.STANDING, limit_times=2)
    for expected in (201, 201, 409):
        drawn = counter.resident.draw_typed_code(counter.shop, incentive_id=standing.id)
        assert counter.clerk.redeem(drawn.json["code"]).status_code == expected


def test_the_till_that_asks_again_gets_the_first_answer(counter: Counter) -> None:
    code = counter.draw()
    first, again = (counter.clerk.redeem(code, scan_id="typed-1") for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json == again.json
    counter.clock.ahead = LIFE + timedelta(minutes=1)
    assert counter.clerk.redeem(code, scan_id="typed-1").status_code == 200, "also when the code is over"
    refusal(counter.clerk.redeem(NO_CODE, scan_id="typed-1"), 422, "voucher.not_valid")


def test_a_use_by_typed_code_can_be_undone_and_the_code_stays_dead(counter: Counter) -> None:
    code = counter.draw()
    honoured = counter.clerk.redeem(code).json
    undone = counter.clerk.post(f"/merchant/redemptions/{honoured['id']}/reversal", {"reason": "输错了"})
    assert undone.status_code == 200
    refusal(counter.clerk.redeem(code), 422, "voucher.not_valid")
    assert counter.clerk.redeem(counter.draw()).status_code == 201


def test_a_code_that_was_used_says_so_as_a_scanned_one_does(counter: Counter) -> None:
    code = counter.draw()
    counter.clerk.redeem(code)
    data = refusal(counter.clerk.redeem(code), 409, "voucher.already_redeemed")["data"]
    assert set(data) == {"redeemed_at"}


def never_drawn(counter: Counter) -> str:
    counter.draw()
    return NO_CODE


def for_another_shop(counter: Counter) -> str:
    counter.clerk = counter.visitor()
    counter.clerk.become_clerk(counter.db, new_shop(counter.db))
    return counter.draw()


def for_another_shop_where_the_offer_holds(counter: Counter) -> str:
    other = new_shop(counter.db)
    incentive = new_incentive(counter.db, shops=[counter.shop, other])
    voucher = counter.resident.claim(incentive.id).json
    code: str = counter.resident.draw_typed_code(other, voucher_id=voucher["id"]).json["code"]  # type: ignore[index]
    return code


def over(counter: Counter) -> str:
    code = counter.draw()
    counter.clock.ahead = LIFE + timedelta(seconds=1)
    return code


def replaced(counter: Counter) -> str:
    code = counter.draw()
    counter.draw()
    return code


def of_someone_who_signed_out(counter: Counter) -> str:
    code = counter.draw()
    assert counter.resident.delete("/resident/session").status_code == 204
    return code


def of_someone_who_signed_out_everywhere(counter: Counter) -> str:
    code = counter.draw()
    assert counter.resident.delete("/resident/sessions").status_code == 204
    return code


def of_someone_who_withdrew(counter: Counter) -> str:
    code = counter.draw()
    assert counter.resident.delete("/resident/consents/scoring").status_code == 204
    return code


def of_someone_who_withdrew_and_agreed_again(counter: Counter) -> str:
    code = of_someone_who_withdrew(counter)
    assert counter.resident.consent().status_code == 200
    return code


def of_a_voucher_given_back(counter: Counter) -> str:
    code = counter.draw()
    assert counter.resident.delete(f"/resident/vouchers/{counter.voucher['id']}").status_code == 204
    return code


WRONG = [
    never_drawn,
    for_another_shop,
    for_another_shop_where_the_offer_holds,
    over,
    replaced,
    of_someone_who_signed_out,
    of_someone_who_signed_out_everywhere,
    of_someone_who_withdrew,
    of_someone_who_withdrew_and_agreed_again,
    of_a_voucher_given_back,
]


@pytest.mark.parametrize("wrong", WRONG, ids=lambda wrong: wrong.__name__)
def test_every_wrong_code_gets_the_same_answer_and_counts_as_a_try(
    counter: Counter, wrong: Callable[[Counter], str]
) -> None:
    code = wrong(counter)
    verdict = counter.clerk.post("/merchant/validations", {"code": code}).json
    assert verdict == {
        "entitled": False,
        "reason": "voucher.not_valid",
        "offer": None,
        "valid_until": None,
        "tries_left": 4,
    }
    answer = refusal(counter.clerk.redeem(code), 422, "voucher.not_valid")
    assert answer["data"] == {"tries_left": 3}
    assert count_rows(counter.db, Redemption, shop_id=counter.clerk.tokens["clerk"]["shop"]["id"]) == 0


def test_a_new_code_of_one_entitlement_leaves_those_of_others_alone(counter: Counter) -> None:
    standing = [new_incentive(counter.db, shops=[counter.shop], form=Form.STANDING) for _ in range(2)]
    codes = [
        counter.resident.draw_typed_code(counter.shop, incentive_id=incentive.id).json["code"]
        for incentive in standing
    ]
    counter.draw()
    assert [counter.clerk.redeem(code).status_code for code in [*codes, counter.draw()]] == [201, 201, 201]


def test_an_offer_with_digits_asks_for_them_here_too(
    db: Session, shop: Shop, resident: Visitor, clerk: Visitor
) -> None:
    voucher = resident.claim(new_incentive(db, shops=[shop], needs_match=True).id).json
    drawn = resident.draw_typed_code(shop, voucher_id=voucher["id"]).json
    refusal(clerk.redeem(drawn["code"]), 423, "voucher.needs_match")
    assert clerk.redeem(drawn["code"], match=drawn["match_number"]).status_code == 201


def test_no_code_is_drawn_for_a_shop_where_the_offer_does_not_hold(counter: Counter) -> None:
    closed = new_shop(counter.db, closed_at=counter.clock.now())
    incentive = new_incentive(counter.db, shops=[closed, counter.shop], form=Form.STANDING)
    for elsewhere in (new_shop(counter.db), closed):
        answer = counter.resident.draw_typed_code(elsewhere, incentive_id=incentive.id)
        assert "shop_id" in refusal(answer, 422, "voucher.not_at_this_shop")["errors"]


def test_no_code_is_drawn_for_what_is_over_or_not_open(counter: Counter) -> None:
    far = new_incentive(counter.db, shops=[counter.shop], form=Form.STANDING, needed_milli=90_000)
    answer = counter.resident.draw_typed_code(counter.shop, incentive_id=far.id)
    refusal(answer, 403, "voucher.not_entitled")
    counter.clerk.redeem(counter.draw())
    answer = counter.resident.draw_typed_code(counter.shop, voucher_id=counter.voucher["id"])
    refusal(answer, 409, "voucher.ended")
    both = {"voucher_id": counter.voucher["id"], "incentive_id": str(far.id)}
    answer = counter.resident.draw_typed_code(counter.shop, **both)
    assert "voucher_id" in refusal(answer, 422, "request.invalid")["errors"]


def test_a_request_sent_again_under_its_key_gets_the_code_of_the_first(counter: Counter) -> None:
    body = {"voucher_id": counter.voucher["id"], "shop_id": str(counter.shop.id)}
    first, again = (counter.resident.post("/resident/typed-codes", body, key="typed-1") for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json["code"] == again.json["code"]
    assert counter.clerk.redeem(again.json["code"]).status_code == 201


def test_the_characters_stand_nowhere_in_the_database(counter: Counter) -> None:
    body = {"voucher_id": counter.voucher["id"], "shop_id": str(counter.shop.id)}
    code = counter.resident.post("/resident/typed-codes", body, key="typed-2").json["code"]
    counter.clerk.post("/merchant/validations", {"code": code})
    tables = [*Base.metadata.tables, "procrastinate_jobs"]
    found = [
        table
        for table in tables
        if counter.db.scalar(
            text(f"SELECT count(*) FROM {table} AS t WHERE t::text ILIKE ANY(:forms)"),
            {"forms": [f"%{code}%", f"%{code.encode().hex()}%"]},
        )
    ]
    assert found == []


def test_ended_codes_are_forgotten_and_what_was_used_keeps_its_trace(counter: Counter) -> None:
    counter.clerk.redeem(counter.draw())
    mine = {"resident_id": counter.resident.tokens["resident"]["id"]}
    counter.clock.ahead = LIFE + KEPT - timedelta(seconds=1)
    jobs.forget_typed_codes(timestamp=0)
    assert count_rows(counter.db, TypedCode, **mine) == 1
    counter.clock.ahead = LIFE + KEPT + timedelta(minutes=1)
    jobs.forget_typed_codes(timestamp=0)
    assert count_rows(counter.db, TypedCode, **mine) == 0
    assert count_rows(counter.db, Redemption, **mine) == 1
