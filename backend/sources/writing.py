"""Refused rows as a workbook, to be mended and handed in again: the bad cells coloured and commented."""

from collections.abc import Iterable
from io import BytesIO
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter

from backend.sources.columns import FAULTS, FIELDS, LINE, SHEET, TITLES

# In one file; when these are mended, the next are there.
MOST_ROWS = 10_000
BOLD = Font(bold=True)
HEAD = PatternFill("solid", fgColor="DDEBE6")
BAD = PatternFill("solid", fgColor="F8CBAD")
TEXT = "@"
COLUMNS = (LINE, *FIELDS, FAULTS)
WIDTHS = {LINE: 10, "id_number": 24, "indicator": 24, "key": 24, FAULTS: 70}


def template() -> bytes:
    """An empty file with its heading."""
    return write_refused([], columns=FIELDS)


def write_refused(rows: Iterable[dict[str, Any]], *, columns: tuple[str, ...] = COLUMNS) -> bytes:
    """`rows` as they are shown on the page, with their whole values."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(SHEET)
    sheet.freeze_panes = "A2"
    for place, key in enumerate(columns, start=1):
        dimension = sheet.column_dimensions[get_column_letter(place)]
        # Numbers of 18 digits stay what they are only in a column of texts.
        dimension.width, dimension.number_format = WIDTHS.get(key, 14), TEXT
    sheet.append([_cell(sheet, TITLES[key], font=BOLD, fill=HEAD) for key in columns])
    for row in rows:
        wrong = {each["column"]: each["sentence"] for each in row["faults"]}
        texts = {
            **row["values"],
            LINE: str(row["row"]),
            FAULTS: "".join(each["sentence"] for each in row["faults"]),
        }
        sheet.append([_of_row(sheet, texts.get(key, ""), wrong.get(key)) for key in columns])
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _of_row(sheet: Any, text: str, why_bad: str | None) -> Any:
    if why_bad is None:
        return _cell(sheet, text)
    cell = _cell(sheet, text, fill=BAD)
    cell.comment = Comment(why_bad, "")
    return cell


def _cell(sheet: Any, text: str, **look: Any) -> Any:
    """Always a text, whatever it begins with."""
    cell = WriteOnlyCell(sheet, "")
    cell.value = ILLEGAL_CHARACTERS_RE.sub("", text)
    cell.data_type, cell.number_format = "s", TEXT
    for name, value in look.items():
        setattr(cell, name, value)
    return cell
