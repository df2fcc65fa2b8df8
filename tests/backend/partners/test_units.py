"""The member units and their shops, for everyone."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.partners.models import Unit, UnitState
from tests.factories.answers import refusal
from tests.factories.catalogue import new_shop
from tests.factories.journey import Visitor

NewVisitor = Callable[[], Visitor]


def listed(stranger: Visitor) -> dict[str, dict[str, Any]]:
    """All units of all pages, by id."""
    units: dict[str, dict[str, Any]] = {}
    cursor = None
    while True:
        query = {"limit": 200, "cursor": cursor} if cursor else {"limit": 200}
        page = stranger.get("/public/units", **query).json
        units |= {unit["id"]: unit for unit in page["items"]}
        cursor = page["next_cursor"]
        if cursor is None:
            return units


def test_a_unit_is_shown_with_its_shops_to_everybody(visitor: NewVisitor, db: Session) -> None:
    shop, stranger = new_shop(db, name="团城山店"), visitor()
    unit = {
        "id": str(shop.unit_id),
        "name": shop.unit.name,
        "category": "culture_sport_tourism",
        "district": "420202",
        "example": True,
    }
    place = {
        "id": str(shop.id),
        "name": "团城山店",
        "address": "人民路 1 号",
        "district": "420202",
        "phone": None,
        "hours": None,
        "latitude": 30.2,
        "longitude": 115.04,
    }
    assert listed(stranger)[str(shop.unit_id)] == unit
    assert stranger.get(f"/public/units/{shop.unit_id}").json == unit | {"shops": [place], "commitment": None}


def test_active_units_are_all_listed_by_name(visitor: NewVisitor, db: Session) -> None:
    for name in ("丙单位", "甲单位", "乙单位"):
        new_shop(db).unit.name = name
    db.commit()
    by_name = select(Unit.id).where(Unit.state == UnitState.ACTIVE).order_by(Unit.name, Unit.id)
    assert list(listed(visitor())) == [str(unit_id) for unit_id in db.scalars(by_name)]


@pytest.mark.parametrize("state", [UnitState.SUSPENDED, UnitState.CLOSED])
def test_a_unit_that_takes_part_no_more_is_not_shown(
    visitor: NewVisitor, db: Session, state: UnitState
) -> None:
    unit, stranger = new_shop(db).unit, visitor()
    assert str(unit.id) in listed(stranger)
    unit.state = state
    db.commit()
    assert str(unit.id) not in listed(stranger)
    refusal(stranger.get(f"/public/units/{unit.id}"), 404, "not_found")


def test_a_shop_that_closed_is_no_longer_shown(visitor: NewVisitor, db: Session) -> None:
    shop, stranger = new_shop(db), visitor()
    shop.closed_at = datetime.now(UTC)
    db.commit()
    answer = stranger.get(f"/public/units/{shop.unit_id}")
    assert (answer.status_code, answer.json["shops"]) == (200, [])


def test_a_unit_that_never_was_is_not_found(visitor: NewVisitor) -> None:
    refusal(visitor().get(f"/public/units/{uuid4()}"), 404, "not_found")
