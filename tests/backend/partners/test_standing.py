"""The office suspends a unit, lifts that, and closes a unit; with what follows for residents."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from backend.core.actor import OFFICE
from backend.incentives import running
from backend.incentives.models import Incentive
from backend.partners.errors import UnitNotActive
from backend.partners.models import Shop, Unit
from backend.web.application import Application
from tests.factories.answers import refusal
from tests.factories.catalogue import new_incentive, new_shop
from tests.factories.console import Colleague, seat
from tests.factories.journey import Visitor
from tests.factories.trail import audit_actions

NewVisitor = Callable[[], Visitor]


@pytest.fixture
def shop(db: Session) -> Shop:
    return new_shop(db)


@pytest.fixture
def manager(app: Application, db: Session) -> Colleague:
    return seat(db, app, "programme_manager")


def of_unit(db: Session, shop: Shop) -> Incentive:
    """A voucher of the shop's own unit."""
    incentive = new_incentive(db, shops=[shop])
    db.execute(update(Incentive).where(Incentive.id == incentive.id).values(unit_id=shop.unit_id))
    db.commit()
    return incentive


def state_of(db: Session, incentive_id: UUID) -> str | None:
    db.rollback()
    return db.scalar(select(Incentive.state).where(Incentive.id == incentive_id))


def test_a_suspended_unit_offers_nothing_new_and_honours_what_residents_hold(
    manager: Colleague, shop: Shop, visitor: NewVisitor, db: Session
) -> None:
    incentive, unit = of_unit(db, shop), f"/office/units/{shop.unit_id}"
    resident, late, clerk = visitor(), visitor(), visitor()
    for person in (resident, late):
        person.become_scored(db)
    clerk.become_clerk(db, shop)
    held = resident.claim(incentive.id).json["id"]  # type: ignore[index]

    suspended = manager.post(f"{unit}/suspension", {"reason": "材料不实，正在核查"})
    assert suspended.json["state"] == "suspended", suspended.text  # type: ignore[index]
    assert suspended.json["changes"][-1]["reason"] == "材料不实，正在核查"  # type: ignore[index]
    refusal(late.claim(incentive.id), 409, "incentive.paused")
    assert clerk.redeem(resident.show(voucher_id=held)).status_code == 201
    assert late.get(f"/public/units/{shop.unit_id}").status_code == 404
    with pytest.raises(UnitNotActive):
        running.resume_incentive(db, incentive.id, actor=OFFICE, now=datetime.now(UTC))
    db.rollback()

    assert manager.delete(f"{unit}/suspension").json["state"] == "active"  # type: ignore[index]
    assert state_of(db, incentive.id) == "paused", "each is resumed by itself"
    running.resume_incentive(db, incentive.id, actor=OFFICE, now=datetime.now(UTC))
    db.commit()
    assert late.claim(incentive.id).status_code == 201
    assert audit_actions(db, "unit", shop.unit_id) == ["unit.became_suspended", "unit.became_active"]


def test_a_closed_unit_ends_what_it_offers_and_does_not_come_back(
    manager: Colleague, shop: Shop, visitor: NewVisitor, db: Session
) -> None:
    incentive, unit = of_unit(db, shop), f"/office/units/{shop.unit_id}"
    resident, clerk = visitor(), visitor()
    resident.become_scored(db)
    clerk.become_clerk(db, shop)
    held = resident.claim(incentive.id).json["id"]  # type: ignore[index]
    assert manager.post(f"{unit}/closing", {"reason": "单位注销"}).json["state"] == "closed"  # type: ignore[index]
    assert state_of(db, incentive.id) == "ended"
    assert clerk.redeem(resident.show(voucher_id=held)).status_code == 201
    refusal(manager.delete(f"{unit}/suspension"), 409, "unit.not_in_that_state")
    refusal(manager.post(f"{unit}/suspension", {"reason": "再次"}), 409, "unit.not_in_that_state")


def test_a_step_that_does_not_follow_is_refused(manager: Colleague, shop: Shop) -> None:
    refusal(manager.delete(f"/office/units/{shop.unit_id}/suspension"), 409, "unit.not_in_that_state")
    refusal(manager.post(f"/office/units/{shop.unit_id}/suspension", {}), 422, "request.invalid")


def test_a_district_looks_after_its_own_units_alone(app: Application, shop: Shop, db: Session) -> None:
    there = seat(db, app, "programme_manager", district="420203")
    here = seat(db, app, "programme_manager", district="420202")
    unit = f"/office/units/{shop.unit_id}"
    refusal(there.get(unit), 404, "not_found")
    refusal(there.post(f"{unit}/suspension", {"reason": "核查"}), 404, "not_found")
    assert here.post(f"{unit}/suspension", {"reason": "核查"}).status_code == 200


def test_units_are_found_whatever_their_state_page_by_page(
    manager: Colleague, shop: Shop, db: Session
) -> None:
    db.execute(update(Unit).where(Unit.id == shop.unit_id).values(state="closed"))
    db.commit()
    found: Any = manager.get("/office/units", q=shop.unit.name, state="closed").json
    assert [item["id"] for item in found["items"]] == [str(shop.unit_id)]
    first: Any = manager.get("/office/units", limit=1).json
    second: Any = manager.get("/office/units", limit=1, cursor=first["next_cursor"]).json
    assert first["items"][0]["name"] <= second["items"][0]["name"]
    assert first["items"][0]["id"] != second["items"][0]["id"]
