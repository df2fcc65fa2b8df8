"""A sheet comes in: looked through, taken as drafts, taken back; nothing is published by it."""

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.incentives.models import IncentiveDraft
from backend.incentives.sheets import jobs, passing
from backend.partners.models import Shop
from backend.web.application import Application
from backend.web.paging import encode_cursor
from tests.factories.answers import refusal
from tests.factories.catalogue import new_incentive, new_shop
from tests.factories.console import Colleague, seat
from tests.factories.sheets import (
    IMPORTS,
    bad_cells,
    checked,
    exported,
    hand_in,
    lines_of,
    place_of,
    row,
    taken,
    xlsx,
)
from tests.factories.trail import audit_actions


def drafts_of(db: Session, shop: Shop) -> list[IncentiveDraft]:
    query = select(IncentiveDraft).where(IncentiveDraft.unit_id == shop.unit_id).order_by(IncentiveDraft.id)
    return list(db.scalars(query.execution_options(populate_existing=True)))


def test_good_rows_become_drafts_and_bad_cells_are_named(editor: Colleague, shop: Shop, db: Session) -> None:
    content = xlsx(row(1), row(2, 总名额="很多"), row(3))
    sheet = checked(editor, content)
    told = {
        name: sheet[name]
        for name in ("state", "rows_total", "rows_read", "new_rows", "bad_rows", "bad_cells")
    }
    assert told == {
        "state": "checked",
        "rows_total": 3,
        "rows_read": 3,
        "new_rows": 2,
        "bad_rows": 1,
        "bad_cells": 1,
    }
    assert drafts_of(db, shop) == []
    [cell] = bad_cells(editor, sheet)
    assert (cell["place"], cell["column_title"], cell["value"]) == (place_of("总名额", 3), "总名额", "很多")
    assert cell["code"] == "sheet.not_a_number"

    editor.post(f"{IMPORTS}/{sheet['id']}/confirmation", {})
    jobs.take_sheet(import_id=sheet["id"])
    done: Any = editor.get(f"{IMPORTS}/{sheet['id']}").json
    assert (done["state"], done["drafts_made"], done["drafts_submitted"]) == ("imported", 2, 0)
    drafts = drafts_of(db, shop)
    assert [draft.content["title"] for draft in drafts] == ["借阅加倍第 1 号", "借阅加倍第 3 号"]
    assert {draft.state for draft in drafts} == {"draft"}
    assert drafts[0].content["shop_ids"] == [str(shop.id)]
    assert drafts[0].content["terms"] == ["本人使用", "不可转让"]
    assert audit_actions(db, "incentive_draft", str(drafts[0].id)) == ["incentive_draft.begun"]
    assert audit_actions(db, "sheet_import", sheet["id"]) == [
        "sheet.uploaded",
        "sheet.checked",
        "sheet.confirmed",
        "sheet.imported",
    ]
    shown: Any = editor.get(f"/partner/incentive-drafts/{drafts[0].id}").json
    assert shown["content"]["quota_total"] == 100


def test_what_is_taken_out_and_put_in_again_changes_nothing(
    editor: Colleague, shop: Shop, db: Session
) -> None:
    for fields in ({"title": "=1+1"}, {"districts": ["420202", "420203"], "weekdays": ["mon", "sun"]}):
        new_incentive(db, shops=[shop], **fields)
    content = exported(editor)
    lines = lines_of(content)
    assert len(lines) == 3
    assert sorted(line[3] for line in lines[1:])[0] == "'=1+1"
    sheet = checked(editor, content)
    assert (sheet["unchanged_rows"], sheet["bad_cells"]) == (2, 0), bad_cells(editor, sheet)
    refusal(editor.post(f"{IMPORTS}/{sheet['id']}/confirmation"), 409, "sheet.nothing_to_import")


def test_a_sheet_handed_in_twice_makes_no_second_draft(editor: Colleague, shop: Shop, db: Session) -> None:
    content = xlsx(row(1), row(2))
    assert taken(editor, content)["drafts_made"] == 2
    again = checked(editor, content)
    assert (again["new_rows"], again["unchanged_rows"]) == (0, 2)
    assert len(drafts_of(db, shop)) == 2


def test_a_published_incentive_is_changed_by_a_draft_of_a_new_version(
    editor: Colleague, shop: Shop, db: Session
) -> None:
    incentive = new_incentive(db, shops=[shop], contact="0714-1")
    changed = xlsx(lines=[["编号", "名称", "联系方式"], [incentive.number, "新的名称", None]])
    assert taken(editor, changed)["drafts_made"] == 1
    [draft] = drafts_of(db, shop)
    assert (draft.incentive_id, draft.base_version) == (incentive.id, 1)
    assert draft.content["title"] == "新的名称"
    assert draft.content["benefit"] == incentive.benefit, "what the sheet does not name stays"
    assert draft.content.get("contact") is None, "an empty cell empties"
    again = checked(editor, changed)
    assert again["unchanged_rows"] == 1
    lines = [["编号", "名称"], [incentive.number, "更新的名称"]]
    assert taken(editor, xlsx(lines=lines))["drafts_changed"] == 1
    [draft] = drafts_of(db, shop)
    assert (draft.content["title"], draft.revision) == ("更新的名称", 2)


def test_what_was_imported_is_taken_back_unless_somebody_has_touched_it(
    editor: Colleague, shop: Shop, db: Session
) -> None:
    sheet = taken(editor, xlsx(row(1), row(2), row(3)), submits=True)
    assert sheet["drafts_submitted"] == 3
    touched = drafts_of(db, shop)[0]
    assert touched.state == "submitted"
    assert editor.post(f"/partner/incentive-drafts/{touched.id}/withdrawal").status_code == 200
    body = {"revision": 1, "content": {"title": "改过"}}
    assert editor.put(f"/partner/incentive-drafts/{touched.id}", body).status_code == 200
    assert editor.post(f"{IMPORTS}/{sheet['id']}/undoing").status_code == 200
    jobs.undo_sheet(import_id=sheet["id"])
    done: Any = editor.get(f"{IMPORTS}/{sheet['id']}").json
    assert (done["state"], done["drafts_removed"]) == ("undone", 2)
    assert [draft.id for draft in drafts_of(db, shop)] == [touched.id]
    assert audit_actions(db, "sheet_import", sheet["id"])[-2:] == ["sheet.undoing", "sheet.undone"]


def test_a_unit_imports_for_itself_only(editor: Colleague, shop: Shop, db: Session, app: Application) -> None:
    other = new_shop(db)
    foreign = new_incentive(db, shops=[other])
    sheet = checked(editor, xlsx(row(1, 成员单位=other.unit.name), row(2, 编号=foreign.number)))
    assert {cell["place"]: cell["code"] for cell in bad_cells(editor, sheet)} == {
        "B2": "sheet.not_your_unit",
        "A3": "sheet.unknown_number",
    }
    office = seat(db, app, "programme_manager", district="420203")
    side = "/office/incentive-sheets/imports"
    sheet = checked(office, xlsx(row(1, 成员单位=other.unit.name)), side=side)
    assert [cell["code"] for cell in bad_cells(office, sheet, side=side)] == ["sheet.unknown_unit"]
    office = seat(db, app, "programme_manager")
    made = taken(office, xlsx(row(1, 成员单位=other.unit.name), row(1, 成员单位=shop.unit.name)), side=side)
    assert made["drafts_made"] == 2
    assert [draft.unit_id for draft in drafts_of(db, other)] == [other.unit_id]


def test_one_sheet_at_a_time(editor: Colleague) -> None:
    first = hand_in(editor, xlsx(row(1))).json
    refusal(hand_in(editor, xlsx(row(2))), 409, "sheet.busy")
    assert editor.post(f"{IMPORTS}/{first['id']}/cancellation").json["state"] == "cancelled"  # type: ignore[index]
    jobs.check_sheet(import_id=first["id"])
    assert editor.get(f"{IMPORTS}/{first['id']}").json["rows_read"] == 0  # type: ignore[index]
    assert hand_in(editor, xlsx(row(2))).status_code == 202


def test_a_job_that_runs_twice_makes_the_drafts_once(editor: Colleague, shop: Shop, db: Session) -> None:
    sheet = checked(editor, xlsx(row(1), row(2, 总名额="很多")))
    assert editor.post(f"{IMPORTS}/{sheet['id']}/confirmation").status_code == 200
    for _ in range(2):
        jobs.take_sheet(import_id=sheet["id"])
        jobs.check_sheet(import_id=sheet["id"])
    assert len(drafts_of(db, shop)) == 1
    assert UUID(sheet["id"]) == drafts_of(db, shop)[0].sheet_import_id


def test_one_sees_how_far_it_has_come_and_stops_it_in_between(
    editor: Colleague, shop: Shop, db: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before the third step somebody looks, and before the fourth they stop it."""
    sheet = checked(editor, xlsx(*(row(number) for number in range(10))))
    monkeypatch.setattr(passing, "BATCH", 2)
    steps, seen, step = iter(range(1, 100)), [], passing.Pass.step

    def watched(way: passing.Pass) -> Any:
        number = next(steps)
        if number == 3:
            seen.append(editor.get(f"{IMPORTS}/{sheet['id']}").json["rows_read"])  # type: ignore[index]
        if number == 4:
            assert editor.post(f"{IMPORTS}/{sheet['id']}/cancellation").status_code == 200
        return step(way)

    monkeypatch.setattr(passing.Pass, "step", watched)
    assert editor.post(f"{IMPORTS}/{sheet['id']}/confirmation").status_code == 200
    jobs.take_sheet(import_id=sheet["id"])
    stopped: Any = editor.get(f"{IMPORTS}/{sheet['id']}").json
    assert seen == [4]
    assert (stopped["state"], stopped["drafts_made"]) == ("cancelled", 6)
    assert len(drafts_of(db, shop)) == 6
    editor.post(f"{IMPORTS}/{sheet['id']}/undoing")
    jobs.undo_sheet(import_id=sheet["id"])
    assert drafts_of(db, shop) == []


def test_a_job_that_was_broken_off_begins_anew_and_makes_nothing_twice(
    editor: Colleague, shop: Shop, db: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    sheet = checked(editor, xlsx(*(row(number) for number in range(6))))
    monkeypatch.setattr(passing, "BATCH", 2)
    assert editor.post(f"{IMPORTS}/{sheet['id']}/confirmation").status_code == 200
    take, calls = passing.take_rows, iter(range(1, 100))

    def breaks_off(*told: Any, **named: Any) -> None:
        if next(calls) == 2:
            raise RuntimeError("killed")
        take(*told, **named)

    monkeypatch.setattr(passing, "take_rows", breaks_off)
    with pytest.raises(RuntimeError):
        jobs.take_sheet(import_id=sheet["id"])
    assert len(drafts_of(db, shop)) == 2, "what was committed stays"
    jobs.take_sheet(import_id=sheet["id"])
    done: Any = editor.get(f"{IMPORTS}/{sheet['id']}").json
    assert (done["state"], done["rows_read"], done["drafts_made"]) == ("imported", 6, 6)
    assert len(drafts_of(db, shop)) == 6


def test_many_batches_are_taken_whole(
    editor: Colleague, shop: Shop, db: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After some batches PostgreSQL keeps the plan of a statement; it must still find its index."""
    many = 800
    monkeypatch.setattr(passing, "BATCH", 20)
    sheet = taken(editor, xlsx(*(row(number) for number in range(many))))
    assert (sheet["rows_read"], sheet["drafts_made"]) == (many, many)
    titles = [draft.content["title"] for draft in drafts_of(db, shop)]
    assert titles == [f"借阅加倍第 {number} 号" for number in range(many)], "in the order of the sheet"
    monkeypatch.setattr(jobs, "BATCH", 300)
    assert editor.post(f"{IMPORTS}/{sheet['id']}/undoing").status_code == 200
    jobs.undo_sheet(import_id=sheet["id"])
    assert drafts_of(db, shop) == []


def test_a_place_in_the_list_of_bad_cells_is_no_door(editor: Colleague) -> None:
    sheet = checked(editor, xlsx(row(1, 总名额="多")))
    for key in ([10**30, 1], ["x", 1], [1], [1.5, 1], [None, None]):
        place = f"{IMPORTS}/{sheet['id']}/bad-cells"
        assert editor.get(place, cursor=encode_cursor(key)).status_code in (200, 422), key
