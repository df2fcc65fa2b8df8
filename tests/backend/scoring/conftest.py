"""Residents with records, and the engine on the very same records beside them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from backend.city import City
from backend.core.clock import SystemClock, day_in_china
from backend.main import Parts
from backend.scoring.city_model import own_model
from backend.scoring.engine.compute import ScoreResult, compute_score
from backend.scoring.engine.model import Record, RecordStatus
from tests.factories.journey import Visitor
from tests.factories.people import new_person
from tests.factories.records import hold_record

Delivered = tuple[str, int, int] | tuple[str, int, int, RecordStatus]


@dataclass
class Scored:
    """A resident, what departments delivered about them, and the city whose model counts."""

    visitor: Visitor
    records: list[Record]
    city: City

    def page(self) -> Any:
        answer = self.visitor.get("/resident/score")
        assert answer.status_code == 200, answer.text
        return answer.json

    def by_engine(self, on: date) -> ScoreResult:
        return compute_score(own_model(self.city, on), self.records, on)


NewScored = Callable[..., Scored]


def today() -> date:
    return day_in_china(SystemClock().now())


@pytest.fixture
def new_scored(db: Session, parts: Parts, visitor: Callable[[], Visitor]) -> NewScored:
    """Make a resident with records, each `(indicator, days ago, quantity)` and perhaps a status."""

    def make(*delivered: Delivered) -> Scored:
        person, records = new_person(), []
        for number, (indicator, days_ago, quantity, *status) in enumerate(delivered):
            occurred_on = today() - timedelta(days=days_ago)
            record = Record(
                str(number), indicator, occurred_on, quantity, status=(status or [RecordStatus.ACTIVE])[0]
            )
            records.append(record)
            hold_record(
                db,
                person.id_number,
                indicator,
                occurred_on=occurred_on,
                quantity=quantity,
                status=record.status,
            )
        resident = visitor()
        resident.become_scored(db, person)
        return Scored(resident, records, parts.city)

    return make
