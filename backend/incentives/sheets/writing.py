"""Making workbooks: a list of incentives, the template, the rows that were bad."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from backend.core.sheets.cells import Row
from backend.incentives.sheets.columns import KEYS, SHEET, TITLES
from backend.incentives.sheets.helping import HELP, WIDTHS
from backend.incentives.sheets.judging import Fault
from backend.incentives.sheets.words import FORMULA, MARK, Words

HELP_SHEET, CHOICE_SHEET = "填写说明", "可选内容"
DAY = "yyyy-mm-dd"
BOLD = Font(bold=True)
HEAD = PatternFill("solid", fgColor="DDEBE6")
BAD = PatternFill("solid", fgColor="F8CBAD")
WRAPPED = Alignment(wrap_text=True, vertical="top")
# Choices of one word each; of those with several at a time Excel can offer none.
LISTED = ("form", "category", "benefit_kind", "level", "limit_period", "cost_bearer")
LISTED_YES_NO = ("needs_match", "offline", "has_return")
LAST_LINE = 50_001


@dataclass(frozen=True)
class Mark:
    """Who took a file, when and why: in the file's properties, on every printed page, in its help."""

    lines: Sequence[tuple[str, str]]

    @property
    def line(self) -> str:
        return "  ".join(f"{name}：{text}" for name, text in self.lines)


def neutral(text: str) -> str:
    """What a spreadsheet would take for a formula, as a text."""
    return f"{MARK}{text}" if text.startswith(FORMULA) else text


class SheetWriter:
    """A workbook of incentives, written row by row."""

    def __init__(self, words: Words, mark: Mark | None = None) -> None:
        self._book = Workbook(write_only=True)
        self._words = words
        self._sheet = self._book.create_sheet(SHEET)
        self._sheet.freeze_panes = "A2"
        for place, key in enumerate(KEYS, start=1):
            self._sheet.column_dimensions[get_column_letter(place)].width = WIDTHS.get(key, 14)
        if mark:
            self._book.properties.creator = mark.lines[0][1]
            self._book.properties.description = mark.line
            self._sheet.oddFooter.left.text = mark.line.replace("&", "＆")[:250]
        self._offer_choices()
        self._sheet.append([self._head(TITLES[key]) for key in KEYS])
        self._explain(mark)

    def add(
        self, number: str | int | None, unit: str, content: Mapping[str, Any], shops: Mapping[str, str]
    ) -> None:
        values = [number, unit, *(self._words.write(name, content.get(name), shops) for name in KEYS[2:])]
        self._sheet.append([self._cell(value) for value in values])

    def finish(self) -> bytes:
        out = BytesIO()
        self._book.save(out)
        return out.getvalue()

    def _offer_choices(self) -> None:
        """The allowed words lie in a sheet of their own: a list in the rule may have 255 characters."""
        choices = self._book.create_sheet(CHOICE_SHEET)
        columns = [*LISTED, "needs_match"]
        lists = [list(self._words.names[name].values()) for name in columns]
        choices.append([self._head(TITLES[name]) for name in LISTED] + [self._head("是或否")])
        for line in range(max(map(len, lists))):
            choices.append([each[line] if line < len(each) else None for each in lists])
        for letter, (name, words) in enumerate(zip(columns, lists, strict=True), start=1):
            column = get_column_letter(letter)
            offered = f"'{CHOICE_SHEET}'!${column}$2:${column}${len(words) + 1}"
            rule = DataValidation("list", formula1=offered, allow_blank=True, showErrorMessage=True)
            rule.error, rule.errorTitle = "请从列表里选。", TITLES[name]
            for key in LISTED_YES_NO if name == "needs_match" else (name,):
                place = get_column_letter(KEYS.index(key) + 1)
                rule.add(f"{place}2:{place}{LAST_LINE}")
            self._sheet.data_validations.append(rule)

    def _explain(self, mark: Mark | None) -> None:
        sheet = self._book.create_sheet(HELP_SHEET)
        for letter, width in zip("AB", (22, 90), strict=True):
            sheet.column_dimensions[letter].width = width
        for name, text in mark.lines if mark else ():
            sheet.append([name, neutral(text)])
        sheet.append([self._head("列"), self._head("怎样填")])
        for key in KEYS:
            sheet.append([TITLES[key], HELP[key]])

    def _head(self, title: str) -> Any:
        cell = WriteOnlyCell(self._sheet, title)
        cell.font, cell.fill = BOLD, HEAD
        return cell

    def _cell(self, value: str | int | float | date | None) -> Any:
        if isinstance(value, str):
            return text_cell(self._sheet, value)
        if isinstance(value, date):
            cell = WriteOnlyCell(self._sheet)
            cell.value = value
            cell.number_format = DAY
            return cell
        return value


def text_cell(sheet: Any, text: str) -> Any:
    """Always a text, whatever it begins with."""
    cell = WriteOnlyCell(sheet, neutral(text))
    cell.data_type = "s"
    if "\n" in text:
        cell.alignment = WRAPPED
    return cell


class BadRowsWriter:
    """The rows with bad cells, as they came, the bad ones coloured and commented, to be mended."""

    def __init__(self, heading: Row) -> None:
        self._heading = heading
        self._book: Workbook | None = None

    def add(self, row: Row, faults: Iterable[Fault]) -> None:
        if self._book is None:
            self._book = Workbook(write_only=True)
            self._sheet = self._book.create_sheet(SHEET)
            self._sheet.freeze_panes = "B2"
            self._append(self._heading, [], first=TITLES["line"])
        self._append(row, list(faults), first=row.number)

    def finish(self) -> bytes | None:
        """None when there were no bad rows."""
        if self._book is None:
            return None
        out = BytesIO()
        self._book.save(out)
        return out.getvalue()

    def _append(self, row: Row, faults: Sequence[Fault], *, first: str | int) -> None:
        wrong = {fault.place: fault for fault in faults}
        cells: list[Any] = [first]
        for place in range(1, max(self._heading.cells) + 1):
            held, fault = row.cells.get(place), wrong.get(place)
            cell = text_cell(self._sheet, held.text if held else "")
            if fault:
                cell.fill = BAD
                cell.comment = Comment(fault.sentence, "")
            cells.append(cell)
        self._sheet.append(cells)
