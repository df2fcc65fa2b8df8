"""Two shops of two units with a clerk each, and a customer at each of them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from backend.incentives.models import Incentive
from backend.main import Parts
from backend.partners.models import Shop
from backend.web.application import Application
from tests.factories.catalogue import new_incentive, new_shop
from tests.factories.journey import Visitor
from tests.factories.people import new_person
from tests.factories.records import hold_record
from tests.scripts.wechat_simulator.running import Simulator

NewVisitor = Callable[[], Visitor]


@dataclass(frozen=True)
class Corner:
    """A shop, its clerk, its customer, and what the customer did there."""

    shop: Shop
    incentive: Incentive
    clerk: Visitor
    resident: Visitor
    voucher_id: UUID
    redemption_id: UUID

    @property
    def resident_id(self) -> UUID:
        return UUID(self.resident.tokens["resident"]["id"])


def new_corner(db: Session, visitor: NewVisitor) -> Corner:
    shop = new_shop(db)
    incentive = new_incentive(db, shops=[shop], per_shop=5)
    clerk, resident = visitor(), visitor()
    clerk.become_clerk(db, shop)
    person = new_person()
    hold_record(
        db, person.id_number, "blood-donation", occurred_on=datetime.now(UTC).date() - timedelta(days=30)
    )
    resident.become_scored(db, person)
    voucher = resident.claim(incentive.id).json["id"]  # type: ignore[index]
    assert resident.draw_typed_code(shop, voucher_id=voucher).status_code == 201
    assert clerk.redeem("2222-2222").json["data"] == {"tries_left": 4}  # type: ignore[index]
    redemption = clerk.redeem(resident.show(voucher_id=voucher)).json["id"]  # type: ignore[index]
    return Corner(shop, incentive, clerk, resident, UUID(voucher), UUID(redemption))


@pytest.fixture(scope="module")
def open_corner(parts: Parts, app: Application, simulator: Simulator) -> Callable[[], Corner]:
    def opened() -> Corner:
        with parts.sessions() as db:
            return new_corner(db, lambda: Visitor(app.test_client(), simulator))

    return opened


@pytest.fixture(scope="module")
def here(open_corner: Callable[[], Corner]) -> Corner:
    return open_corner()


@pytest.fixture(scope="module")
def elsewhere(open_corner: Callable[[], Corner]) -> Corner:
    return open_corner()
