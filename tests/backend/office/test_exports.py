"""A list leaves the house marked with who took it, when and why; a district's with its own rows only."""

import csv
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import BytesIO, StringIO
from typing import Any
from uuid import uuid4

import pytest
from openpyxl import Workbook, load_workbook
from sqlalchemy.orm import Session

from backend.audit import service as audit
from backend.audit.models import AuditEvent
from backend.core.actor import SYSTEM
from backend.core.clock import ShiftedClock
from backend.incentives.models import Incentive
from backend.office import exporting
from backend.office.jobs import make_export
from backend.office.models import Export
from backend.web.application import Application
from tests.factories.answers import refusal
from tests.factories.catalogue import new_incentive, new_shop
from tests.factories.console import Colleague, seat
from tests.factories.journey import Visitor
from tests.factories.trail import audit_actions, count_rows

NewVisitor = Callable[[], Visitor]
HEADING_ROWS = 7


@pytest.fixture
def manager(app: Application, db: Session) -> Colleague:
    return seat(db, app, "programme_manager")


@pytest.fixture
def claimed(db: Session, visitor: NewVisitor) -> Incentive:
    """Three vouchers of an incentive whose name a spreadsheet would take for a formula."""
    incentive = new_incentive(db, shops=[new_shop(db)], limit_times=9, title="=1+1")
    resident = visitor()
    resident.become_scored(db)
    for _ in range(3):
        assert resident.claim(incentive.id).status_code == 201
    return incentive


def order(person: Colleague, incentive: Incentive, **more: Any) -> Any:
    body = {"list": "vouchers", "purpose": "核对九月账目", "incentive_id": str(incentive.id), **more}
    return person.post("/office/exports", body)


def rows_of(person: Colleague, export_id: str) -> list[list[str]]:
    answer = person.get(f"/office/exports/{export_id}/file")
    assert answer.status_code == 200, answer.text
    assert answer.content_type == "text/csv; charset=utf-8"
    return list(csv.reader(StringIO(answer.get_data().decode("utf-8-sig"))))


def test_a_file_says_who_took_it_when_and_why(manager: Colleague, claimed: Incentive, db: Session) -> None:
    ordered = order(manager, claimed).json
    refusal(manager.get(f"/office/exports/{ordered['id']}/file"), 409, "export.not_ready")
    make_export(export_id=ordered["id"])
    shown: Any = manager.get(f"/office/exports/{ordered['id']}").json
    assert (shown["state"], shown["rows"]) == ("ready", 3)
    rows = rows_of(manager, ordered["id"])
    assert rows[1] == ["导出人", "周敏"]
    assert rows[3] == ["目的", "核对九月账目"]
    assert rows[4] == ["导出编号", ordered["id"]]
    assert len(rows) == HEADING_ROWS + 3
    assert rows[HEADING_ROWS][0] == "'=1+1", "a spreadsheet must not reckon with it"
    assert rows[HEADING_ROWS][2] == "未使用"
    assert audit_actions(db, "export", ordered["id"]) == ["export.ordered", "export.made"]


def test_rows_come_in_batches_and_each_once(
    manager: Colleague, claimed: Incentive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exporting, "BATCH", 2)
    ordered = order(manager, claimed, sort="oldest").json
    make_export(export_id=ordered["id"])
    times = [row[5] for row in rows_of(manager, ordered["id"])[HEADING_ROWS:]]
    assert len(times) == 3
    assert times == sorted(times)


def test_a_job_that_runs_twice_makes_one_file(manager: Colleague, claimed: Incentive, db: Session) -> None:
    ordered = order(manager, claimed).json
    for _ in range(2):
        make_export(export_id=ordered["id"])
    assert count_rows(db, AuditEvent, action="export.made", subject_id=ordered["id"]) == 1


def test_a_list_too_long_for_one_file_is_said_to_be(
    manager: Colleague, claimed: Incentive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exporting, "MOST_ROWS", 2)
    ordered = order(manager, claimed).json
    make_export(export_id=ordered["id"])
    assert manager.get(f"/office/exports/{ordered['id']}").json["state"] == "too_many"  # type: ignore[index]
    refusal(manager.get(f"/office/exports/{ordered['id']}/file"), 409, "export.not_ready")


def test_a_district_takes_its_own_rows_only(app: Application, db: Session, claimed: Incentive) -> None:
    """The shop's unit is of 420202."""
    for district, rows in (("420202", 3), ("420281", 0)):
        person = seat(db, app, "programme_manager", district=district)
        ordered = order(person, claimed).json
        make_export(export_id=ordered["id"])
        assert len(rows_of(person, ordered["id"])) == HEADING_ROWS + rows


def test_without_a_purpose_nothing_leaves(manager: Colleague, claimed: Incentive) -> None:
    for purpose in ("", "查 420204198809069020"):
        answer = refusal(order(manager, claimed, purpose=purpose), 422, "request.invalid")
        assert list(answer["errors"]) == ["purpose"]


def test_after_a_day_the_file_is_gone(
    manager: Colleague, claimed: Incentive, db: Session, clock: ShiftedClock
) -> None:
    ordered = order(manager, claimed).json
    exporting.forget_exports(db, now=clock.now() + exporting.KEPT_FOR - timedelta(minutes=1))
    assert count_rows(db, Export, id=ordered["id"]) == 1
    exporting.forget_exports(db, now=clock.now() + exporting.KEPT_FOR + timedelta(minutes=1))
    assert count_rows(db, Export, id=ordered["id"]) == 0
    db.rollback()


def workbook_of(person: Colleague, path: str) -> Workbook:
    answer = person.get(f"{path}/file")
    assert answer.status_code == 200, answer.text
    assert answer.headers["Content-Disposition"].endswith(".xlsx")
    return load_workbook(BytesIO(answer.get_data()))


def test_a_workbook_is_marked_and_reckons_with_nothing(manager: Colleague, claimed: Incentive) -> None:
    ordered = order(manager, claimed, format="xlsx", purpose="=HYPERLINK(1)").json
    make_export(export_id=ordered["id"])
    book = workbook_of(manager, f"/office/exports/{ordered['id']}")
    assert book.properties.creator == "周敏"
    assert "导出编号：" + ordered["id"] in (book.properties.description or "")
    assert "目的：" in book["列表"].oddFooter.left.text
    assert ["目的", "'=HYPERLINK(1)"] in [[cell.value for cell in row] for row in book["说明"].iter_rows()]
    heads, *rows = book["列表"].iter_rows()
    assert [cell.value for cell in heads][:3] == ["激励项目", "成员单位", "状态"]
    assert len(rows) == 3
    assert (rows[0][0].value, rows[0][0].data_type) == ("'=1+1", "s")
    assert (rows[0][3].value, rows[0][5].is_date) == (1, True)


def test_the_audit_trail_is_taken_along_and_that_is_in_it(app: Application, db: Session) -> None:
    auditor = seat(db, app, "audit_admin")
    subject = str(uuid4())
    audit.record(db, "unit.joined", subject=("unit", subject), actor=SYSTEM, now=datetime.now(UTC), note="=1")
    db.commit()
    body = {"purpose": "年度检查", "format": "xlsx", "subject_id": subject}
    ordered: Any = auditor.post("/office/audit-exports", body).json
    make_export(export_id=ordered["id"])
    path = f"/office/audit-exports/{ordered['id']}"
    assert auditor.get(path).json["rows"] == 1  # type: ignore[index]
    row = [cell.value for cell in list(workbook_of(auditor, path)["列表"].iter_rows())[1]]
    assert row[3:8] == ["unit.joined", "系统", None, "成员单位", subject]
    assert audit_actions(db, "export", ordered["id"]) == ["export.ordered", "export.made"]


def test_who_takes_lists_does_not_take_the_trail_nor_the_other_way_round(
    app: Application, db: Session, manager: Colleague, claimed: Incentive
) -> None:
    auditor = seat(db, app, "audit_admin")
    refusal(manager.post("/office/audit-exports", {"purpose": "核对"}), 403, "permission.missing")
    refusal(order(auditor, claimed), 403, "permission.missing")
    of_district = seat(db, app, "audit_admin", district="420202")
    refusal(of_district.post("/office/audit-exports", {"purpose": "核对"}), 403, "audit.whole_city_only")
