"""From sign-in to a voucher honoured, over the interface."""

from collections.abc import Callable

from sqlalchemy.orm import Session

from tests.factories.catalogue import new_incentive, new_shop
from tests.factories.journey import Visitor

NewVisitor = Callable[[], Visitor]


def test_a_resident_claims_a_voucher_and_a_shop_honours_it_once(visitor: NewVisitor, db: Session) -> None:
    shop = new_shop(db)
    incentive = new_incentive(db, shops=[shop])
    resident, clerk = visitor(), visitor()
    resident.become_scored(db)
    clerk.become_clerk(db, shop)

    claimed = resident.claim(incentive.id)
    assert claimed.status_code == 201
    code = resident.show(voucher_id=claimed.json["id"])
    checked = clerk.post("/merchant/validations", {"code": code}).json
    assert (checked["entitled"], checked["offer"]["number"]) == (True, incentive.number)

    first = clerk.redeem(code, scan_id="scan-1", amount_fen=4200)
    again = clerk.redeem(code, scan_id="scan-1", amount_fen=4200)
    other = clerk.redeem(code, scan_id="scan-2")
    assert [first.status_code, again.status_code, other.status_code] == [201, 200, 409]
    assert again.json == first.json
    assert other.json["code"] == "voucher.already_redeemed"
    assert other.json["data"]["redeemed_at"]
    held = resident.get(f"/resident/vouchers/{claimed.json['id']}").json
    assert (held["state"], held["uses_left"]) == ("redeemed", 0)
