"""A list as a file: CSV, or a workbook for people. Each says who took it, when and why."""

import csv
from collections.abc import Iterable, Sequence
from datetime import datetime
from io import BytesIO, StringIO
from typing import Any, Protocol

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from backend.core.clock import CHINA
from backend.incentives.sheets.writing import Mark, neutral, text_cell

Value = str | int | datetime | None
# So that a spreadsheet reads it as UTF-8.
BYTE_ORDER = "\ufeff"
WIDTH = 20
SECONDS = "yyyy-mm-dd hh:mm:ss"


class ListFile(Protocol):
    """A file under way: rows come in batches."""

    def __init__(self, title: str, mark: Mark, heads: Sequence[str]) -> None: ...

    def add(self, rows: Iterable[Sequence[Value]]) -> None: ...

    def finish(self) -> bytes: ...


class CsvFile:
    """The mark stands above the columns."""

    def __init__(self, title: str, mark: Mark, heads: Sequence[str]) -> None:
        self._text = StringIO()
        self._text.write(BYTE_ORDER)
        self._writer = csv.writer(self._text)
        marked = ([name, neutral(text)] for name, text in mark.lines)
        self._writer.writerows([[title], *marked, [], heads])

    def add(self, rows: Iterable[Sequence[Value]]) -> None:
        self._writer.writerows([self._told(value) for value in row] for row in rows)

    def finish(self) -> bytes:
        return self._text.getvalue().encode()

    @staticmethod
    def _told(value: Value) -> str:
        if isinstance(value, datetime):
            return told(value)
        return "" if value is None else neutral(str(value))


class WorkbookFile:
    """The mark is in the file's properties, on every printed page, and on a sheet of its own."""

    def __init__(self, title: str, mark: Mark, heads: Sequence[str]) -> None:
        self._book = Workbook(write_only=True)
        self._sheet = self._book.create_sheet("列表")
        self._sheet.freeze_panes = "A2"
        for place in range(1, len(heads) + 1):
            self._sheet.column_dimensions[get_column_letter(place)].width = WIDTH
        self._book.properties.title = title
        self._book.properties.creator = mark.lines[0][1]
        self._book.properties.description = mark.line
        self._sheet.oddFooter.left.text = mark.line.replace("&", "＆")[:250]
        self._sheet.append([self._bold(head) for head in heads])
        about = self._book.create_sheet("说明")
        about.column_dimensions["B"].width = 3 * WIDTH
        about.append([title])
        for name, text in mark.lines:
            about.append([name, text_cell(about, text)])

    def add(self, rows: Iterable[Sequence[Value]]) -> None:
        for row in rows:
            self._sheet.append([self._cell(value) for value in row])

    def finish(self) -> bytes:
        out = BytesIO()
        self._book.save(out)
        return out.getvalue()

    def _bold(self, head: str) -> Any:
        cell = WriteOnlyCell(self._sheet, head)
        cell.font = Font(bold=True)
        return cell

    def _cell(self, value: Value) -> Any:
        if isinstance(value, str):
            return text_cell(self._sheet, value)
        if isinstance(value, datetime):
            # A workbook knows no zones.
            cell = WriteOnlyCell(self._sheet, value.astimezone(CHINA).replace(tzinfo=None))
            cell.number_format = SECONDS
            return cell
        return value


def told(moment: datetime) -> str:
    return f"{moment.astimezone(CHINA):%Y-%m-%d %H:%M:%S}"


FORMATS: dict[str, type[ListFile]] = {"csv": CsvFile, "xlsx": WorkbookFile}
MEDIA_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
