"""A resident reports that a shop did not honour an incentive; the unit answers, the office closes it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from backend.city.serving import current_city
from backend.core.clock import day_in_china
from backend.core.scopes import WHOLE_CITY, Scope, enter
from backend.incentives.models import Incentive
from backend.main import Parts
from backend.partners.models import Shop
from backend.reports import jobs
from backend.reports.models import Report
from backend.web.application import Application
from tests.factories.answers import refusal
from tests.factories.catalogue import new_incentive, new_shop
from tests.factories.console import Colleague, seat
from tests.factories.journey import Visitor
from tests.factories.tables import tables_holding
from tests.factories.trail import audit_actions

NewVisitor = Callable[[], Visitor]
WORDS = "店员说没听过这个优惠，第三号柜台"


@pytest.fixture
def shop(db: Session) -> Shop:
    return new_shop(db, name="磁湖书店")


@pytest.fixture
def incentive(db: Session, shop: Shop) -> Incentive:
    return new_incentive(db, shops=[shop], title="借书免押金")


@pytest.fixture
def resident(visitor: NewVisitor, db: Session) -> Visitor:
    resident = visitor()
    resident.become_scored(db)
    return resident


@pytest.fixture
def unit(app: Application, db: Session, shop: Shop) -> Colleague:
    return seat(db, app, "unit_editor", unit_id=shop.unit_id)


@pytest.fixture
def office(app: Application, db: Session) -> Colleague:
    return seat(db, app, "case_officer")


@pytest.fixture
def report(resident: Visitor, incentive: Incentive, shop: Shop) -> Callable[..., TestResponse]:
    def make(**other: Any) -> TestResponse:
        who = other.pop("who", resident)
        body = {"incentive_id": str(incentive.id), "shop_id": str(shop.id), "reason": "refused"}
        return who.post("/resident/reports", {**body, **other})

    return make


def made(answer: TestResponse) -> dict[str, Any]:
    assert answer.status_code == 201, answer.text
    return dict(answer.json)  # type: ignore[arg-type]


def notices(resident: Visitor) -> list[tuple[str, str]]:
    items: Any = resident.get("/resident/notices").json["items"]  # type: ignore[index]
    return [(item["kind"], item["body"]) for item in items if item["kind"].startswith("report_")]


def test_a_report_is_answered_closed_and_told(
    report: Callable[..., TestResponse], resident: Visitor, unit: Colleague, office: Colleague, db: Session
) -> None:
    first = made(report(text=WORDS, happened_on=day_in_china(datetime.now(UTC)).isoformat()))
    assert (first["state"], first["text"], first["shop"]["name"]) == ("open", WORDS, "磁湖书店")
    listed: Any = unit.get("/partner/reports").json
    assert [(item["id"], item["text"], item["overdue"]) for item in listed["items"]] == [
        (first["id"], WORDS, False)
    ]

    answered = unit.post(f"/partner/reports/{first['id']}/answer", {"answer": "已对店员培训，欢迎再来"})
    assert (answered.status_code, answered.json["state"]) == (200, "answered")  # type: ignore[index]
    for _ in range(2):
        jobs.tell_resident.func(report_id=first["id"], state="answered")
    told = "您反映的“借书免押金”在磁湖书店没有享受到，单位已经答复。点开看看。"
    assert notices(resident) == [("report_answered", told)]
    mine: Any = resident.get(f"/resident/reports/{first['id']}").json
    assert (mine["answer"], mine["outcome"]) == ("已对店员培训，欢迎再来", None)

    closing = {"outcome": "settled", "note": "已回访"}
    closed: Any = office.post(f"/office/reports/{first['id']}/closing", closing).json
    assert (closed["state"], closed["outcome"], closed["note"]) == ("closed", "settled", "已回访")
    jobs.tell_resident.func(report_id=first["id"], state="closed")
    assert [kind for kind, _ in notices(resident)] == ["report_closed", "report_answered"]
    assert resident.get("/resident/reports").json["items"][0]["note"] == "已回访"  # type: ignore[index]
    actions = ["report.made", "report.answered", "report.closed"]
    assert audit_actions(db, "report", first["id"]) == actions


def test_the_unit_and_the_office_never_learn_who_it_was(
    report: Callable[..., TestResponse],
    resident: Visitor,
    unit: Colleague,
    office: Colleague,
    shop: Shop,
    parts: Parts,
) -> None:
    first = made(report(text=WORDS))
    who = resident.tokens["resident"]["id"]
    for answer in (unit.get(f"/partner/reports/{first['id']}"), office.get(f"/office/reports/{first['id']}")):
        assert answer.status_code == 200
        assert who not in answer.text
    with parts.request_sessions() as scoped:
        for scope in (Scope(unit_id=shop.unit_id), Scope(office=WHOLE_CITY), Scope(resident_id=UUID(who))):
            enter(scoped, scope)
            assert UUID(first["id"]) in scoped.scalars(select(Report.id)).all()
            with pytest.raises(DBAPIError, match="permission denied"):
                scoped.execute(text("SELECT resident_id FROM reports"))
            scoped.rollback()


def test_what_somebody_wrote_cannot_be_read_from_the_tables(
    report: Callable[..., TestResponse], unit: Colleague, db: Session
) -> None:
    first = made(report(text=WORDS))
    unit.post(f"/partner/reports/{first['id']}/answer", {"answer": "已经和三号柜台说明"})
    for words in (WORDS, "已经和三号柜台说明"):
        assert tables_holding(db, words) == []


def test_one_report_about_an_incentive_and_a_shop_runs_at_a_time(
    report: Callable[..., TestResponse], visitor: NewVisitor, office: Colleague, db: Session
) -> None:
    first = made(report())
    refusal(report(reason="other"), 409, "report.already_made")
    other = visitor()
    other.become_scored(db)
    made(report(who=other))
    assert office.post(f"/office/reports/{first['id']}/closing", {"outcome": "settled"}).status_code == 200
    made(report())


@pytest.mark.parametrize(
    ("wrong", "code", "field"),
    [
        ({"reason": "made-up"}, "report.unknown_reason", "reason"),
        ({"happened_on": "2020-01-01"}, "report.impossible_day", "happened_on"),
        ({"happened_on": "2999-01-01"}, "report.impossible_day", "happened_on"),
        ({"text": "长" * 301}, "request.invalid", "text"),
    ],
)
def test_what_is_wrong_is_told_at_its_field(
    report: Callable[..., TestResponse], wrong: dict[str, Any], code: str, field: str
) -> None:
    answer = report(**wrong)
    assert (answer.status_code, answer.json["code"], list(answer.json["errors"])) == (422, code, [field])  # type: ignore[index]


def test_a_shop_where_it_does_not_hold_need_not_honour_it(
    report: Callable[..., TestResponse], db: Session
) -> None:
    answer = report(shop_id=str(new_shop(db).id))
    assert answer.json["errors"].keys() == {"shop_id"}  # type: ignore[index]
    refusal(answer, 422, "report.not_held_there")


def test_only_who_has_proven_an_identity_reports(
    report: Callable[..., TestResponse], visitor: NewVisitor
) -> None:
    nobody = visitor()
    nobody.sign_in()
    refusal(report(who=nobody), 409, "identity.not_bound")


def test_another_persons_report_is_not_there(
    report: Callable[..., TestResponse], visitor: NewVisitor, db: Session
) -> None:
    first, stranger = made(report()), visitor()
    stranger.become_scored(db)
    refusal(stranger.get(f"/resident/reports/{first['id']}"), 404, "not_found")
    assert stranger.get("/resident/reports").json["items"] == []  # type: ignore[index]


def test_a_unit_and_a_district_see_their_own_alone(
    report: Callable[..., TestResponse], app: Application, db: Session
) -> None:
    first = made(report())
    other_unit = seat(db, app, "unit_manager", unit_id=new_shop(db).unit_id)
    here, there = (seat(db, app, "case_officer", district=key) for key in ("420202", "420203"))
    assert other_unit.get("/partner/reports").json["items"] == []  # type: ignore[index]
    refusal(other_unit.post(f"/partner/reports/{first['id']}/answer", {"answer": "好"}), 404, "not_found")
    assert here.get(f"/office/reports/{first['id']}").status_code == 200
    refusal(there.get(f"/office/reports/{first['id']}"), 404, "not_found")
    refusal(there.post(f"/office/reports/{first['id']}/closing", {"outcome": "settled"}), 404, "not_found")


def test_a_unit_answers_once_and_nobody_opens_a_closed_report(
    report: Callable[..., TestResponse], unit: Colleague, office: Colleague, db: Session
) -> None:
    first = made(report())
    path = f"/partner/reports/{first['id']}/answer"
    assert unit.post(path, {"answer": "正在了解"}).status_code == 200
    refusal(unit.post(path, {"answer": "已经解决"}), 409, "report.not_open")
    closing = f"/office/reports/{first['id']}/closing"
    assert office.post(closing, {"outcome": "misunderstanding"}).status_code == 200
    refusal(office.post(closing, {"outcome": "settled"}), 409, "report.not_open")
    with pytest.raises(IntegrityError, match="does not become"):
        db.execute(update(Report).where(Report.id == UUID(first["id"])).values(state="open", closed_at=None))
    db.rollback()


def test_the_office_finds_what_its_unit_should_have_answered_by_now(
    report: Callable[..., TestResponse], app: Application, db: Session, shop: Shop
) -> None:
    first, today = made(report()), day_in_china(datetime.now(UTC))
    due_on = current_city().working_days.add(today, current_city().reports.answered_within)
    assert first["due_on"] == due_on.isoformat()
    office = seat(db, app, "programme_manager", district=shop.district)

    def waiting() -> tuple[int, int, list[str]]:
        counted: Any = office.get("/office/figures").json["waiting"]["reports"]  # type: ignore[index]
        late: Any = office.get("/office/reports", overdue="true", unit_id=str(shop.unit_id)).json
        return counted["count"], counted["overdue"], [item["id"] for item in late["items"]]

    count, overdue, late = waiting()
    assert late == []
    made_due = update(Report).where(Report.id == UUID(first["id"]))
    db.execute(made_due.values(due_on=today - timedelta(days=1)))
    db.commit()
    assert waiting() == (count, overdue + 1, [first["id"]])
    assert office.get(f"/office/reports/{first['id']}").json["overdue"] is True  # type: ignore[index]


@pytest.mark.parametrize(
    "impossible",
    [
        {"state": "answered"},
        {"state": "closed"},
        {"outcome": "settled"},
        {"note_cipher": b"x"},
        {"told": "made-up"},
    ],
)
def test_the_database_refuses_what_cannot_be(
    report: Callable[..., TestResponse], db: Session, impossible: dict[str, Any]
) -> None:
    first = made(report())
    with pytest.raises(IntegrityError):
        db.execute(update(Report).where(Report.id == UUID(first["id"])).values(**impossible))
    db.rollback()
