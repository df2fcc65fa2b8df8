"""A code that is typed and another that is scanned at the same moment; guesses from many sides."""

from collections.abc import Callable
from functools import partial

import pytest
from sqlalchemy.orm import Session

from backend.config import Settings
from backend.incentives.models import Form
from backend.partners.models import Shop
from backend.vouchers.models import Redemption, TypedCode, Voucher, VoucherState, WrongTries
from backend.web.application import Application
from tests.backend.concurrency.races import (
    NAIVE_CLIENTS,
    Naive,
    copy_without_constraints,
    naive_winners,
    outcomes,
    together,
)
from tests.backend.concurrency.two_processes import as_call, in_two_processes
from tests.factories.batches import resident_id_of
from tests.factories.catalogue import new_incentive, new_shop
from tests.factories.crowd import same_phone
from tests.factories.journey import Visitor
from tests.factories.trail import count_rows

NewVisitor = Callable[[], Visitor]
NO_CODE = "2222-2222"
ALREADY = (409, "voucher.already_redeemed")
NOT_VALID = (422, "voucher.not_valid")
TOO_MANY = (429, "voucher.too_many_wrong_codes")


@pytest.fixture
def shop(db: Session) -> Shop:
    return new_shop(db)


@pytest.fixture
def new_clerk(db: Session, shop: Shop, visitor: NewVisitor) -> NewVisitor:
    """Make one more clerk at a till of the shop."""

    def join() -> Visitor:
        clerk = visitor()
        clerk.become_clerk(db, shop)
        return clerk

    return join


def test_a_voucher_typed_at_one_till_and_scanned_at_others_is_honoured_once(
    db: Session, crowd: list[Visitor], shop: Shop, new_clerk: NewVisitor, app: Application
) -> None:
    typing, scanning = new_clerk(), new_clerk()
    for resident in crowd[:8]:
        voucher = resident.claim(new_incentive(db, shops=[shop]).id).json["id"]
        typed = resident.draw_typed_code(shop, voucher_id=voucher).json["code"]
        scanned = [resident.show(voucher_id=voucher) for _ in range(4)]
        calls = [partial(same_phone(typing, app).redeem, typed) for _ in range(4)]
        calls += [partial(same_phone(scanning, app).redeem, code) for code in scanned]
        assert outcomes(together(calls)) == {201: 1, ALREADY: 7}
        assert count_rows(db, Redemption, voucher_id=voucher) == 1
        assert db.get_one(Voucher, voucher).state == VoucherState.REDEEMED


def test_a_typed_code_that_is_used_while_the_voucher_is_given_back_does_one_or_the_other(
    db: Session, crowd: list[Visitor], shop: Shop, new_clerk: NewVisitor
) -> None:
    clerk, incentive = new_clerk(), new_incentive(db, shops=[shop])
    # Three at most, for whoever loses has made a wrong try.
    for resident in crowd[:3]:
        voucher = resident.claim(incentive.id).json["id"]
        typed = resident.draw_typed_code(shop, voucher_id=voucher).json["code"]
        give_back = partial(resident.delete, f"/resident/vouchers/{voucher}")
        both = outcomes(together([give_back, partial(clerk.redeem, typed)]))
        assert both in ({204: 1, NOT_VALID: 1}, {(409, "voucher.not_returnable"): 1, 201: 1})


def test_of_16_codes_drawn_at_once_one_is_live(
    db: Session, crowd: list[Visitor], shop: Shop, new_clerk: NewVisitor, app: Application
) -> None:
    resident, standing = crowd[0], new_incentive(db, shops=[shop], form=Form.STANDING, limit_times=16)
    drawn = together(
        [partial(same_phone(resident, app).draw_typed_code, shop, incentive_id=standing.id)] * 16
    )
    assert outcomes(drawn) == {201: 16}
    mine = {"resident_id": resident_id_of(resident), "incentive_id": standing.id}
    assert count_rows(db, TypedCode, **mine) == 16
    assert count_rows(db, TypedCode, **mine, replaced_at=None) == 1
    codes = [answer.json["code"] for answer in drawn]
    tills = [new_clerk() for _ in range(4)]
    answers = [tills[number % 4].redeem(code) for number, code in enumerate(codes)]
    assert outcomes(answers) == {201: 1, NOT_VALID: 15}


def test_control_without_the_index_codes_that_replace_what_they_see_leave_many_live(
    db: Session, database_url: str, crowd: list[Visitor]
) -> None:
    table = copy_without_constraints(db, TypedCode, "resident_id", "replaced_at")
    naive = Naive(
        f"SELECT WHERE NOT EXISTS (SELECT FROM {table} WHERE resident_id = %(id)s AND replaced_at IS NULL)",
        f"INSERT INTO {table} VALUES (%(id)s, NULL)",
        {"id": resident_id_of(crowd[0])},
    )
    assert naive_winners(database_url, *[naive] * NAIVE_CLIENTS) > 1


def test_40_guesses_at_once_from_two_processes_are_five_tries(
    db: Session, settings: Settings, new_clerk: NewVisitor
) -> None:
    clerk = new_clerk()
    redeem = as_call(clerk, "POST", "/merchant/redemptions", {"code": NO_CODE, "scan_id": "guess"})
    look = as_call(clerk, "POST", "/merchant/validations", {"code": NO_CODE})
    statuses = in_two_processes(settings, [redeem, look] * 10)
    assert statuses[429] == 35
    assert statuses[422] + statuses[200] == 5
    assert len(db.get_one(WrongTries, clerk.tokens["clerk"]["id"]).tried_at) == 5


def test_control_guesses_that_look_how_many_there_were_and_then_count_are_more_than_five(
    db: Session, database_url: str, new_clerk: NewVisitor
) -> None:
    clerk_id = new_clerk().tokens["clerk"]["id"]
    table = copy_without_constraints(db, WrongTries, "clerk_id")
    naive = Naive(
        f"SELECT FROM {table} WHERE clerk_id = %(id)s HAVING count(*) < 5",
        f"INSERT INTO {table} VALUES (%(id)s)",
        {"id": clerk_id},
    )
    assert naive_winners(database_url, *[naive] * NAIVE_CLIENTS) > 5
