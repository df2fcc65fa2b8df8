"""A part of the catalogue that belongs to one test alone."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy.orm import Session

from backend.incentives.models import Incentive
from backend.main import Parts
from backend.web.application import Application
from tests.factories.catalogue import new_incentive
from tests.factories.crowd import new_crowd
from tests.factories.journey import Visitor
from tests.scripts.wechat_simulator.running import Simulator


@dataclass
class Shelf:
    """A category nobody else uses; `visitor` looks at it, signed in or not."""

    db: Session
    visitor: Visitor
    category: str

    def add(self, **fields: Any) -> Incentive:
        return new_incentive(self.db, category=self.category, **fields)

    def page(self, visitor: Visitor | None = None, **query: Any) -> Any:
        """One page as the public sees it, or a signed-in visitor."""
        audience = "resident" if visitor else "public"
        answer = (visitor or self.visitor).get(f"/{audience}/incentives", category=self.category, **query)
        assert answer.status_code == 200, answer.text
        return answer.json

    def numbers(self, visitor: Visitor | None = None, **query: Any) -> list[int]:
        """The numbers listed, in order."""
        return [item["number"] for item in self.page(visitor, **query)["items"]]


@pytest.fixture
def shelf(db: Session, visitor: Callable[[], Visitor]) -> Shelf:
    return Shelf(db, visitor(), f"shelf-{secrets.token_hex(6)}")


@pytest.fixture
def resident(parts: Parts, app: Application, simulator: Simulator) -> Visitor:
    """Signed in, with the score model's base of 60 points."""
    return new_crowd(parts, app, simulator, 1)[0]
