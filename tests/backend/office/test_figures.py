"""The office sees what happened, day by day and district by district, and a district its own part."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from backend.core.clock import ShiftedClock
from backend.core.scopes import WHOLE_CITY
from backend.office import counting
from backend.office.models import DailyFigures
from backend.partners.models import Shop, Unit
from backend.web.application import Application
from tests.backend.office.counted import count
from tests.factories.answers import refusal
from tests.factories.catalogue import new_incentive, new_shop
from tests.factories.console import Colleague, new_account, seat
from tests.factories.drafts import submitted_draft
from tests.factories.journey import Visitor

NewVisitor = Callable[[], Visitor]
HERE, THERE = "420281", "420205"


@pytest.fixture
def manager(app: Application, db: Session) -> Colleague:
    return seat(db, app, "programme_manager")


@pytest.fixture
def shop(db: Session) -> Shop:
    return new_shop(db, district=HERE)


def shown(person: Colleague, **query: Any) -> dict[str, Any]:
    answer = person.get("/office/figures", **query)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json  # type: ignore[assignment]
    return found


def of_district(figures: dict[str, Any], district: str) -> dict[str, int]:
    return next((row for row in figures["districts"] if row["district"] == district), {"redemptions": 0})


@pytest.fixture
def used(db: Session, visitor: NewVisitor, shop: Shop) -> dict[str, Any]:
    """A voucher of fifty yuan honoured, and another claimed only."""
    resident, clerk = visitor(), visitor()
    resident.become_scored(db)
    clerk.become_clerk(db, shop)
    incentive = new_incentive(db, shops=[shop], limit_times=9)
    held = [resident.claim(incentive.id).json["id"] for _ in range(2)]  # type: ignore[index]
    honoured: Any = clerk.redeem(resident.show(voucher_id=held[0]), amount_fen=5_000)
    assert honoured.status_code == 201
    return {"clerk": clerk, "incentive": incentive, "redemption": honoured.json["id"]}


def test_claims_redemptions_and_amounts_are_counted(
    manager: Colleague,
    db: Session,
    clock: ShiftedClock,
    used: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # Others' incentives in this database may be used more.
    monkeypatch.setattr("backend.office.figures.TOP", 10_000)
    count(db, clock)
    figures = shown(manager)
    (mine,) = [row for row in figures["incentives"] if row["incentive_id"] == str(used["incentive"].id)]
    assert (mine["claims"], mine["redemptions"], mine["amount_fen"]) == (2, 1, 5_000)
    assert of_district(figures, HERE)["redemptions"] >= 1
    today = figures["days"][-1]
    assert sum(row["redemptions"] for row in figures["districts"]) == sum(
        row["redemptions"] for row in figures["days"]
    )
    assert today["scored"] >= 1
    assert figures["target_percent"] == 70


def test_a_reversal_is_taken_off_on_the_day_it_happens(
    manager: Colleague, db: Session, clock: ShiftedClock, used: dict[str, Any]
) -> None:
    count(db, clock)
    before = of_district(shown(manager), HERE)
    path = f"/merchant/redemptions/{used['redemption']}/reversal"
    assert used["clerk"].post(path, {"reason": "扫错了"}).status_code == 200
    count(db, clock)
    after = of_district(shown(manager), HERE)
    assert after["redemptions"] == before["redemptions"] - 1
    assert after["amount_fen"] == before["amount_fen"] - 5_000
    assert after["claims"] == before["claims"]


def test_counting_twice_counts_once(
    manager: Colleague, db: Session, clock: ShiftedClock, used: dict[str, Any]
) -> None:
    count(db, clock)
    once = shown(manager)
    count(db, clock)
    assert shown(manager)["districts"] == once["districts"]


def test_a_day_gone_by_keeps_its_count_of_residents(
    db: Session, clock: ShiftedClock, used: dict[str, Any]
) -> None:
    today = count(db, clock)
    counted = {row.district: row.scored for row in db.query(DailyFigures).filter_by(day=today)}
    counting.count_day(db, today, now=clock.now() + timedelta(days=1))
    again = {row.district: row.scored for row in db.query(DailyFigures).filter_by(day=today)}
    assert again == counted
    assert sum(number or 0 for number in again.values()) > 0
    db.rollback()


def test_a_unit_is_idle_until_something_of_it_is_used(
    manager: Colleague, db: Session, clock: ShiftedClock, used: dict[str, Any]
) -> None:
    count(db, clock)
    idle = new_shop(db)
    names = {unit["id"] for unit in shown(manager)["idle_units"]["items"]}
    assert str(used["incentive"].unit_id) not in names
    figures = shown(manager)["idle_units"]
    assert str(idle.unit_id) in names or figures["count"] > len(figures["items"])


def test_a_district_sees_its_own_rows_only(
    app: Application, db: Session, clock: ShiftedClock, used: dict[str, Any]
) -> None:
    count(db, clock)
    here = seat(db, app, "programme_manager", district=HERE)
    there = seat(db, app, "programme_manager", district=THERE)
    assert {row["district"] for row in shown(here)["districts"]} == {HERE}
    assert HERE not in {row["district"] for row in shown(there)["districts"]}
    assert shown(there, district=HERE)["districts"] == [], "asking for it changes nothing"
    assert WHOLE_CITY not in {row["district"] for row in shown(here)["districts"]}


def test_figures_of_a_range_hold_that_range(manager: Colleague, db: Session, clock: ShiftedClock) -> None:
    today = count(db, clock)
    long_ago = (today - timedelta(days=300)).isoformat()
    figures = shown(manager, **{"from": long_ago, "to": long_ago})
    assert figures["days"] == []
    assert (figures["from"], figures["to"]) == (long_ago, long_ago)


@pytest.mark.parametrize(("first", "last"), [("2026-02-02", "2026-02-01"), ("2024-01-01", "2026-01-01")])
def test_a_range_runs_forward_and_not_too_long(manager: Colleague, first: str, last: str) -> None:
    refusal(manager.get("/office/figures", **{"from": first, "to": last}), 422, "figures.bad_range")


def test_figures_name_nobody(
    manager: Colleague, db: Session, clock: ShiftedClock, used: dict[str, Any]
) -> None:
    count(db, clock)
    resident = UUID(used["clerk"].tokens["clerk"]["id"])
    assert str(resident) not in manager.get("/office/figures").text


def test_a_draft_waits_and_in_time_it_is_overdue(app: Application, db: Session, clock: ShiftedClock) -> None:
    shop, district = new_shop(db), "420203"
    db.get_one(Unit, shop.unit_id).district = district
    db.commit()
    submitted_draft(seat(db, app, "unit_editor", unit_id=shop.unit_id), shop)

    def waiting() -> dict[str, int]:
        reviewer = Colleague(app, clock)
        reviewer.sit_down(db, new_account(db, reviewer.email, "reviewer", district=district))
        found: dict[str, int] = shown(reviewer)["waiting"]["incentive_drafts"]
        return found

    assert waiting() == {"count": 1, "overdue": 0}
    clock.ahead = timedelta(days=20)
    assert waiting() == {"count": 1, "overdue": 1}
