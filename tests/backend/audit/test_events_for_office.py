"""The audit administrator reads what was done, page by page, and nobody else does."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from backend.audit.queries import EventFilter, events
from backend.audit.service import record
from backend.audit.words import ACTIONS
from backend.core.actor import Actor, ActorKind
from backend.core.clock import ShiftedClock
from backend.core.ids import new_id
from backend.web.application import Application
from tests.factories.answers import refusal
from tests.factories.console import Colleague, seat
from tests.factories.plans import plan_of


@pytest.fixture
def auditor(app: Application, db: Session) -> Colleague:
    return seat(db, app, "audit_admin")


@pytest.fixture
def acted(app: Application, db: Session, clock: ShiftedClock) -> Colleague:
    """Somebody who has come in, and did seven things before, a minute apart."""
    person = seat(db, app, "reviewer")
    actor = Actor(ActorKind.OFFICE, id=person.id)
    for minute in range(7):
        action = "account.signed_in" if minute % 2 else "account.signed_out"
        moment = clock.now() - timedelta(minutes=minute + 1)
        record(db, action, subject=("account", person.id), actor=actor, now=moment)
    db.commit()
    return person


def listed(auditor: Colleague, **query: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    cursor = None
    while True:
        more = {"cursor": cursor} if cursor else {}
        answer = auditor.get("/office/audit-events", limit=3, **query, **more)
        assert answer.status_code == 200, answer.text
        found += answer.json["items"]  # type: ignore[index]
        cursor = answer.json["next_cursor"]  # type: ignore[index]
        if cursor is None:
            return found


def test_events_are_walked_newest_first_with_the_name_of_who_acted(
    auditor: Colleague, acted: Colleague
) -> None:
    found = listed(auditor, account_id=str(acted.id))
    assert len(found) == 8
    moments = [event["occurred_at"] for event in found]
    assert moments == sorted(moments, reverse=True)
    assert {event["actor_name"] for event in found} == {"周敏"}
    oldest = listed(auditor, account_id=str(acted.id), sort="oldest")
    assert [event["id"] for event in oldest] == [event["id"] for event in reversed(found)]


def test_events_are_narrowed_by_action_and_subject_and_day(
    auditor: Colleague, acted: Colleague, clock: ShiftedClock
) -> None:
    mine = {"subject_kind": "account", "subject_id": str(acted.id)}
    assert len(listed(auditor, action="account.signed_in", **mine)) == 4
    tomorrow = (clock.now() + timedelta(days=2)).date().isoformat()
    assert listed(auditor, **mine, **{"from": tomorrow}) == []
    assert listed(auditor, actor_kind="resident", **mine) == []


def test_who_works_for_a_district_reads_no_audit_trail(db: Session, app: Application) -> None:
    person = seat(db, app, "audit_admin", district="420202")
    refusal(person.get("/office/audit-events"), 403, "audit.whole_city_only")


def test_a_cursor_of_nonsense_is_refused(auditor: Colleague) -> None:
    refusal(auditor.get("/office/audit-events", cursor="WyJhIiwxXQ"), 422, "paging.bad_cursor")


def test_the_filters_are_named_in_chinese(auditor: Colleague) -> None:
    words: Any = auditor.get("/office/audit-words").json
    assert {word["code"] for word in words["actions"]} == set(ACTIONS)


NARROWED = {
    "": EventFilter(),
    "by action": EventFilter(action="score.computed"),
    "by colleague": EventFilter(colleague_id=new_id()),
    "by subject": EventFilter(subject_kind="resident", subject_id=str(new_id())),
}


@pytest.mark.parametrize("narrowed", NARROWED)
@pytest.mark.parametrize("oldest_first", [True, False])
def test_a_page_of_every_offered_order_comes_from_an_index(
    db: Session, narrowed: str, oldest_first: bool
) -> None:
    plan = plan_of(db, events(NARROWED[narrowed], oldest_first=oldest_first).limit(50))
    assert "Index Scan" in plan, plan
    assert "Seq Scan" not in plan, plan
    assert narrowed == "by subject" or "Sort" not in plan, plan
