"""Reading a workbook (.xlsx) that a stranger may have made.

What it claims is checked before openpyxl sees it: how much it holds unpacked, that no part brings
definitions of its own (DTD), macros or links to other files. Formulas are not reckoned with, and of a
merged range no cell has a value: its row is not clear.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time
from io import BytesIO
from typing import Any
from xml.parsers import expat
from zipfile import BadZipFile, ZipFile

from openpyxl import load_workbook
from openpyxl.utils.cell import range_boundaries

from backend.core.sheets.cells import Cell, Kind, Row
from backend.core.sheets.verdicts import Refused, Verdict

MOST_PARTS = 500
MOST_UNPACKED = 400 * 1024 * 1024
MOST_COLUMNS = 100
MOST_MERGED_ROWS = 100_000
LAST_ROW = 200_000
LOCKED = 0x1
MACROS = re.compile(r"vbaProject|/activeX/|/embeddings/|/macrosheets/", re.IGNORECASE)
LINKS = re.compile(r"/externalLinks/|/connections\.xml$", re.IGNORECASE)
MACRO_TYPE = b"macroEnabled"
XML = (".xml", ".rels", ".vml")
UNITS_OF_UTF16 = (b"\xff\xfe", b"\xfe\xff", b"<\x00", b"\x00<")


@dataclass
class Outline:
    """What the sheet's own text says: how many rows hold something, and by row which columns are merged."""

    rows: int = 0
    merged: dict[int, list[tuple[int, int, str]]] = field(default_factory=lambda: defaultdict(list))
    _is_filled: bool = False
    _merged_rows: int = 0

    def begin(self, name: str, attributes: dict[str, str]) -> None:
        if name == "row":
            self._is_filled = False
        elif name in ("v", "is", "f") and not self._is_filled:
            self._is_filled = True
            self.rows += 1
        elif name == "mergeCell":
            self._merge(attributes.get("ref", ""))

    def _merge(self, ref: str) -> None:
        left, top, right, bottom = (edge or 1 for edge in range_boundaries(ref))
        self._merged_rows += bottom - top + 1
        if self._merged_rows > MOST_MERGED_ROWS:
            raise Refused(Verdict.TOO_COMPLEX)
        for row in range(top, bottom + 1):
            self.merged[row].append((left, min(right, MOST_COLUMNS), ref))


def read_workbook(content: bytes, *, sheet_name: str) -> tuple[int, Iterator[Row]]:
    """How many rows hold something, and the rows, of the sheet of that name or of the first."""
    try:
        with ZipFile(BytesIO(content)) as archive:
            _check_archive(archive)
    except BadZipFile:
        raise Refused(Verdict.UNREADABLE) from None
    book = load_workbook(BytesIO(content), read_only=True, keep_links=False)
    sheet = _chosen(book, sheet_name)
    outline = Outline()
    with ZipFile(BytesIO(content)) as archive:
        _scan(archive, sheet._worksheet_path.lstrip("/"), outline)
    if not outline.rows:
        raise Refused(Verdict.EMPTY)
    # What a file says about its own extent may be wrong.
    sheet.reset_dimensions()
    return outline.rows, _rows(sheet, outline)


def _check_archive(archive: ZipFile) -> None:
    parts = archive.infolist()
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise Refused(Verdict.TOO_COMPLEX)
    names = [part.filename for part in parts]
    if "[Content_Types].xml" not in names or "xl/workbook.xml" not in names:
        raise Refused(Verdict.WRONG_TYPE)
    if any(part.flag_bits & LOCKED for part in parts):
        raise Refused(Verdict.OLD_OR_LOCKED)
    if any(MACROS.search(name) for name in names) or MACRO_TYPE in archive.read("[Content_Types].xml"):
        raise Refused(Verdict.ACTIVE)
    if any(LINKS.search(name) for name in names):
        raise Refused(Verdict.LINKED)
    for name in names:
        if name.lower().endswith(XML):
            _scan(archive, name)


def _scan(archive: ZipFile, name: str, outline: Outline | None = None) -> None:
    """Walk through a part without building anything of it; definitions of its own are refused."""
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = _refuse_definitions
    parser.EntityDeclHandler = _refuse_definitions
    if outline:
        parser.StartElementHandler = lambda tag, attributes: outline.begin(tag.rpartition(":")[2], attributes)
    with archive.open(name) as part:
        start = part.read(2)
        if start in UNITS_OF_UTF16:
            raise Refused(Verdict.UNREADABLE)
        try:
            parser.Parse(start)
            parser.ParseFile(part)
        except expat.ExpatError:
            raise Refused(Verdict.UNREADABLE) from None


def _refuse_definitions(*_declared: Any) -> None:
    raise Refused(Verdict.ACTIVE)


def _chosen(book: Any, name: str) -> Any:
    """The sheet of that name, else the first that is seen; what is hidden is not read."""
    seen = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    named = [sheet for sheet in seen if sheet.title.strip() == name]
    if not seen:
        raise Refused(Verdict.EMPTY)
    return (named or seen)[0]


def _rows(sheet: Any, outline: Outline) -> Iterator[Row]:
    for number, cells in enumerate(sheet.iter_rows(max_col=MOST_COLUMNS + 1), start=1):
        if number > LAST_ROW:
            raise Refused(Verdict.TOO_MANY_ROWS)
        found = {
            column: read
            for column, cell in enumerate(cells, start=1)
            if (read := _read(cell.value, cell.data_type))
        }
        if MOST_COLUMNS + 1 in found:
            raise Refused(Verdict.TOO_WIDE)
        if not found:
            continue
        for left, right, ref in outline.merged.get(number, ()):
            found |= dict.fromkeys(range(left, right + 1), Cell(Kind.MERGED, ref))
        yield Row(number, found)


def _read(value: Any, data_type: str) -> Cell | None:
    match value:
        case None | "":
            return None
        case _ if data_type == "f":
            return Cell(Kind.FORMULA, str(getattr(value, "text", value)))
        case _ if data_type == "e":
            return Cell(Kind.ERROR, str(value))
        case bool():
            return Cell(Kind.BOOLEAN, "是" if value else "否")
        case int() | float():
            return Cell(Kind.NUMBER, f"{value:.15g}")
        case datetime():
            has_hours = value.time() != time()
            return Cell(Kind.DATE, value.isoformat(" ", "minutes") if has_hours else value.date().isoformat())
        case date():
            return Cell(Kind.DATE, value.isoformat())
        case time():
            return Cell(Kind.TIME, value.isoformat("minutes" if not value.second else "seconds"))
    text = str(value)
    return Cell(Kind.TEXT, text) if text.strip() else None
