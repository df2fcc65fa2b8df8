"""Sheets that mean no good, each made of a sound one, with what is to be said of it."""

import random
from collections.abc import Iterator, Mapping
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

from backend.core.sheets.verdicts import Verdict
from tests.factories.files import jpeg, png
from tests.factories.sheets import csv_text, row, xlsx

SHEET, BOOK, TYPES, STRINGS = (
    "xl/worksheets/sheet1.xml",
    "xl/workbook.xml",
    "[Content_Types].xml",
    "xl/sharedStrings.xml",
)
BOMB = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
ABROAD = b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
MEGABYTE = b" " * 1024 * 1024


def parts_of(book: bytes) -> dict[str, bytes]:
    with ZipFile(BytesIO(book)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(parts: Mapping[str, bytes]) -> bytes:
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def with_parts(**parts: bytes) -> bytes:
    return packed({**parts_of(xlsx(row(1))), **parts})


def changed(name: str, old: bytes, new: bytes) -> bytes:
    parts = parts_of(xlsx(row(1)))
    assert old in parts[name]
    return packed({**parts, name: parts[name].replace(old, new, 1)})


def locked(book: bytes) -> bytes:
    """With the flag that says a part is encrypted, in both places where it stands."""
    raw = bytearray(book)
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = raw.find(mark)
        while at >= 0:
            raw[at + offset] |= 1
            at = raw.find(mark, at + 1)
    return bytes(raw)


def refused() -> Iterator[tuple[str, bytes, Verdict]]:
    """With a name for the test."""
    sound = xlsx(row(1))
    for name, content in {"picture": png(), "photo": jpeg()}.items():
        yield f"{name} under a sheet's name", content, Verdict.WRONG_TYPE
    yield "old workbook", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 512, Verdict.OLD_OR_LOCKED
    yield "locked archive", locked(sound), Verdict.OLD_OR_LOCKED
    yield "archive of something else", packed({"a.txt": b"x"}), Verdict.WRONG_TYPE
    yield "cut archive", sound[: len(sound) // 2], Verdict.UNREADABLE
    yield "archive in name only", b"PK\x03\x04" + b"x" * 100, Verdict.UNREADABLE
    yield "nothing", b"", Verdict.EMPTY
    yield "empty sheet", xlsx(lines=[[]]), Verdict.EMPTY
    yield "only a blank", b" \r\n ,, \r\n", Verdict.EMPTY
    yield "zero bytes in text", csv_text(row(1)).encode() + b"\x00", Verdict.WRONG_TYPE
    yield "bell in text", csv_text(row(1)).encode() + b"\x07", Verdict.WRONG_TYPE
    yield "UTF-16", csv_text(row(1)).encode("utf-16"), Verdict.ENCODING
    yield "no encoding at all", b"\xff\xff\x81\x20\xfe", Verdict.ENCODING
    yield "quote that never ends", b'"' + csv_text(row(1)).encode(), Verdict.UNREADABLE
    yield "endless field", b"a" * 200_000, Verdict.UNREADABLE
    yield "wide text", b"a," * 200, Verdict.TOO_WIDE
    yield "wide sheet", xlsx(lines=[list(range(16_384))]), Verdict.TOO_WIDE
    yield "many rows", b"a\n" * 50_002, Verdict.TOO_MANY_ROWS
    yield "row far below", changed(SHEET, b'<row r="2"', b'<row r="1048576"'), Verdict.TOO_MANY_ROWS
    yield "macros", with_parts(**{"xl/vbaProject.bin": b"x"}), Verdict.ACTIVE
    yield (
        "macros by type",
        changed(TYPES, b"spreadsheetml.sheet.main", b"sheet.macroEnabled.main"),
        Verdict.ACTIVE,
    )
    yield "macro sheet", with_parts(**{"xl/macrosheets/sheet9.xml": b"<x/>"}), Verdict.ACTIVE
    yield "controls", with_parts(**{"xl/activeX/activeX1.bin": b"x"}), Verdict.ACTIVE
    yield "embedded file", with_parts(**{"xl/embeddings/oleObject1.bin": b"x"}), Verdict.ACTIVE
    yield "links", with_parts(**{"xl/externalLinks/externalLink1.xml": b"<x/>"}), Verdict.LINKED
    yield "connections", with_parts(**{"xl/connections.xml": b"<x/>"}), Verdict.LINKED
    for part in (
        SHEET,
        BOOK,
        TYPES,
        "xl/styles.xml",
        "docProps/core.xml",
        "xl/_rels/workbook.xml.rels",
    ):
        content = parts_of(sound)[part]
        head, _, rest = content.partition(b"?>") if content.startswith(b"<?xml") else (b"", b"", content)
        opening = head + b"?>" if head else b""
        yield f"entities in {part}", with_parts(**{part: opening + BOMB + rest}), Verdict.ACTIVE
        yield f"file of ours in {part}", with_parts(**{part: opening + ABROAD + rest}), Verdict.ACTIVE
        yield f"UTF-16 in {part}", with_parts(**{part: rest.decode().encode("utf-16")}), Verdict.UNREADABLE
        yield f"cut {part}", with_parts(**{part: content[: len(content) // 2]}), Verdict.UNREADABLE
    yield "many parts", with_parts(**{f"xl/media/{n}.bin": b"" for n in range(600)}), Verdict.TOO_COMPLEX
    huge = (
        b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        + MEGABYTE * 410
        + b"</sst>"
    )
    yield "strings of 400 MB", with_parts(**{STRINGS: huge}), Verdict.TOO_COMPLEX
    merged = b'</sheetData><mergeCells count="1"><mergeCell ref="A1:XFD1048576"/></mergeCells>'
    yield "all cells merged", changed(SHEET, b"</sheetData>", merged), Verdict.TOO_COMPLEX
    hidden = changed(BOOK, b'state="visible"', b'state="hidden"')
    yield "hidden sheet", hidden, Verdict.EMPTY
    yield "very hidden sheet", changed(BOOK, b'state="visible"', b'state="veryHidden"'), Verdict.EMPTY


def broken(seed: int) -> bytes:
    """A sound sheet with some bytes of one of its parts, or of the whole, written over."""
    draw = random.Random(seed)
    parts = parts_of(xlsx(row(1), row(2)))
    if seed % 3 == 0:
        return scratched(draw, xlsx(row(1), row(2)))
    if seed % 3 == 1:
        return scratched(draw, csv_text(row(1), row(2)).encode(draw.choice(["utf-8", "gb18030"])))
    name = draw.choice([name for name in parts if name.endswith((".xml", ".rels"))])
    return packed({**parts, name: scratched(draw, parts[name])})


def scratched(draw: random.Random, content: bytes) -> bytes:
    raw = bytearray(content)
    for _ in range(draw.randint(1, 12)):
        raw[draw.randrange(len(raw))] = draw.randrange(256)
    return bytes(raw)
