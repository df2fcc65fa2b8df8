"""A list goes out as a sheet, marked with who took it, when and why; and an empty one to begin with."""

from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook
from sqlalchemy import update
from sqlalchemy.orm import Session

from backend.core.clock import ShiftedClock
from backend.incentives.sheets import exporting, importing, jobs
from backend.incentives.sheets.columns import KEYS, TITLES
from backend.incentives.sheets.helping import HELP
from backend.incentives.sheets.models import SheetExport, SheetImport
from backend.incentives.sheets.storage import sheet_store
from backend.partners.models import Shop, Unit, UnitState
from backend.web.application import Application
from tests.factories.answers import refusal
from tests.factories.catalogue import new_incentive, new_shop
from tests.factories.console import Colleague, seat
from tests.factories.drafts import begun_draft, submitted_draft, whole_content
from tests.factories.sheets import (
    EXPORTS,
    bad_cells,
    checked,
    exported,
    hand_in,
    lines_of,
    named,
    row,
    taken,
    xlsx,
)
from tests.factories.trail import audit_actions, count_rows

OFFICE = "/office/incentive-sheets/exports"


def titles_in(content: bytes) -> list[str]:
    return sorted(str(line[KEYS.index("title")]) for line in lines_of(content)[1:])


def test_a_sheet_says_who_took_it_when_and_why(editor: Colleague, shop: Shop, db: Session) -> None:
    new_incentive(db, shops=[shop])
    content = exported(editor, purpose="核对九月项目")
    book = load_workbook(BytesIO(content))
    told = dict(line[:2] for line in book["填写说明"].iter_rows(max_row=4, values_only=True))
    assert (told["导出人"], told["目的"]) == ("周敏", "核对九月项目")
    assert audit_actions(db, "sheet_export", told["导出编号"]) == [
        "sheet_export.ordered",
        "sheet_export.made",
    ]
    assert book.properties.creator == "周敏"
    for place in (book.properties.description, book["激励项目"].oddFooter.left.text):
        assert "核对九月项目" in str(place)
        assert str(told["导出编号"]) in str(place)
    assert [cell.value for cell in book["激励项目"][1]] == [TITLES[key] for key in KEYS]


def test_a_list_goes_out_as_it_is_narrowed(editor: Colleague, shop: Shop, db: Session) -> None:
    for title, more in (
        ("借书", {}),
        ("还书", {"category": "dining_shopping"}),
        ("借伞", {"state": "ended"}),
    ):
        new_incentive(db, shops=[shop], title=title, **more)
    assert titles_in(exported(editor)) == ["借书", "借伞", "还书"]
    assert titles_in(exported(editor, q="借", state="published")) == ["借书"]
    assert titles_in(exported(editor, category="dining_shopping", sort="ends")) == ["还书"]
    refusal(
        editor.post(EXPORTS, {"list": "incentives", "purpose": "核对", "sort": "waiting"}),
        422,
        "request.invalid",
    )
    refusal(
        editor.post(EXPORTS, {"list": "incentives", "purpose": "核对", "state": "draft"}),
        422,
        "request.invalid",
    )
    refusal(editor.post(EXPORTS, {"list": "incentives", "purpose": "查 13800138000"}), 422, "request.invalid")


def test_drafts_go_out_and_come_in_unchanged_whatever_their_state(
    editor: Colleague, shop: Shop, db: Session
) -> None:
    begun_draft(editor, {"title": "才开始写"})
    begun_draft(editor, whole_content(shop, title="写好了", opens_at="09:00", closes_at="18:30"))
    submitted_draft(editor, shop, title="交上去了")
    content = exported(editor, list="incentive-drafts")
    assert titles_in(content) == ["交上去了", "写好了", "才开始写"]
    sheet = checked(editor, content)
    assert (sheet["unchanged_rows"], sheet["bad_cells"]) == (3, 0), bad_cells(editor, sheet)


def test_each_sees_their_own(app: Application, editor: Colleague, shop: Shop, db: Session) -> None:
    title = f"只属于 {shop.name}"
    new_incentive(db, shops=[shop], title=title)
    stranger = seat(db, app, "unit_editor", unit_id=new_shop(db).unit_id)
    other_district = seat(db, app, "reviewer", district="420203")
    assert titles_in(exported(editor, q=title)) == [title]
    assert titles_in(exported(stranger, q=title)) == []
    assert titles_in(exported(other_district, side=OFFICE, q=title)) == []
    for person in (seat(db, app, "reviewer", district="420202"), seat(db, app, "reviewer")):
        assert titles_in(exported(person, side=OFFICE, q=title)) == [title]


def test_what_a_suspended_unit_published_comes_in_unchanged_but_not_changed(
    app: Application, shop: Shop, db: Session
) -> None:
    incentive = new_incentive(db, shops=[shop], title=f"停了的 {shop.name}")
    office = seat(db, app, "programme_manager")
    content = exported(office, side=OFFICE, q=incentive.title)
    db.execute(update(Unit).where(Unit.id == shop.unit_id).values(state=UnitState.SUSPENDED))
    db.commit()
    side = "/office/incentive-sheets/imports"
    assert checked(office, content, side=side)["unchanged_rows"] == 1
    lines = [["编号", "名称"], [incentive.number, "改名"]]
    assert named(office, xlsx(lines=lines), side=side) == {"A2": "unit.not_active"}


def test_a_list_comes_in_batches_and_one_that_is_too_long_is_said_to_be(
    editor: Colleague, shop: Shop, db: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(5):
        new_incentive(db, shops=[shop], title=f"第 {number} 个")
    monkeypatch.setattr(exporting, "BATCH", 2)
    assert titles_in(exported(editor)) == [f"第 {number} 个" for number in range(5)]
    monkeypatch.setattr(exporting, "MOST_ROWS", 3)
    ordered: Any = editor.post(EXPORTS, {"list": "incentives", "purpose": "核对"}).json
    jobs.make_sheet(export_id=ordered["id"])
    assert editor.get(f"{EXPORTS}/{ordered['id']}").json["state"] == "too_many"  # type: ignore[index]
    refusal(editor.get(f"{EXPORTS}/{ordered['id']}/file"), 409, "sheet.not_ready")


def test_the_template_offers_choices_explains_each_column_and_shows_an_example(editor: Colleague) -> None:
    file = editor.get("/partner/incentive-sheets/template")
    assert file.status_code == 200
    assert file.headers["Content-Disposition"] == 'attachment; filename="template.xlsx"'
    book = load_workbook(BytesIO(file.data))
    page = book["激励项目"]
    rules = page.data_validations.dataValidation
    assert len(rules) == 7
    assert {rule.type for rule in rules} == {"list"}
    choices = list(book["可选内容"].iter_rows(values_only=True))
    assert tuple(line[0] for line in choices[1:3]) == ("券", "常享权益")
    explained = {line[0] for line in book["填写说明"].iter_rows(values_only=True)}
    assert explained >= {TITLES[key] for key in KEYS} == {TITLES[key] for key in HELP}
    assert named(editor, file.data)["D2"] == "sheet.example", "so that nobody hands it in by mistake"


def test_a_mended_example_becomes_a_draft(editor: Colleague, shop: Shop) -> None:
    book = load_workbook(BytesIO(editor.get("/partner/incentive-sheets/template").data))
    page = book["激励项目"]
    page.cell(2, KEYS.index("title") + 1).value = "图书借阅加倍"
    page.cell(2, KEYS.index("shop_ids") + 1).value = shop.name
    out = BytesIO()
    book.save(out)
    assert taken(editor, out.getvalue())["drafts_made"] == 1


def test_files_are_forgotten_in_time_and_the_drafts_stay(
    editor: Colleague, shop: Shop, db: Session, clock: ShiftedClock
) -> None:
    exported(editor)
    kept = taken(editor, xlsx(row(1), row(2, 总名额="多")))
    late = hand_in(editor, xlsx(row(3))).json
    importing.forget_sheets(db, now=clock.now() + exporting.KEPT_FOR)
    assert count_rows(db, SheetExport, account_id=editor.id) == 0
    assert count_rows(db, SheetImport, account_id=editor.id) == 2
    importing.forget_sheets(db, now=clock.now() + importing.KEPT_FOR)
    assert count_rows(db, SheetImport, account_id=editor.id) == 0, "also one that a job never finished"
    swept = importing.sweep_files(db, sheet_store(), now=clock.now() + importing.ORPHANED_AFTER)
    assert swept >= 3, "the two sheets and the file of bad rows"
    db.commit()
    refusal(editor.get(f"/partner/incentive-sheets/imports/{kept['id']}"), 404, "not_found")
    assert late
    drafts: Any = editor.get("/partner/incentive-drafts").json
    assert len(drafts["items"]) == 1
