"""Files that nobody should hand in, and what becomes of each: a refusal by its code, or a clean copy."""

import bz2
import gzip
import io
import lzma
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from struct import pack

from tests.factories.files import archive, jpeg, pdf, picture, png

SCRIPT = b"<script>alert('cuckoo')</script>"
PHP = b"<?php system($_GET['cuckoo']); ?>"
WRONG_TYPE, UNREADABLE = "document.wrong_type", "document.unreadable"
SMUGGLES, ACTIVE = "document.smuggles", "document.active"
TOO_COMPLEX, LOCKED = "document.too_complex", "document.locked"
CLEANED = "cleaned"


@dataclass(frozen=True)
class Hostile:
    """`expected` is the code of the refusal, or CLEANED; `harm` is what must not be in what is kept."""

    name: str
    content: bytes
    expected: str
    harm: tuple[bytes, ...] = (b"cuckoo",)


def of_wrong_types() -> Iterator[Hostile]:
    files = {
        "gif": picture("GIF", "P"),
        "gif with script": picture("GIF", "P") + SCRIPT,
        "bmp": picture("BMP"),
        "tiff": picture("TIFF"),
        "webp": picture("WEBP"),
        "ico": picture("ICO"),
        "ppm": picture("PPM"),
        "tga": picture("TGA"),
        "html": b"<!DOCTYPE html><html><body>" + SCRIPT,
        "html in utf-16": ("<html>" + SCRIPT.decode()).encode("utf-16"),
        "html after blanks": b" \r\n\t" * 300 + b"<html>" + SCRIPT,
        "xml": b"<?xml version='1.0'?><a>cuckoo</a>",
        "web archive": b"MIME-Version: 1.0\r\nContent-Type: text/html\r\n\r\n" + SCRIPT,
        "docx": archive({"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w/>"}),
        "docx with macros": archive({"[Content_Types].xml": b"<Types/>", "word/vbaProject.bin": b"cuckoo"}),
        "xlsx": archive({"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b"<w/>"}),
        "ofd": archive({"OFD.xml": b"<ofd:OFD/>"}),
        "jar": archive({"META-INF/MANIFEST.MF": b"Main-Class: Cuckoo"}),
        "zip": archive({"a.jpg": jpeg()}),
        "old word": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000),
        "rtf": b"{\\rtf1 {\\object\\objdata cuckoo}}",
        "postscript": b"%!PS-Adobe-3.0\n(cuckoo) run\n",
        "windows program": b"MZ\x90\x00" + bytes(60) + b"PE\x00\x00cuckoo",
        "linux program": b"\x7fELF\x02\x01\x01" + bytes(100),
        "java class": b"\xca\xfe\xba\xbe\x00\x00\x00\x34" + bytes(50),
        "shell script": b"#!/bin/sh\nrm -rf cuckoo\n",
        "php": PHP,
        "javascript": b"alert('cuckoo')",
        "shortcut": b"L\x00\x00\x00\x01\x14\x02\x00" + bytes(100),
        "web shortcut": b"[InternetShortcut]\nURL=http://cuckoo.example\n",
        "flash": b"CWS\x0a" + bytes(100),
        "web assembly": b"\x00asm\x01\x00\x00\x00",
        "film": b"\x00\x00\x00\x18ftypmp42" + bytes(100),
        "sound": b"ID3\x03" + bytes(100),
        "database": b"SQLite format 3\x00" + bytes(100),
        "rar": b"Rar!\x1a\x07\x01\x00" + bytes(100),
        "7z": b"7z\xbc\xaf\x27\x1c" + bytes(100),
        "private key": b"-----BEGIN PRIVATE KEY-----\ncuckoo\n",
        "text": "统一社会信用代码".encode(),
        "one byte": b"\xff",
        "nothing": b"",
        "zeros": bytes(5000),
        "font": b"\x00\x01\x00\x00\x00\x0c\x00\x80" + bytes(100),
        "pdf after blanks": b"\n\n" + pdf(),
        "pdf after a kilobyte": b"x" * 1024 + pdf(),
        "pdf after html": b"<html>" + SCRIPT + pdf(),
        "pdf after zip": archive({"cuckoo": b"x"}) + pdf(),
        "pdf after a program": b"MZ" + bytes(62) + pdf(),
        "png with one wrong byte": b"\x88" + png()[1:],
        "png in text mode": png().replace(b"\r\n", b"\n", 1),
        "jpeg after html": b"<html>" + SCRIPT + jpeg(),
        "heic": b"\x00\x00\x00\x18ftypheic" + bytes(100),
    }
    for name, content in files.items():
        yield Hostile(name, content, WRONG_TYPE)


def drawings_with_scripts() -> Iterator[Hostile]:
    """SVG in its spellings."""
    head = b'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">'
    script = b"<script>cuckoo()</script></svg>"
    entities = b"".join(b'<!ENTITY e%d "%s">' % (n + 1, b"&e%d;" % n * 10) for n in range(9))
    drawings = {
        "plain": head + script,
        "with xml head": b'<?xml version="1.0"?>' + head + script,
        "with mark": b"\xef\xbb\xbf" + head + script,
        "in utf-16": (head + script).decode().encode("utf-16"),
        "in utf-16 big end first": (head + script).decode().encode("utf-16-be"),
        "in capitals": (head + script).upper(),
        "after blanks": b" \n" * 500 + head + script,
        "after a comment": b"<!-- %PDF-1.7 -->" + head + script,
        "with doctype": b'<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://cuckoo.example/">'
        + head
        + script,
        "with an entity": b'<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + head + b"&x;</svg>",
        "with a billion laughs": b'<!DOCTYPE svg [<!ENTITY e0 "ha">'
        + entities
        + b"]>"
        + head
        + b"&e9;</svg>",
        "onload": b'<svg xmlns="http://www.w3.org/2000/svg" onload="cuckoo()"/>',
        "foreign object": head + b"<foreignObject><body>" + SCRIPT + b"</body></foreignObject></svg>",
        "script by link": head + b'<script xlink:href="http://cuckoo.example/a.js"/></svg>',
        "link with script": head + b'<a xlink:href="javascript:cuckoo()"><text>x</text></a></svg>',
        "picture by link": head + b'<image xlink:href="http://cuckoo.example/a.png"/></svg>',
        "style by link": head + b"<style>@import url(http://cuckoo.example)</style></svg>",
        "animated": head + b'<animate onbegin="cuckoo()" attributeName="x"/></svg>',
        "in cdata": head + b"<script><![CDATA[cuckoo()]]></script></svg>",
        "with a prefix": b'<s:svg xmlns:s="http://www.w3.org/2000/svg"><s:script>cuckoo()</s:script></s:svg>',
        "packed": gzip.compress(head + script),
        "as data": b"data:image/svg+xml," + head + script,
        "with a set handler": head + b'<set attributeName="onmouseover" to="cuckoo()"/></svg>',
        "in a style sheet": b'<?xml-stylesheet href="javascript:cuckoo()"?>' + head + b"</svg>",
    }
    for name, content in drawings.items():
        yield Hostile(name, content, WRONG_TYPE)


def archive_bombs() -> Iterator[Hostile]:
    zeros = bytes(20_000_000)
    inner = archive({"0": zeros})
    tape = io.BytesIO()
    with tarfile.open(fileobj=tape, mode="w:gz") as made:
        entry = tarfile.TarInfo("0")
        entry.size = len(zeros)
        made.addfile(entry, io.BytesIO(zeros))
    bombs = {
        "zip": inner,
        "zip in zip": archive({f"{n}.zip": inner for n in range(20)}),
        "zip of many": archive({f"{n}": b"" for n in range(3000)}),
        "zip that climbs": archive({"../../../../etc/cuckoo": b"x"}),
        "gzip": gzip.compress(zeros),
        "gzip in gzip": gzip.compress(gzip.compress(zeros)),
        "bzip2": bz2.compress(zeros),
        "xz": lzma.compress(zeros),
        "tar.gz": tape.getvalue(),
        "docx": archive({"[Content_Types].xml": b"<Types/>", "word/document.xml": zeros}),
    }
    for name, content in bombs.items():
        yield Hostile(f"{name} bomb", content, WRONG_TYPE)


def polyglots() -> Iterator[Hostile]:
    """Two kinds of file in one: a picture leaves the other behind, a PDF is refused."""
    packed = archive({"cuckoo.txt": b"cuckoo" * 9})
    others = {
        "zip": packed,
        "html": SCRIPT,
        "php": PHP,
        "pdf": pdf(comment=b"%cuckoo\n"),
        "rar": b"Rar!\x1a\x07\x00cuckoo",
        "7z": b"7z\xbc\xaf\x27\x1ccuckoo",
        "program": b"MZ\x90\x00cuckoo",
        "jar": archive({"META-INF/MANIFEST.MF": b"Main-Class: cuckoo"}),
    }
    marks = (b"cuckoo", b"PK\x03\x04", b"PK\x05\x06", b"<script", b"<?php", b"Rar!", b"7z\xbc\xaf", b"%PDF")
    for name, other in others.items():
        yield Hostile(f"jpeg and {name}", jpeg() + other, CLEANED, marks)
        yield Hostile(f"png and {name}", png() + other, CLEANED, marks)
        if name != "pdf":
            yield Hostile(f"pdf and {name}", pdf() + other, SMUGGLES)
    yield Hostile("jpeg that is a script", _jpeg_with_segment(0xFE, b"*/cuckoo();/*"), CLEANED)
    yield Hostile("jpeg with html in a comment", _jpeg_with_segment(0xFE, SCRIPT), CLEANED, marks)
    yield Hostile("jpeg with php in exif", _jpeg_with_segment(0xE1, b"Exif\0\0" + PHP), CLEANED, marks)
    yield Hostile("pdf with html in a comment", pdf(comment=b"% " + SCRIPT + b"\n"), SMUGGLES)
    yield Hostile("pdf with php in a comment", pdf(comment=b"% " + PHP + b"\n"), SMUGGLES)
    yield Hostile("pdf with svg", pdf(comment=b"%<SVG onload=cuckoo()>\n"), SMUGGLES)
    yield Hostile("pdf with rar inside", pdf(comment=b"%Rar!\x1a\x07\x00cuckoo\n"), SMUGGLES)
    yield Hostile("pdf with 7z inside", pdf(comment=b"%7z\xbc\xaf\x27\x1ccuckoo\n"), SMUGGLES)
    yield Hostile("pdf that ends an archive's comment", _pdf_around_an_archive(), SMUGGLES)
    yield Hostile("pdf with a tail", pdf() + b"cuckoo", SMUGGLES)
    yield Hostile("pdf with a long tail", pdf() + bytes(9000) + b"cuckoo" + bytes(9000), SMUGGLES)


def _jpeg_with_segment(marker: int, data: bytes) -> bytes:
    whole = jpeg()
    return whole[:2] + bytes((0xFF, marker)) + pack(">H", len(data) + 2) + data + whole[2:]


def _pdf_around_an_archive() -> bytes:
    """The archive's directory says that the rest of the PDF is its comment, so both end at the end."""
    whole, packed = pdf(), archive({"cuckoo.txt": b"cuckoo"})
    head, rest = whole[:9], whole[9:]
    return head + b"%" + packed[:-2] + pack("<H", len(rest) + 1) + b"\n" + rest
