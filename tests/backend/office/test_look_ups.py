"""One resident is looked up for a case; the resident reads who looked, why, and at what."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from backend.audit.models import AuditEvent
from backend.core.clock import ShiftedClock
from backend.office import look_ups
from backend.office.models import ResidentLookUp
from backend.web.application import Application
from tests.factories.answers import refusal
from tests.factories.console import Colleague, seat
from tests.factories.journey import Visitor
from tests.factories.people import NewPerson, new_person
from tests.factories.records import hold_residence
from tests.factories.trail import count_rows

NewVisitor = Callable[[], Visitor]
CASE = {"purpose": "objection", "case_number": "黄信异〔2026〕12号"}
HERE, THERE = "420202", "420281"


@pytest.fixture
def officer(app: Application, db: Session) -> Colleague:
    return seat(db, app, "case_officer")


@pytest.fixture
def resident(visitor: NewVisitor, db: Session) -> tuple[Visitor, NewPerson]:
    somebody, person = visitor(), new_person(name="欧阳晓燕")
    hold_residence(db, person.id_number)
    assert somebody.sign_in().status_code == 200
    assert somebody.bind(person).status_code == 200
    return somebody, person


def find(officer: Colleague, person: NewPerson, **more: str) -> Any:
    return officer.post("/office/look-ups", {**CASE, "id_number": person.id_number, **more})


def show(officer: Colleague, look_up_id: str, field: str) -> Any:
    return officer.post(f"/office/look-ups/{look_up_id}/field", {"field": field})


def looks_at(somebody: Visitor) -> list[dict[str, str]]:
    items: list[dict[str, str]] = somebody.get("/resident/access-log").json["items"]  # type: ignore[index]
    return items


def test_a_resident_is_shown_masked_and_reads_who_looked_and_why(
    officer: Colleague, resident: tuple[Visitor, NewPerson]
) -> None:
    somebody, person = resident
    answer = find(officer, person)
    assert answer.status_code == 201, answer.text
    found = answer.json
    assert found["masked_name"] == "欧**燕"
    assert person.id_number not in answer.text
    assert person.name not in answer.text
    (look,) = looks_at(somebody)
    assert look["looked_by"] == "黄石市信用办"
    assert look["purpose"] == "办理异议（事项 黄信异〔2026〕12号）"


def test_one_field_is_shown_in_clear_for_a_minute_and_is_a_look_of_its_own(
    officer: Colleague, resident: tuple[Visitor, NewPerson], db: Session
) -> None:
    somebody, person = resident
    opened = find(officer, person).json["id"]
    for field, value in (("name", person.name), ("id_number", person.id_number)):
        assert show(officer, opened, field).json["value"] == value
    refusal(show(officer, opened, "phone"), 404, "not_found")
    assert [look["shown"] for look in looks_at(somebody)][:2] == ["身份证号（完整）", "姓名（完整）"]
    assert count_rows(db, AuditEvent, action="resident.shown_in_clear", actor_id=officer.id) == 2


def test_asking_again_with_the_same_key_is_another_look(
    officer: Colleague, resident: tuple[Visitor, NewPerson]
) -> None:
    somebody, person = resident
    opened = find(officer, person).json["id"]
    for _ in range(2):
        answer = officer.call(
            "POST",
            f"/office/look-ups/{opened}/field",
            json={"field": "name"},
            headers={"Idempotency-Key": "the-same"},
        )
        assert "Idempotent-Replayed" not in answer.headers
    assert len(looks_at(somebody)) == 3


def test_a_look_up_ends_after_a_quarter_of_an_hour(
    officer: Colleague,
    resident: tuple[Visitor, NewPerson],
    clock: ShiftedClock,
    db: Session,
    app: Application,
) -> None:
    _somebody, person = resident
    opened = find(officer, person).json["id"]
    clock.ahead = look_ups.OPEN_FOR - timedelta(minutes=1)
    assert show(officer, opened, "name").status_code == 200
    clock.ahead = look_ups.OPEN_FOR + timedelta(minutes=1)
    refusal(show(officer, opened, "name"), 410, "look_up.over")


def test_another_officers_look_up_is_not_found(
    officer: Colleague, resident: tuple[Visitor, NewPerson], db: Session, app: Application
) -> None:
    opened = find(officer, resident[1]).json["id"]
    refusal(show(seat(db, app, "case_officer"), opened, "name"), 404, "not_found")


def test_a_district_finds_its_own_residents_only(
    resident: tuple[Visitor, NewPerson], db: Session, app: Application
) -> None:
    somebody, person = resident
    there = seat(db, app, "case_officer", district=THERE)
    refusal(find(there, person), 404, "look_up.nobody")
    assert looks_at(somebody) == []
    here = seat(db, app, "case_officer", district=HERE)
    assert find(here, person).json["district"] == HERE
    assert looks_at(somebody)[0]["looked_by"] == "黄石市信用办（黄石港区）"


def test_looking_in_vain_leaves_a_trace(officer: Colleague, db: Session) -> None:
    refusal(find(officer, new_person()), 404, "look_up.nobody")
    assert count_rows(db, AuditEvent, action="resident.sought_in_vain", actor_id=officer.id) == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"purpose": "curiosity"},
        {"case_number": "1"},
        {"case_number": "420204198809069020"},
        {"id_number": "420204198809069021"},
    ],
)
def test_without_a_purpose_a_case_and_a_whole_number_nobody_is_looked_up(
    officer: Colleague, resident: tuple[Visitor, NewPerson], wrong: dict[str, str]
) -> None:
    answer = find(officer, resident[1], **wrong)
    assert answer.status_code == 422
    assert list(answer.json["errors"]) == list(wrong)
    assert looks_at(resident[0]) == []


def test_look_ups_that_are_long_over_are_forgotten(
    officer: Colleague, resident: tuple[Visitor, NewPerson], clock: ShiftedClock, db: Session
) -> None:
    opened = find(officer, resident[1]).json["id"]
    look_ups.forget_look_ups(db, now=clock.now() + look_ups.KEPT_FOR)
    assert count_rows(db, ResidentLookUp, id=opened) == 1
    look_ups.forget_look_ups(db, now=clock.now() + look_ups.KEPT_FOR + timedelta(hours=1))
    assert count_rows(db, ResidentLookUp, id=opened) == 0
    db.rollback()
