"""Reading a sheet saved as text (CSV), in the encodings that Chinese offices save in."""

import csv
from collections.abc import Iterator
from io import StringIO

from backend.core.sheets.cells import Cell, Kind, Row
from backend.core.sheets.verdicts import Refused, Verdict
from backend.core.sheets.workbook import MOST_COLUMNS

# GB18030 holds all of GBK and GB2312.
ENCODINGS = ("utf-8-sig", "gb18030")
UTF16 = (b"\xff\xfe", b"\xfe\xff")
LONGEST_FIELD = 100_000
ALLOWED_CONTROLS = frozenset("\t\r\n")


def read_delimited(content: bytes) -> tuple[int, Iterator[Row]]:
    """How many lines hold something, and the rows."""
    text = _decoded(content)
    if any(character < " " and character not in ALLOWED_CONTROLS for character in set(text)):
        raise Refused(Verdict.WRONG_TYPE)
    count = sum(1 for _row in _rows(text))
    if not count:
        raise Refused(Verdict.EMPTY)
    return count, _rows(text)


def _decoded(content: bytes) -> str:
    if content.startswith(UTF16) or b"\x00" in content:
        raise Refused(Verdict.ENCODING if content.startswith(UTF16) else Verdict.WRONG_TYPE)
    for encoding in ENCODINGS:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Refused(Verdict.ENCODING)


def _rows(text: str) -> Iterator[Row]:
    """`number` counts rows as a spreadsheet would show them, however many lines each takes."""
    csv.field_size_limit(LONGEST_FIELD)
    try:
        for number, values in enumerate(csv.reader(StringIO(text, newline=""), strict=True), start=1):
            cells = {
                column: Cell(Kind.TEXT, value)
                for column, value in enumerate(values, start=1)
                if value.strip()
            }
            if cells and max(cells) > MOST_COLUMNS:
                raise Refused(Verdict.TOO_WIDE)
            if cells:
                yield Row(number, cells)
    except csv.Error:
        raise Refused(Verdict.UNREADABLE) from None
