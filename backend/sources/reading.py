"""The rows of a delivered file, whatever its form, as they come: the file is never held whole but for a
workbook, which a program of its own opens.

A file is read twice. The first time tells whether it is sound and how many rows it has, so that nothing is
taken out of a file that turns out to be broken at its end.
"""

import codecs
import csv
import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from backend.core.sheets.cells import Row
from backend.core.sheets.reading import opened
from backend.core.sheets.verdicts import Refused
from backend.sources.columns import FIELDS, NAMED, ROW, SHEET, Given, Heading, read_heading
from backend.sources.judging import LONGEST_CELL, VALUELESS
from backend.sources.verdicts import BatchRefused, BatchVerdict

Pieces = Callable[[], Iterable[bytes]]

# GB18030 holds all of GBK and GB2312.
ENCODINGS = ("utf-8-sig", "gb18030")
UTF16 = (b"\xff\xfe", b"\xfe\xff")
ZIP, OLD_OR_LOCKED, OBJECT = b"PK", b"\xd0\xcf\x11\xe0", b"{"
BOM = codecs.BOM_UTF8
MOST_ROWS = 5_000_000
MOST_ROWS_OF_A_WORKBOOK = 150_000
LARGEST_WORKBOOK = 40 * 1024 * 1024
LONGEST_LINE = 20_000
LONGEST_FIELD = 4_000
MOST_COLUMNS = 100


@dataclass(frozen=True)
class OpenBatch:
    """`rows` starts anew each time it is asked for. `columns` are the keys in the order of the file."""

    count: int
    columns: tuple[str, ...]
    rows: Callable[[], Iterator[Given]]


@contextmanager
def open_batch(pieces: Pieces) -> Iterator[OpenBatch]:
    """What the file is, its bytes say. `pieces` gives its content, as often as asked. Raises BatchRefused."""
    start = next(iter(pieces()), b"")[:4096]
    if start.startswith(OLD_OR_LOCKED):
        raise BatchRefused(BatchVerdict.OLD_OR_LOCKED)
    if start.startswith(ZIP):
        with _workbook(pieces) as batch:
            yield batch
    elif start.removeprefix(BOM).lstrip().startswith(OBJECT):
        yield _counted(lambda: _objects(pieces), FIELDS)
    else:
        yield _delimited(pieces)


def _counted(rows: Callable[[], Iterator[Given]], columns: tuple[str, ...]) -> OpenBatch:
    count = 0
    for _row in rows():
        count += 1
        if count > MOST_ROWS:
            raise BatchRefused(BatchVerdict.TOO_MANY_ROWS)
    if not count:
        raise BatchRefused(BatchVerdict.EMPTY)
    return OpenBatch(count, columns, rows)


def _delimited(pieces: Pieces) -> OpenBatch:
    encoding = encoding_of(pieces)

    def lines() -> Iterator[list[str]]:
        csv.field_size_limit(LONGEST_FIELD)
        try:
            yield from csv.reader(_lines(pieces, encoding), strict=True)
        except csv.Error:
            raise BatchRefused(BatchVerdict.UNREADABLE) from None

    def rows() -> Iterator[Given]:
        """`number` counts rows as a spreadsheet would show them."""
        for number, cells in enumerate(lines(), start=1):
            if number > 1 and any(cell.strip() for cell in cells):
                yield _given(number, cells, heading)

    first = next((cells for cells in lines()), [])
    if len(first) > MOST_COLUMNS:
        raise BatchRefused(BatchVerdict.TOO_WIDE)
    heading = read_heading(first)
    return _counted(rows, heading.keys)


def _given(number: int, cells: list[str], heading: Heading) -> Given:
    if any(cell.strip() for cell in cells[len(heading.keys) :]):
        return Given(number, dict(zip(heading.keys, cells, strict=False)), {ROW: "row.too_long"})
    return Given(number, dict(zip(heading.keys, cells, strict=False)), {})


def _objects(pieces: Pieces) -> Iterator[Given]:
    for number, line in enumerate(_lines(pieces, encoding_of(pieces)), start=1):
        if line.strip():
            yield _object(number, line)


def _object(number: int, line: str) -> Given:
    pairs: list[tuple[str, Any]] | None = None

    def keep(found: list[tuple[str, Any]]) -> dict[str, Any]:
        nonlocal pairs
        pairs = found
        return dict(found)

    try:
        content = json.loads(line, object_pairs_hook=keep)
    except (ValueError, RecursionError):
        content = None
    if not isinstance(content, dict) or pairs is None:
        return Given(number, {ROW: line[:LONGEST_CELL]}, {ROW: "row.not_object"})
    values: dict[str, str] = {}
    odd: dict[str, str] = {}
    for name, value in pairs:
        key = NAMED.get(name)
        if key is None:
            odd[ROW] = "row.unknown_field"
        elif key in values:
            odd[ROW] = "row.repeated_field"
        elif value is None:
            values[key] = ""
        elif isinstance(value, str) or (isinstance(value, int) and not isinstance(value, bool)):
            values[key] = str(value)
        else:
            values[key], odd[key] = str(value)[:LONGEST_CELL], "row.wrong_value"
    return Given(number, values, odd)


@contextmanager
def _workbook(pieces: Pieces) -> Iterator[OpenBatch]:
    content = bytearray()
    for piece in pieces():
        content += piece
        if len(content) > LARGEST_WORKBOOK:
            raise BatchRefused(BatchVerdict.TOO_COMPLEX)
    try:
        with opened(bytes(content), sheet_name=SHEET, most_rows=MOST_ROWS_OF_A_WORKBOOK) as sheet:
            del content
            first = next(sheet.rows, None)
            if first is None:
                raise BatchRefused(BatchVerdict.EMPTY)
            places = range(1, max(first.cells) + 1)
            heading = read_heading(first.cells[at].text if at in first.cells else "" for at in places)
            # All of it is read before the first row is taken.
            rows = [_given_of(row, heading) for row in sheet.rows]
    except Refused as refusal:
        raise BatchRefused(BatchVerdict(refusal.verdict)) from None
    yield _counted(lambda: iter(rows), heading.keys)


def _given_of(row: Row, heading: Heading) -> Given:
    values: dict[str, str] = {}
    odd: dict[str, str] = {}
    for place, cell in row.cells.items():
        key = heading.keys[place - 1] if place <= len(heading.keys) else ROW
        if key == ROW:
            odd[ROW] = "row.too_long"
            continue
        values[key] = cell.text
        if cell.kind in VALUELESS:
            odd[key] = VALUELESS[cell.kind]
    return Given(row.number, values, odd)


def encoding_of(pieces: Pieces) -> str:
    """The first that the whole file is written in."""
    start = next(iter(pieces()), b"")
    if start.startswith(UTF16):
        raise BatchRefused(BatchVerdict.ENCODING)
    if b"\x00" in start:
        raise BatchRefused(BatchVerdict.WRONG_TYPE)
    for encoding in ENCODINGS:
        decoder = codecs.getincrementaldecoder(encoding)()
        try:
            for piece in pieces():
                decoder.decode(piece)
            decoder.decode(b"", final=True)
            return encoding
        except UnicodeDecodeError:
            continue
    raise BatchRefused(BatchVerdict.ENCODING)


def _lines(pieces: Pieces, encoding: str) -> Iterator[str]:
    """Line by line with their ends; one that does not end is no line of a file that we know."""
    decoder = codecs.getincrementaldecoder(encoding)()
    rest = ""
    for piece in pieces():
        *whole, rest = (rest + decoder.decode(piece)).split("\n")
        for line in whole:
            yield _checked(line) + "\n"
        _checked(rest)
    if rest := rest + decoder.decode(b"", final=True):
        yield rest


def _checked(line: str) -> str:
    if len(line) > LONGEST_LINE:
        raise BatchRefused(BatchVerdict.TOO_WIDE)
    return line
