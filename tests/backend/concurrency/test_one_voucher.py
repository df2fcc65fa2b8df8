"""Many tills at once, one voucher: it is honoured once, and either honoured or given back."""

import secrets
from collections.abc import Callable
from functools import partial

import pytest
from sqlalchemy.orm import Session

from backend.incentives.models import QuotaCount, QuotaScope
from backend.partners.models import Shop
from backend.vouchers.models import Redemption, Voucher, VoucherState
from backend.web.application import Application
from tests.backend.concurrency.races import (
    NAIVE_CLIENTS,
    Naive,
    copy_without_constraints,
    naive_winners,
    outcomes,
    together,
)
from tests.factories.catalogue import new_incentive, new_shop
from tests.factories.crowd import same_phone
from tests.factories.journey import Visitor
from tests.factories.trail import audit_actions, count_rows

NewVisitor = Callable[[], Visitor]
Till = Callable[[], Visitor]
SCANS = 64
ALREADY = (409, "voucher.already_redeemed")


@pytest.fixture
def shop(db: Session) -> Shop:
    return new_shop(db)


@pytest.fixture
def till(app: Application, db: Session, shop: Shop, visitor: NewVisitor) -> Till:
    """Make one more till of the shop, on a connection of its own."""
    clerk = visitor()
    clerk.become_clerk(db, shop)
    return lambda: same_phone(clerk, app)


@pytest.fixture
def voucher(db: Session, shop: Shop, crowd: list[Visitor]) -> Voucher:
    """A voucher of the crowd's first resident, to be used once."""
    return _claim(db, crowd[0], shop)


def test_64_different_codes_of_one_voucher_honour_it_once(
    db: Session, crowd: list[Visitor], till: Till, voucher: Voucher
) -> None:
    codes = [crowd[0].show(voucher_id=voucher.id) for _ in range(SCANS)]
    answers = together([partial(till().redeem, code) for code in codes])
    assert outcomes(answers) == {201: 1, ALREADY: SCANS - 1}
    _assert_honoured_once(db, voucher)


def test_64_scans_of_the_same_code_honour_the_voucher_once(
    db: Session, crowd: list[Visitor], till: Till, voucher: Voucher
) -> None:
    code = crowd[0].show(voucher_id=voucher.id)
    answers = together([partial(till().redeem, code) for _ in range(SCANS)])
    assert outcomes(answers) == {201: 1, ALREADY: SCANS - 1}
    _assert_honoured_once(db, voucher)


def test_control_a_voucher_that_is_read_and_then_written_is_honoured_many_times(
    database_url: str, voucher: Voucher
) -> None:
    naive = Naive(
        "SELECT uses_left FROM vouchers WHERE id = %(id)s AND state = 'issued'",
        "UPDATE vouchers SET uses_left = %(uses_left)s - 1, state = 'redeemed' WHERE id = %(id)s",
        {"id": voucher.id},
    )
    assert naive_winners(database_url, *[naive] * NAIVE_CLIENTS) > 1


def test_a_scan_that_the_till_sends_16_times_at_once_has_one_answer(
    db: Session, crowd: list[Visitor], till: Till, voucher: Voucher
) -> None:
    code, scan_id = crowd[0].show(voucher_id=voucher.id), secrets.token_hex(8)
    answers = together([partial(till().redeem, code, scan_id=scan_id) for _ in range(16)])
    assert outcomes(answers) == {201: 1, 200: 15}
    first = answers[0].json
    assert all(answer.json == first for answer in answers)
    _assert_honoured_once(db, voucher)


def test_one_scan_id_with_several_codes_at_once_stands_for_one_of_them(
    db: Session, crowd: list[Visitor], shop: Shop, till: Till
) -> None:
    vouchers = [_claim(db, resident, shop) for resident in crowd[:8]]
    codes = [resident.show(voucher_id=held.id) for resident, held in zip(crowd[:8], vouchers, strict=True)]
    scan_id = secrets.token_hex(8)
    answers = together([partial(till().redeem, code, scan_id=scan_id) for code in codes])
    assert outcomes(answers) == {201: 1, (422, "idempotency.mismatch"): 7}
    assert count_rows(db, Redemption, shop_id=shop.id) == 1


def test_a_voucher_for_three_uses_is_honoured_three_times_also_when_one_is_undone_meanwhile(
    db: Session, crowd: list[Visitor], shop: Shop, till: Till
) -> None:
    held = _claim(db, crowd[0], shop, uses=3)
    codes = [crowd[0].show(voucher_id=held.id) for _ in range(17)]
    first = till().redeem(codes.pop()).json
    undo = partial(till().post, f"/merchant/redemptions/{first['id']}/reversal", {"reason": "扫错了"})
    answers = together([undo, *(partial(till().redeem, code) for code in codes)])
    assert answers[0].status_code == 200
    honoured = outcomes(answers[1:])
    # Whoever came before the undoing found two uses left, whoever came after it three.
    assert honoured.pop(201) in (2, 3)
    assert honoured.keys() == {ALREADY}
    db.refresh(held)
    accepted = count_rows(db, Redemption, voucher_id=held.id, state="accepted")
    assert accepted == held.uses - held.uses_left


def test_a_redemption_undone_16_times_at_once_is_undone_once(
    db: Session, crowd: list[Visitor], till: Till, voucher: Voucher
) -> None:
    redeemed = till().redeem(crowd[0].show(voucher_id=voucher.id)).json
    path = f"/merchant/redemptions/{redeemed['id']}/reversal"
    answers = together([partial(till().post, path, {"reason": "扫错了"}) for _ in range(16)])
    assert outcomes(answers) == {200: 1, (409, "redemption.already_reversed"): 15}
    db.refresh(voucher)
    assert (voucher.state, voucher.uses_left) == (VoucherState.ISSUED, 1)


def test_control_a_redemption_that_is_read_and_then_undone_is_undone_many_times(
    database_url: str, crowd: list[Visitor], till: Till, voucher: Voucher
) -> None:
    redeemed = till().redeem(crowd[0].show(voucher_id=voucher.id)).json
    naive = Naive(
        "SELECT FROM redemptions WHERE id = %(id)s AND state = 'accepted'",
        "UPDATE redemptions SET state = 'reversed', reversed_at = now() WHERE id = %(id)s",
        {"id": redeemed["id"]},
    )
    assert naive_winners(database_url, *[naive] * NAIVE_CLIENTS) > 1


@pytest.mark.parametrize("same", ["ticket_id", "scan_id"])
def test_control_redemptions_that_are_looked_for_and_then_added_are_added_many_times(
    db: Session, database_url: str, same: str
) -> None:
    table = copy_without_constraints(db, Redemption, same)
    naive = Naive(
        f"SELECT WHERE NOT EXISTS (SELECT FROM {table} WHERE {same} = %(same)s)",
        f"INSERT INTO {table} VALUES (%(same)s)",
        {"same": secrets.token_bytes(12) if same == "ticket_id" else secrets.token_hex(8)},
    )
    assert naive_winners(database_url, *[naive] * NAIVE_CLIENTS) > 1


def test_a_voucher_given_back_while_it_is_scanned_is_either_given_back_or_honoured(
    app: Application, db: Session, crowd: list[Visitor], shop: Shop, till: Till
) -> None:
    incentive = new_incentive(db, shops=[shop], quota=16)
    holders = crowd[:16]
    ids = [holder.claim(incentive.id).json["id"] for holder in holders]
    codes = [holder.show(voucher_id=id_) for holder, id_ in zip(holders, ids, strict=True)]
    given_back = [
        partial(holder.delete, f"/resident/vouchers/{id_}") for holder, id_ in zip(holders, ids, strict=True)
    ]
    honoured = [partial(till().redeem, code) for code in codes]
    answers = together([*given_back, *honoured])
    for back, use in zip(answers[:16], answers[16:], strict=True):
        assert outcomes([back, use]) in (
            {204: 1, (422, "voucher.not_valid"): 1},
            {(409, "voucher.not_returnable"): 1, 201: 1},
        )
    cancelled = count_rows(db, Voucher, incentive_id=incentive.id, state=VoucherState.CANCELLED)
    redeemed = count_rows(db, Redemption, incentive_id=incentive.id)
    assert cancelled + redeemed == 16
    assert db.get_one(QuotaCount, (incentive.id, QuotaScope.TOTAL, "")).taken == redeemed


def test_control_a_voucher_is_given_back_and_honoured_when_both_only_look_first(
    database_url: str, voucher: Voucher
) -> None:
    sees = "SELECT FROM vouchers WHERE id = %(id)s AND state = 'issued' AND uses_left = uses"
    give_back = "UPDATE vouchers SET state = 'cancelled' WHERE id = %(id)s"
    honour = "UPDATE vouchers SET state = 'redeemed', uses_left = 0 WHERE id = %(id)s"
    values = {"id": voucher.id}
    both = naive_winners(database_url, Naive(sees, give_back, values), Naive(sees, honour, values))
    assert both == 2


def _claim(db: Session, resident: Visitor, shop: Shop, *, uses: int = 1) -> Voucher:
    claimed = resident.claim(new_incentive(db, shops=[shop], uses=uses).id)
    assert claimed.status_code == 201, claimed.text
    return db.get_one(Voucher, claimed.json["id"])


def _assert_honoured_once(db: Session, voucher: Voucher) -> None:
    db.refresh(voucher)
    assert (voucher.state, voucher.uses_left) == (VoucherState.REDEEMED, 0)
    redemption = db.query(Redemption).filter_by(voucher_id=voucher.id).one()
    assert audit_actions(db, "redemption", redemption.id) == ["voucher.redeemed"]
