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
    """Incentives with a word in their summary that no others have; `visitor` looks at them, signed in
    or not."""

    db: Session
    visitor: Visitor
    word: str

    def add(self, **fields: Any) -> Incentive:
        summary = f"{fields.pop('summary', '测试用')} {self.word}"
        return new_incentive(self.db, summary=summary, **fields)

    def page(self, visitor: Visitor | None = None, **query: Any) -> Any:
        """One page as the public sees it, or a signed-in visitor."""
        audience = "resident" if visitor else "public"
        query["q"] = f"{self.word} {query.get('q', '')}".strip()
        answer = (visitor or self.visitor).get(f"/{audience}/incentives", **query)
        assert answer.status_code == 200, answer.text
        return answer.json

    def numbers(self, visitor: Visitor | None = None, **query: Any) -> list[int]:
        """The numbers listed, in order."""
        return [item["number"] for item in self.page(visitor, **query)["items"]]


@pytest.fixture
def shelf(db: Session, visitor: Callable[[], Visitor]) -> Shelf:
    return Shelf(db, visitor(), f"s{secrets.token_hex(4)}")


@pytest.fixture
def resident(parts: Parts, app: Application, simulator: Simulator) -> Visitor:
    """Signed in, with the score model's base of 60 points."""
    return new_crowd(parts, app, simulator, 1)[0]
