"""A unit sees how its own incentives are used, and nothing of another's."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from backend.core.clock import ShiftedClock
from backend.core.scopes import Scope, enter
from backend.main import Parts
from backend.office.models import DailyUse
from backend.partners.models import Shop
from backend.web.application import Application
from tests.backend.office.counted import count
from tests.factories.answers import refusal
from tests.factories.catalogue import new_incentive, new_shop
from tests.factories.console import Colleague, seat
from tests.factories.journey import Visitor

NewVisitor = Callable[[], Visitor]


@pytest.fixture
def shop(db: Session) -> Shop:
    return new_shop(db)


@pytest.fixture
def title(db: Session, clock: ShiftedClock, visitor: NewVisitor, shop: Shop) -> str:
    """Of an incentive claimed twice and used once, for fifty yuan; the day has been counted."""
    resident, clerk = visitor(), visitor()
    resident.become_scored(db)
    clerk.become_clerk(db, shop)
    incentive = new_incentive(db, shops=[shop], limit_times=9)
    held = [resident.claim(incentive.id).json["id"] for _ in range(2)]  # type: ignore[index]
    assert clerk.redeem(resident.show(voucher_id=held[0]), amount_fen=5_000).status_code == 201
    count(db, clock)
    return incentive.title


def shown(person: Colleague, **query: Any) -> Any:
    answer = person.get("/partner/figures", **query)
    assert answer.status_code == 200, answer.text
    return answer.json


def test_a_unit_sees_its_claims_and_uses_by_day_and_by_incentive(
    app: Application, db: Session, shop: Shop, title: str
) -> None:
    figures = shown(seat(db, app, "unit_editor", unit_id=shop.unit_id))
    [incentive] = figures["incentives"]
    happened = {"claims": 2, "redemptions": 1, "amount_fen": 5_000}
    assert (incentive["title"], {name: incentive[name] for name in happened}) == (title, happened)
    assert [{name: day[name] for name in happened} for day in figures["days"]] == [happened]


def test_another_unit_sees_nothing_of_it(app: Application, db: Session, title: str) -> None:
    other = seat(db, app, "unit_manager", unit_id=new_shop(db).unit_id)
    figures = shown(other)
    assert (figures["days"], figures["incentives"]) == ([], [])
    assert title not in other.get("/partner/figures").text


def test_the_database_alone_keeps_others_figures_apart(
    parts: Parts, db: Session, shop: Shop, title: str
) -> None:
    sessions: sessionmaker[Session] = parts.request_sessions
    with sessions() as own, sessions() as other, sessions() as nobody:
        enter(own, Scope(unit_id=shop.unit_id))
        enter(other, Scope(unit_id=new_shop(db).unit_id))
        assert len(own.scalars(select(DailyUse)).all()) == 1
        assert other.scalars(select(DailyUse)).all() == []
        assert nobody.scalars(select(DailyUse)).all() == []


def test_a_range_runs_forward(app: Application, db: Session, shop: Shop) -> None:
    person = seat(db, app, "unit_editor", unit_id=shop.unit_id)
    backwards = {"from": "2026-02-02", "to": "2026-02-01"}
    refusal(person.get("/partner/figures", **backwards), 422, "figures.bad_range")
