"""While an incentive runs: pausing, resuming, ending, adding to its quota, and who may."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.audit.models import AuditEvent
from backend.core.clock import ShiftedClock
from backend.incentives import running
from backend.incentives.models import Incentive
from backend.partners.models import Shop
from backend.web.application import Application
from tests.factories.answers import refusal
from tests.factories.catalogue import new_incentive, new_shop
from tests.factories.console import Colleague, seat
from tests.factories.journey import Visitor


@pytest.fixture
def shop(db: Session) -> Shop:
    return new_shop(db)


@pytest.fixture
def manager(db: Session, app: Application, shop: Shop) -> Colleague:
    return seat(db, app, "unit_manager", unit_id=shop.unit_id)


@pytest.fixture
def office(db: Session, app: Application) -> Colleague:
    return seat(db, app, "programme_manager")


def actions(db: Session, incentive: Incentive) -> list[str]:
    query = select(AuditEvent.action).where(AuditEvent.subject_id == str(incentive.id))
    return list(db.scalars(query.order_by(AuditEvent.id)))


def test_a_unit_pauses_resumes_and_ends_its_own(db: Session, manager: Colleague, shop: Shop) -> None:
    incentive = new_incentive(db, shops=[shop])
    path = f"/partner/incentives/{incentive.id}"
    paused: Any = manager.post(f"{path}/pause", {"reason": "盘点"}).json
    assert (paused["state"], paused["stopped_by"], paused["stopped_because"]) == ("paused", "partner", "盘点")
    refusal(manager.post(f"{path}/pause", {"reason": "再停"}), 409, "incentive.not_in_that_state")
    resumed: Any = manager.delete(f"{path}/pause").json
    assert (resumed["state"], resumed["stopped_because"]) == ("published", None)
    assert manager.post(f"{path}/end", {"reason": "活动结束"}).json["state"] == "ended"  # type: ignore[index]
    refusal(manager.delete(f"{path}/pause"), 409, "incentive.not_in_that_state")
    assert actions(db, incentive) == ["incentive.paused", "incentive.published", "incentive.ended"]


def test_what_the_office_paused_only_the_office_resumes(
    db: Session, manager: Colleague, office: Colleague, shop: Shop
) -> None:
    incentive = new_incentive(db, shops=[shop])
    assert manager.post(f"/partner/incentives/{incentive.id}/pause", {"reason": "盘点"}).status_code == 200
    taken_over = office.post(f"/office/incentives/{incentive.id}/pause", {"reason": "市民反映不认"})
    assert taken_over.json["stopped_by"] == "office"  # type: ignore[index]
    answer = manager.delete(f"/partner/incentives/{incentive.id}/pause")
    refusal(answer, 409, "incentive.paused_by_office")
    assert office.delete(f"/office/incentives/{incentive.id}/pause").status_code == 200


def test_a_raised_quota_can_be_claimed_at_once(
    db: Session, visitor: Callable[[], Visitor], manager: Colleague, shop: Shop
) -> None:
    incentive = new_incentive(db, shops=[shop], quota=1)
    first, second = visitor(), visitor()
    for resident in (first, second):
        resident.become_scored(db)
    assert first.claim(incentive.id).status_code == 201
    refusal(second.claim(incentive.id), 409, "voucher.sold_out")
    raised: Any = manager.post(f"/partner/incentives/{incentive.id}/quota", {"by": 2}).json
    assert (raised["quota"], raised["claimed"]) == (3, 1)
    assert second.claim(incentive.id).status_code == 201
    wrong = manager.post(f"/partner/incentives/{incentive.id}/quota", {"by": -1})
    refusal(wrong, 422, "request.invalid")
    manager.post(f"/partner/incentives/{incentive.id}/end", {"reason": "结束"})
    late = manager.post(f"/partner/incentives/{incentive.id}/quota", {"by": 1})
    refusal(late, 409, "incentive.not_in_that_state")


def test_what_had_its_last_day_is_ended_and_nothing_else(
    db: Session, shop: Shop, clock: ShiftedClock
) -> None:
    over = new_incentive(db, shops=[shop], valid_until=date(2026, 3, 31))
    last = new_incentive(db, shops=[shop], valid_until=date(2026, 4, 1))
    running.end_those_over(db, today=date(2026, 4, 1), now=clock.now(), limit=1000)
    db.commit()
    assert [each.state for each in (db.merge(over), db.merge(last))] == ["ended", "published"]
    assert actions(db, over) == ["incentive.ended"]


def test_the_list_is_narrowed_sorted_and_paged(db: Session, manager: Colleague, shop: Shop) -> None:
    ends = [date(2030, 1, day) for day in (3, 1, 2)]
    made = [new_incentive(db, shops=[shop], valid_until=end) for end in ends]
    new_incentive(db, shops=[new_shop(db)])

    def numbers(**query: Any) -> list[int]:
        found, cursor = [], None
        while True:
            page: Any = manager.get(
                "/partner/incentives", **query, **({"cursor": cursor} if cursor else {})
            ).json
            found += [item["number"] for item in page["items"]]
            cursor = page["next_cursor"]
            if cursor is None:
                return found

    newest = [incentive.number for incentive in reversed(made)]
    assert numbers(limit=2) == newest
    assert numbers(limit=2, sort="ends") == [made[1].number, made[2].number, made[0].number]
    assert numbers(q=made[0].title) == [made[0].number]
    assert numbers(state="paused") == []
    assert numbers(category="medical") == []


def test_an_editor_writes_and_a_manager_runs(db: Session, app: Application, shop: Shop) -> None:
    editor = seat(db, app, "unit_editor", unit_id=shop.unit_id)
    incentive = new_incentive(db, shops=[shop])
    answer = editor.post(f"/partner/incentives/{incentive.id}/end", {"reason": "结束"})
    refusal(answer, 403, "permission.missing")
