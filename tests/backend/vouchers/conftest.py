"""A shop with a clerk at its till, and residents who hold things."""

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from backend.main import Parts
from backend.partners.models import Shop
from backend.web.application import Application
from tests.factories.catalogue import new_shop
from tests.factories.crowd import new_crowd
from tests.factories.journey import Visitor
from tests.scripts.wechat_simulator.running import Simulator

NewVisitor = Callable[[], Visitor]


@pytest.fixture
def new_resident(parts: Parts, app: Application, simulator: Simulator) -> NewVisitor:
    """Make a signed-in resident with the score model's base, 60 points."""
    return lambda: new_crowd(parts, app, simulator, 1)[0]


@pytest.fixture
def resident(new_resident: NewVisitor) -> Visitor:
    return new_resident()


@pytest.fixture
def shop(db: Session) -> Shop:
    return new_shop(db)


@pytest.fixture
def clerk(db: Session, shop: Shop, visitor: NewVisitor) -> Visitor:
    """At the till of `shop`."""
    person = visitor()
    person.become_clerk(db, shop)
    return person
