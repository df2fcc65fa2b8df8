"""A unit with a shop, and who writes its incentives."""

import pytest
from sqlalchemy.orm import Session

from backend.partners.models import Shop
from backend.web.application import Application
from tests.factories.catalogue import new_shop
from tests.factories.console import Colleague, seat


@pytest.fixture
def shop(db: Session) -> Shop:
    return new_shop(db)


@pytest.fixture
def editor(db: Session, app: Application, shop: Shop) -> Colleague:
    return seat(db, app, "unit_editor", unit_id=shop.unit_id)
