"""Sheets of incentives as people make them, handed in over the interface."""

import csv
from collections.abc import Sequence
from io import BytesIO, StringIO
from typing import Any

from openpyxl import Workbook, load_workbook

from backend.incentives.sheets import jobs
from backend.incentives.sheets.columns import TITLES
from backend.partners.models import Shop
from tests.factories.console import Colleague
from tests.factories.files import form

IMPORTS, EXPORTS = "/partner/incentive-sheets/imports", "/partner/incentive-sheets/exports"
# A row that may become a draft, by our titles.
ROW: dict[str, Any] = {
    "编号": None,
    "成员单位": None,
    "形式": "券",
    "名称": "图书馆借阅加倍",
    "一句话介绍": "凭信用分多借十本书",
    "类别": "文化体育旅游",
    "优惠方式": "增额或延期",
    "优惠内容": "可借二十本",
    "使用说明": "本人使用\n不可转让",
    "需要的信用分": 60,
    "适用门店": "全部门店",
    "开始日期": "2020-01-01",
    "结束日期": "2099-12-31",
    "每人次数": 1,
    "次数按什么算": "总共",
    "领取后多少天内有效": 30,
    "总名额": 100,
    "费用由谁承担": "成员单位",
}


def row(number: int = 1, **cells: Any) -> dict[str, Any]:
    return {**ROW, "名称": f"借阅加倍第 {number} 号", **cells}


def table(*rows: dict[str, Any]) -> list[list[Any]]:
    """With the heading."""
    titles = list(dict.fromkeys(title for each in (ROW, *rows) for title in each))
    return [titles, *([each.get(title) for title in titles] for each in rows)]


def xlsx(
    *rows: dict[str, Any], lines: Sequence[Sequence[Any]] | None = None, sheet: str = "激励项目"
) -> bytes:
    book = Workbook()
    page = book.active
    assert page is not None
    page.title = sheet
    for line in lines or table(*rows):
        page.append(list(line))
    return saved(book)


def saved(book: Workbook) -> bytes:
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def csv_text(*rows: dict[str, Any]) -> str:
    out = StringIO()
    csv.writer(out).writerows(table(*rows))
    return out.getvalue()


def hand_in(person: Colleague, content: bytes, *, side: str = IMPORTS, name: str = "项目.xlsx") -> Any:
    return person.call("POST", side, **form(content, name))


def checked(person: Colleague, content: bytes, *, side: str = IMPORTS) -> dict[str, Any]:
    """A sheet that was handed in and looked through."""
    answer = hand_in(person, content, side=side)
    assert answer.status_code == 202, answer.text
    jobs.check_sheet(import_id=answer.json["id"])
    shown: dict[str, Any] = person.get(f"{side}/{answer.json['id']}").json  # type: ignore[assignment]
    return shown


def taken(person: Colleague, content: bytes, *, side: str = IMPORTS, submits: bool = False) -> dict[str, Any]:
    """A sheet whose good rows became drafts."""
    sheet = checked(person, content, side=side)
    answer = person.post(f"{side}/{sheet['id']}/confirmation", {"submits": submits})
    assert answer.status_code == 200, answer.text
    jobs.take_sheet(import_id=sheet["id"])
    shown: dict[str, Any] = person.get(f"{side}/{sheet['id']}").json  # type: ignore[assignment]
    return shown


def bad_cells(person: Colleague, sheet: dict[str, Any], *, side: str = IMPORTS) -> list[dict[str, Any]]:
    """All of them, page by page."""
    found: list[dict[str, Any]] = []
    query: dict[str, Any] = {"limit": 200}
    while True:
        page: Any = person.get(f"{side}/{sheet['id']}/bad-cells", **query).json
        found += page["items"]
        if page["next_cursor"] is None:
            return found
        query["cursor"] = page["next_cursor"]


def named(person: Colleague, content: bytes, *, side: str = IMPORTS) -> dict[str, str]:
    """The code of each bad cell by its place."""
    return {
        cell["place"]: cell["code"]
        for cell in bad_cells(person, checked(person, content, side=side), side=side)
    }


def exported(person: Colleague, *, side: str = EXPORTS, **query: Any) -> bytes:
    body = {"list": "incentives", "purpose": "核对项目", **query}
    answer = person.post(side, body)
    assert answer.status_code == 202, answer.text
    jobs.make_sheet(export_id=answer.json["id"])  # type: ignore[index]
    file = person.get(f"{side}/{answer.json['id']}/file")  # type: ignore[index]
    assert file.status_code == 200, file.text
    return file.data


def lines_of(content: bytes, sheet: str = "激励项目") -> list[tuple[Any, ...]]:
    return list(load_workbook(BytesIO(content))[sheet].iter_rows(values_only=True))


def place_of(title: str, line: int = 2) -> str:
    """Where a column stands in the sheets of `table`."""
    from openpyxl.utils import get_column_letter

    return f"{get_column_letter(list(ROW).index(title) + 1)}{line}"


def names_of_shops(*shops: Shop) -> str:
    return "、".join(shop.name for shop in shops)


ALL_TITLES = [title for key, title in TITLES.items() if key != "line"]
