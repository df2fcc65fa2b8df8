"""What a member unit has to do by a day: handed in, reminded of, overdue, put off, asked once more."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from backend.core.clock import ShiftedClock, day_in_china
from backend.core.ids import new_id
from backend.core.scopes import Scope, enter
from backend.main import Parts
from backend.partners import jobs
from backend.partners.models import Unit, UnitDocument, UnitDuty
from backend.partners.reminding import DAY_IS_OVER, mark_of
from backend.web.application import Application
from tests.backend.concurrency.races import outcomes, together
from tests.backend.partners.conftest import Applicant, days_later
from tests.factories.answers import refusal
from tests.factories.catalogue import new_shop
from tests.factories.console import Colleague, seat
from tests.factories.files import form, jpeg, pdf
from tests.factories.mail import letters_to
from tests.factories.trail import audit_actions
from tests.factories.units import new_duty

DOCUMENTS = "/partner/unit/documents"
WHAT = "premises"


@pytest.fixture
def manager(app: Application, db: Session) -> Colleague:
    return seat(db, app, "programme_manager")


def hand_in(unit: Colleague, file: bytes = b"", requirement: str = WHAT) -> TestResponse:
    return unit.call("POST", DOCUMENTS, **form(file or pdf(), requirement=requirement))


def duty_of(unit: Colleague) -> dict[str, Any]:
    shown: Any = unit.get("/partner/unit").json
    (duty,) = [each for each in shown["duties"] if each["what"] == WHAT]
    found: dict[str, Any] = duty
    return found


def unit_id_of(unit: Colleague) -> str:
    found: str = unit.get("/partner/unit").json["id"]  # type: ignore[index]
    return found


def submit(unit: Colleague) -> TestResponse:
    return unit.post(f"/partner/unit/duties/{duty_of(unit)['id']}/submission")


def remind() -> None:
    jobs.remind_units.func(timestamp=0)


def test_what_is_due_after_the_approval_is_handed_in_and_then_stays(
    unit: Applicant, reviewer: Colleague, db: Session, clock: ShiftedClock
) -> None:
    duty = duty_of(unit)
    assert duty["due_on"] == (day_in_china(clock.now()) + timedelta(days=30)).isoformat()
    assert (duty["state"], duty["name"]) == ("open", "经营场所照片")
    refusal(submit(unit), 422, "duty.without_document")
    assert set(refusal(hand_in(unit, requirement="licence"), 422, "document.not_asked_for")["errors"]) == {
        "requirement"
    }
    first: Any = hand_in(unit, jpeg()).json
    second: Any = hand_in(unit).json
    assert unit.delete(f"{DOCUMENTS}/{first['id']}").status_code == 204
    assert submit(unit).json["state"] == "handed_in"  # type: ignore[index]
    refusal(submit(unit), 409, "duty.not_open")
    refusal(unit.delete(f"{DOCUMENTS}/{second['id']}"), 409, "duty.not_open")
    refusal(hand_in(unit), 422, "document.not_asked_for")
    assert unit.get(f"{DOCUMENTS}/{second['id']}/content").data == pdf()

    seen: Any = reviewer.get(f"/office/units/{unit_id_of(unit)}").json
    assert [each["state"] for each in seen["duties"]] == ["handed_in"]
    assert [each["requirement"] for each in seen["documents"]] == ["licence", WHAT]
    read = reviewer.post(f"/office/unit-documents/{second['id']}/reading")
    assert read.data == pdf()
    assert audit_actions(db, "unit_document", second["id"]) == [
        "unit_document.uploaded",
        "unit_document.read",
    ]
    assert audit_actions(db, "unit_duty", duty["id"]) == ["unit_duty.handed_in"]


def test_when_the_day_is_over_the_unit_and_the_office_see_it_and_nothing_else_happens(
    unit: Applicant, manager: Colleague, clock: ShiftedClock, db: Session
) -> None:
    unit.sign()
    unit_id = unit_id_of(unit)

    def listed(overdue: str = "documents") -> list[dict[str, Any]]:
        answer = manager.get("/office/units", q=unit.form["unit_name"], overdue=overdue)
        items: list[dict[str, Any]] = answer.json["items"]  # type: ignore[index]
        return items

    days_later(30, unit, manager, clock=clock, db=db)
    assert (duty_of(unit)["state"], listed()) == ("open", []), "the day itself still counts"
    days_later(31, unit, manager, clock=clock, db=db)
    assert duty_of(unit)["state"] == "overdue"
    (row,) = listed()
    assert (row["id"], row["overdue"], row["state"]) == (unit_id, ["经营场所照片"], "active")
    assert listed("recheck") == []
    assert manager.post(f"/office/units/{unit_id}/closing", {"reason": "停业"}).status_code == 200
    assert listed() == [], "a unit that has left has nothing to do"


def test_the_office_gives_more_time_and_asks_once_more(
    unit: Applicant, manager: Colleague, clock: ShiftedClock, db: Session
) -> None:
    duty_id = duty_of(unit)["id"]
    day = f"/office/unit-duties/{duty_id}/day"
    today = day_in_china(clock.now())
    for wrong in (today, today - timedelta(days=1), today + timedelta(days=366)):
        body = {"due_on": wrong.isoformat(), "reason": "正在装修"}
        assert set(refusal(manager.put(day, body), 422, "duty.day_not_later")["errors"]) == {"due_on"}
    later = (today + timedelta(days=60)).isoformat()
    assert manager.put(day, {"due_on": later, "reason": "正在装修"}).status_code == 200
    assert (duty_of(unit)["due_on"], duty_of(unit)["reason"]) == (later, "正在装修")
    hand_in(unit)
    submit(unit)
    assert manager.put(day, {"due_on": later, "reason": "看不清门头"}).status_code == 200
    asked = duty_of(unit)
    assert (asked["state"], asked["reason"], len(asked["documents"])) == ("open", "看不清门头", 1)
    assert audit_actions(db, "unit_duty", duty_id) == [
        "unit_duty.extended",
        "unit_duty.handed_in",
        "unit_duty.asked_again",
    ]


def test_a_unit_is_reminded_once_for_each_mark_and_told_when_the_day_is_over(
    unit: Applicant, clock: ShiftedClock, db: Session
) -> None:
    duty_id = UUID(duty_of(unit)["id"])

    def told_after(days: int) -> int | None:
        clock.ahead = timedelta(days=days)
        remind()
        db.rollback()
        return db.scalar(select(UnitDuty.told_days).where(UnitDuty.id == duty_id))

    assert told_after(0) == 30
    assert [told_after(days) for days in (1, 22, 23, 24, 29, 30, 31, 40)] == [30, 30, 7, 7, 7, 0, -1, -1]


def test_days_that_were_missed_are_told_of_with_the_next_letter() -> None:
    assert [mark_of(days, [30, 7, 0]) for days in (31, 30, 8, 7, 1, 0, -1)] == [
        None,
        30,
        30,
        7,
        7,
        0,
        DAY_IS_OVER,
    ]


def test_the_letter_says_what_and_until_when_and_nothing_when_it_was_handed_in(
    unit: Applicant, clock: ShiftedClock, db: Session
) -> None:
    duty = db.get_one(UnitDuty, UUID(duty_of(unit)["id"]))
    before = len(letters_to(unit.mail, unit.email))
    jobs.send_duty_letter.func(duty_id=str(duty.id), account_id=str(unit.id))
    letter = letters_to(unit.mail, unit.email)[-1]
    assert str(letter["Subject"]).endswith("请办理：经营场所照片")
    text = letter.get_content()
    assert f"{duty.due_on.month}月{duty.due_on.day}日" in text
    assert "#/unit" in text
    clock.ahead = timedelta(days=31)
    jobs.send_duty_letter.func(duty_id=str(duty.id), account_id=str(unit.id))
    assert str(letters_to(unit.mail, unit.email)[-1]["Subject"]).endswith("经营场所照片已经逾期")
    clock.ahead = timedelta()
    hand_in(unit)
    submit(unit)
    jobs.send_duty_letter.func(duty_id=str(duty.id), account_id=str(unit.id))
    assert len(letters_to(unit.mail, unit.email)) == before + 2


def test_a_unit_sees_and_changes_nothing_of_another(
    unit: Applicant, app: Application, db: Session, parts: Parts
) -> None:
    document_id = hand_in(unit).json["id"]  # type: ignore[index]
    stranger = seat(db, app, "unit_editor", unit_id=new_shop(db).unit_id)
    refusal(stranger.delete(f"{DOCUMENTS}/{document_id}"), 404, "not_found")
    refusal(stranger.get(f"{DOCUMENTS}/{document_id}/content"), 404, "not_found")
    refusal(hand_in(stranger), 422, "document.not_asked_for")
    with parts.request_sessions() as scoped:
        enter(scoped, Scope(unit_id=db.get_one(Unit, new_shop(db).unit_id).id))
        assert scoped.query(UnitDuty).count() == scoped.query(UnitDocument).count() == 0


def test_the_same_is_asked_once_at_a_time(db: Session) -> None:
    duty = new_duty(db, new_shop(db).unit_id)
    again = UnitDuty(
        id=new_id(), unit_id=duty.unit_id, what=duty.what, due_on=date(2030, 1, 1), begun_at=duty.begun_at
    )
    db.add(again)
    with pytest.raises(IntegrityError, match="uq_unit_duties_open"):
        db.flush()
    db.rollback()


def test_two_who_hand_in_at_once_do_it_once(unit: Applicant, app: Application, db: Session) -> None:
    hand_in(unit)
    duty_id, unit_id = duty_of(unit)["id"], UUID(unit_id_of(unit))
    people = [seat(db, app, "unit_editor", unit_id=unit_id) for _ in range(4)]
    path = f"/partner/unit/duties/{duty_id}/submission"
    answers = together([lambda person=person: person.post(path) for person in people])
    assert outcomes(answers) == {200: 1, (409, "duty.not_open"): 3}
    assert audit_actions(db, "unit_duty", duty_id) == ["unit_duty.handed_in"]
