"""What a cell may say, and how each that is wrong is named; one sheet holds many rows."""

from datetime import date, datetime, time
from io import BytesIO
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook
from sqlalchemy.orm import Session

from backend.core.ids import new_id
from backend.incentives.models import IncentiveDraft
from backend.partners.models import Shop
from tests.backend.incentives.sheets.test_importing import drafts_of
from tests.factories.catalogue import new_incentive
from tests.factories.console import Colleague
from tests.factories.sheets import (
    IMPORTS,
    bad_cells,
    checked,
    csv_text,
    lines_of,
    named,
    place_of,
    row,
    saved,
    table,
    taken,
    xlsx,
)
from tests.security.hostile_sheets import packed, parts_of

# A spreadsheet knows no zones.
MIDNIGHT, MORNING = datetime(2026, 9, 1), datetime(2026, 9, 1, 8)  # noqa: DTZ001
# What people write, and what it means.
READ: list[tuple[dict[str, Any], str, Any]] = [
    ({"总名额": "１２０"}, "quota_total", 120),
    ({"总名额": 120.0}, "quota_total", 120),
    ({"总名额": " 120 "}, "quota_total", 120),
    ({"需要的信用分": "８４．５"}, "score_milli", 84_500),
    ({"需要的信用分": 84.5}, "score_milli", 84_500),
    ({"需要的信用分": 0}, "score_milli", 0),
    ({"需要的信用分": None, "需要的等级": "信用优秀"}, "level", "excellent"),
    ({"开始日期": date(2026, 9, 1)}, "valid_from", "2026-09-01"),
    ({"开始日期": MIDNIGHT}, "valid_from", "2026-09-01"),
    ({"开始日期": "2026/9/1"}, "valid_from", "2026-09-01"),
    ({"开始日期": "2026年9月1日"}, "valid_from", "2026-09-01"),
    ({"开始日期": "２０２６．９．１"}, "valid_from", "2026-09-01"),
    ({"开始日期": 20260901}, "valid_from", "2026-09-01"),
    ({"每天从几点": "９：００", "每天到几点": time(18, 30)}, "opens_at", "09:00"),
    ({"每天从几点": "09:00", "每天到几点": time(18, 30)}, "closes_at", "18:30"),
    ({"需要报两位数字": True}, "needs_match", True),
    ({"需要报两位数字": "否"}, "needs_match", False),
    ({"适用区县": "黄石港区；西塞山区、黄石港区"}, "districts", ["420202", "420203"]),
    ({"适用区县": "全市"}, "districts", None),
    ({"适用星期": "周一,周三"}, "weekdays", ["mon", "wed"]),
    ({"适用星期": "每天"}, "weekdays", None),
    ({"使用说明": " 本人使用\n\n 不可转让 "}, "terms", ["本人使用", "不可转让"]),
    ({"名称": "'=1+1"}, "title", "=1+1"),
    ({"名称": 2026}, "title", "2026"),
    ({"每张券可用次数": None}, "uses", None),
    ({"成员单位": "  "}, "title", None),
]
# What keeps a row from being taken: the cells, the column that is named, the code.
WRONG: list[tuple[dict[str, Any], str, str]] = [
    ({"编号": 4_000_000_000}, "编号", "sheet.unknown_number"),
    ({"编号": "新"}, "编号", "sheet.unknown_number"),
    ({"成员单位": "别的单位"}, "成员单位", "sheet.not_your_unit"),
    ({"形式": "票"}, "形式", "sheet.unknown_word"),
    ({"形式": None}, "形式", "draft.incomplete"),
    ({"名称": "长" * 61}, "名称", "content.invalid"),
    ({"名称": None}, "名称", "draft.incomplete"),
    ({"一句话介绍": "一\t二"}, "一句话介绍", "content.invalid"),
    ({"类别": "没有的类别"}, "类别", "sheet.unknown_word"),
    ({"优惠方式": "打折"}, "优惠方式", "sheet.unknown_word"),
    ({"使用说明": "\n".join("一" * 21)}, "使用说明", "content.invalid"),
    ({"需要的信用分": 60, "需要的等级": "信用优秀"}, "需要的等级", "draft.incomplete"),
    ({"需要的信用分": 101}, "需要的信用分", "content.invalid"),
    ({"需要的信用分": "六十"}, "需要的信用分", "sheet.not_a_score"),
    ({"需要的信用分": "NaN"}, "需要的信用分", "sheet.not_a_score"),
    ({"需要的信用分": "1e999999"}, "需要的信用分", "sheet.not_a_score"),
    ({"适用区县": "黄石港区、某区"}, "适用区县", "sheet.unknown_word"),
    ({"适用门店": "没有的门店"}, "适用门店", "sheet.unknown_shop"),
    ({"适用门店": None}, "适用门店", "draft.incomplete"),
    ({"开始日期": "九月一日"}, "开始日期", "sheet.not_a_date"),
    ({"开始日期": "2026-02-30"}, "开始日期", "sheet.not_a_date"),
    ({"开始日期": 46_000}, "开始日期", "sheet.not_a_date"),
    ({"开始日期": MORNING}, "开始日期", "sheet.not_a_date"),
    ({"结束日期": "2019-12-31"}, "结束日期", "draft.incomplete"),
    ({"适用星期": "星期八"}, "适用星期", "sheet.unknown_word"),
    ({"每天从几点": "25:00", "每天到几点": "26:00"}, "每天从几点", "sheet.not_a_time"),
    ({"每天从几点": "09:00"}, "每天到几点", "draft.incomplete"),
    ({"每天从几点": "18:00", "每天到几点": "09:00"}, "每天到几点", "draft.incomplete"),
    ({"每人次数": 0}, "每人次数", "content.invalid"),
    ({"每人次数": 1.5}, "每人次数", "sheet.not_a_number"),
    ({"每人次数": "1,000"}, "每人次数", "sheet.not_a_number"),
    ({"总名额": "9" * 400}, "总名额", "sheet.not_a_number"),
    ({"总名额": 10, "每天名额": 20}, "每天名额", "draft.incomplete"),
    ({"总名额": "=10*10"}, "总名额", "sheet.formula"),
    ({"名称": "=A1"}, "名称", "sheet.formula"),
    ({"形式": "常享权益"}, "总名额", "draft.incomplete"),
    ({"费用由谁承担": "我"}, "费用由谁承担", "sheet.unknown_word"),
    ({"联系方式": "号" * 101}, "联系方式", "content.invalid"),
    ({"名称": "（示例，请改写或删除）图书借阅加倍"}, "名称", "sheet.example"),
]


def test_each_way_of_writing_means_what_people_mean(editor: Colleague, shop: Shop, db: Session) -> None:
    rows = [row(number, **cells) for number, (cells, _field, _value) in enumerate(READ)]
    sheet = taken(editor, xlsx(*rows))
    assert (sheet["bad_cells"], sheet["drafts_made"]) == (0, len(READ)), bad_cells(editor, sheet)
    found = [draft.content for draft in drafts_of(db, shop)]
    for content, (cells, field, value) in zip(found, READ, strict=True):
        if value is not None:
            assert content[field] == value, cells
        elif field != "title":
            assert content.get(field) is None, cells


def test_each_wrong_cell_is_named_by_its_place_and_why(editor: Colleague) -> None:
    rows = [row(number, **cells) for number, (cells, _title, _code) in enumerate(WRONG)]
    content = xlsx(*rows)
    titles = lines_of(content)[0]
    sheet = checked(editor, content)
    told = {(cell["place"], cell["column_title"]): cell["code"] for cell in bad_cells(editor, sheet)}
    letters = load_workbook(BytesIO(content)).active
    for line, (cells, title, code) in enumerate(WRONG, start=2):
        place = letters.cell(line, titles.index(title) + 1).coordinate  # type: ignore[union-attr]
        assert told.get((place, title)) == code, (
            cells,
            {k: v for k, v in told.items() if k[0][1:] == str(line)},
        )
    assert (sheet["new_rows"], sheet["bad_rows"]) == (0, len(WRONG))


def test_texts_that_excel_keeps_apart_are_read(editor: Colleague, shop: Shop, db: Session) -> None:
    """Excel writes each text once, aside, in pieces by their font, with how it is pronounced."""
    parts = parts_of(xlsx(row(1, 名称="借阅加倍")))
    inline = '<c r="{}" t="inlineStr"><is><t>借阅加倍</t></is></c>'.format(place_of("名称")).encode()
    aside = '<c r="{}" t="s"><v>1</v></c>'.format(place_of("名称")).encode()
    sheet = parts["xl/worksheets/sheet1.xml"]
    assert inline in sheet
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    strings = (
        f'<sst xmlns="{space}"><si><t>别的</t></si><si><r><t>借阅</t></r><r><rPr><b/></rPr><t>加倍</t></r>'
        '<rPh sb="0" eb="2"><t>jie yue</t></rPh></si></sst>'
    )
    link = f'<Relationship Id="rId99" Type="{office}" Target="sharedStrings.xml"/></Relationships>'
    listed = f'<Override PartName="/xl/sharedStrings.xml" ContentType="{kind}"/></Types>'
    links, types = parts["xl/_rels/workbook.xml.rels"], parts["[Content_Types].xml"]
    content = packed(
        {
            **parts,
            "xl/worksheets/sheet1.xml": sheet.replace(inline, aside),
            "xl/sharedStrings.xml": strings.encode(),
            "xl/_rels/workbook.xml.rels": links.replace(b"</Relationships>", link.encode()),
            "[Content_Types].xml": types.replace(b"</Types>", listed.encode()),
        }
    )
    assert taken(editor, content)["drafts_made"] == 1
    assert drafts_of(db, shop)[0].content["title"] == "借阅加倍"


def test_merged_cells_are_named_every_one(editor: Colleague) -> None:
    book = Workbook()
    page = book.active
    assert page is not None
    for line in table(row(1), row(2), row(3)):
        page.append(line)
    column = list(row(1)).index("优惠内容") + 1
    page.merge_cells(start_row=2, end_row=3, start_column=column, end_column=column)
    assert named(editor, saved(book)) == {
        place_of("优惠内容", 2): "sheet.merged",
        place_of("优惠内容", 3): "sheet.merged",
    }


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030"])
def test_text_in_the_encodings_of_chinese_offices_is_read(
    editor: Colleague, shop: Shop, db: Session, encoding: str
) -> None:
    assert taken(editor, csv_text(row(1, 名称="二〇二六年借阅")).encode(encoding))["drafts_made"] == 1
    assert drafts_of(db, shop)[0].content["title"] == "二〇二六年借阅"


def test_a_row_that_stands_twice_is_named(editor: Colleague, shop: Shop, db: Session) -> None:
    incentive = new_incentive(db, shops=[shop])
    lines = [["编号", "名称"], [incentive.number, "一"], [incentive.number, "二"]]
    assert named(editor, xlsx(lines=lines)) == {"A3": "sheet.repeated"}
    assert named(editor, xlsx(row(1), row(2), row(1))) == {place_of("名称", 4): "sheet.repeated"}


def test_the_heading_is_named_too(editor: Colleague) -> None:
    lines = [["编号", "名称", "名称", "备注"], [None, "一", "二", "三"]]
    sheet = checked(editor, xlsx(lines=lines))
    assert {cell["place"]: cell["code"] for cell in bad_cells(editor, sheet)} == {
        "C1": "sheet.repeated_column",
        "D1": "sheet.unknown_column",
    }
    assert (sheet["rows_read"], sheet["new_rows"]) == (0, 0)


def test_what_is_under_review_is_not_changed(editor: Colleague, shop: Shop, db: Session) -> None:
    sheet = taken(editor, xlsx(row(1)), submits=True)
    assert sheet["drafts_submitted"] == 1
    draft = drafts_of(db, shop)[0]
    lines = [["编号", "名称"], [str(draft.id), "改一改"]]
    assert named(editor, xlsx(lines=lines)) == {"A2": "draft.not_in_that_state"}


def test_a_quota_that_was_promised_is_not_lowered(editor: Colleague, shop: Shop, db: Session) -> None:
    incentive = new_incentive(db, shops=[shop], quota=100)
    lines = [["编号", "名称", "总名额"], [incentive.number, incentive.title, 99]]
    [cell] = bad_cells(editor, checked(editor, xlsx(lines=lines)))
    assert (cell["place"], cell["code"]) == ("C2", "draft.incomplete")
    assert "100" in cell["sentence"]


def test_shops_of_one_name_go_by_a_number(editor: Colleague, shop: Shop, db: Session) -> None:
    twin = Shop(
        id=new_id(),
        unit_id=shop.unit_id,
        name=shop.name,
        address="人民路 2 号",
        district="420202",
        latitude=30.2,
        longitude=115.0,
    )
    db.add(twin)
    db.commit()
    wanted = f"#{str(twin.id)[-12:]}"
    assert named(editor, xlsx(row(1, 适用门店=shop.name))) == {place_of("适用门店"): "sheet.unknown_shop"}
    taken(editor, xlsx(row(1, 适用门店=wanted)))
    assert drafts_of(db, shop)[0].content["shop_ids"] == [str(twin.id)]


def test_the_file_of_bad_rows_is_coloured_commented_and_can_be_mended(
    editor: Colleague, shop: Shop, db: Session
) -> None:
    sheet = checked(editor, xlsx(row(1), row(2, 总名额="很多"), row(3, 开始日期="=NOW()")))
    file = editor.get(f"{IMPORTS}/{sheet['id']}/bad-rows")
    assert file.status_code == 200
    book = load_workbook(BytesIO(file.data))
    page = book["激励项目"]
    titles = [cell.value for cell in page[1]]
    wrong = page.cell(2, titles.index("总名额") + 1)
    assert [page.cell(line, 1).value for line in (1, 2, 3)] == ["原来的行", 3, 4]
    assert wrong.comment is not None
    assert "整数" in wrong.comment.text
    assert wrong.fill.fgColor.rgb == "00F8CBAD"
    formula = page.cell(3, titles.index("开始日期") + 1)
    assert (formula.value, formula.data_type) == ("'=NOW()", "s"), "a spreadsheet must not reckon with it"
    wrong.value, formula.value = 5, "2026-01-01"
    assert taken(editor, saved(book))["drafts_made"] == 2
    assert {draft.content["quota_total"] for draft in drafts_of(db, shop)} == {5, 100}


def test_a_thousand_bad_cells_are_all_named(editor: Colleague) -> None:
    rows = [row(number, 总名额="很多", 开始日期="昨天") for number in range(500)]
    sheet = checked(editor, xlsx(*rows))
    assert (sheet["bad_rows"], sheet["bad_cells"]) == (500, 1000)
    cells = bad_cells(editor, sheet)
    places = [cell["place"] for cell in cells]
    wanted = [place_of(title, line) for line in range(2, 502) for title in ("开始日期", "总名额")]
    assert places == wanted


def test_a_deal_of_drafts_is_digested_by_its_row(editor: Colleague, shop: Shop, db: Session) -> None:
    """Who edits a draft afterwards does not get a second one from the same sheet."""
    taken(editor, xlsx(row(1)))
    draft = drafts_of(db, shop)[0]
    body = {"revision": 1, "content": {**draft.content, "title": "后来改的"}}
    assert editor.put(f"/partner/incentive-drafts/{draft.id}", body).status_code == 200
    assert checked(editor, xlsx(row(1)))["unchanged_rows"] == 1
    assert editor.delete(f"/partner/incentive-drafts/{draft.id}").status_code == 204
    assert checked(editor, xlsx(row(1)))["new_rows"] == 1, "one that was given up may come again"
    assert isinstance(draft, IncentiveDraft)
