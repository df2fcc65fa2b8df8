"""PDFs that act, carry, hide or overwhelm."""

import io
import zlib
from collections.abc import Iterator

from pypdf import PdfReader, PdfWriter

from tests.factories.files import pdf, stream
from tests.security.hostile_files import ACTIVE, CLEANED, LOCKED, SMUGGLES, TOO_COMPLEX, UNREADABLE, Hostile

SCRIPT = b"<< /S /JavaScript /JS (cuckoo) >>"


def that_act() -> Iterator[Hostile]:
    roots = {
        "script when opened": b"/OpenAction " + SCRIPT,
        "script by reference": b"/OpenAction 4 0 R",
        "script by name": b"/Names << /JavaScript << /Names [(a) 4 0 R] >> >>",
        "script with an escaped name": b"/OpenAction << /S /J#61vaScr#69pt /J#53 (cuckoo) >>",
        "script when closed": b"/AA << /WC " + SCRIPT + b" >>",
        "address when opened": b"/OpenAction << /S /URI /URI (http://cuckoo.example) >>",
        "page and then address": b"/OpenAction << /S /GoTo /D [] /Next << /S /URI /URI (http://a) >> >>",
        "program when opened": b"/OpenAction << /S /Launch /F (cuckoo.exe) >>",
        "program with an escaped name": b"/OpenAction << /S /L#61unch /Win << /F (cmd) >> >>",
        "files": b"/Names << /EmbeddedFiles << /Names [(a) << /Type /Filespec /EF << /F 4 0 R >> >>] >> >>",
        "files with an escaped name": b"/Names << /Embedded#46iles << /Names [] >> >>",
        "associated files": b"/AF [<< /Type /Filespec /E#46 << /F 4 0 R >> >>]",
        "a portfolio": b"/Collection << /View /D >>",
        "a living form": b"/AcroForm << /XFA 4 0 R /Fields [] >>",
        "a form that counts": b"/AcroForm << /Fields [<< /T (a) /A#41 << /K " + SCRIPT + b" >> >>] >>",
        "a thread": b"/OpenAction << /S /Thread /D 0 >>",
    }
    actions = {
        "script": SCRIPT,
        "script without its name": b"<< /S /JavaScript /JS 4 0 R >>",
        "program": b"<< /S /Launch /Win << /F (cmd.exe) /P (cuckoo) >> >>",
        "form sent away": b"<< /S /SubmitForm /F (http://cuckoo.example) >>",
        "data brought in": b"<< /S /ImportData /F (cuckoo.fdf) >>",
        "another file": b"<< /S /GoToR /F (//cuckoo.example/a.pdf) /D [0 /Fit] >>",
        "a file inside": b"<< /S /GoToE /T << /R /C /N (a) >> >>",
        "a rendition": b"<< /S /Rendition /JS (cuckoo) >>",
        "a film": b"<< /S /Movie /T (a) >>",
        "a sound": b"<< /S /Sound /Sound 4 0 R >>",
        "javascript address": b"<< /S /URI /URI (javascript:cuckoo\\(\\)) >>",
        "file address": b"<< /S /URI /URI (file:///etc/cuckoo) >>",
        "address of a file share": b"<< /S /URI /URI (\\\\\\\\cuckoo\\\\a) >>",
        "data address": b"<< /S /URI /URI <646174613a746578742f68746d6c2c> >>",
        "script after a page": b"<< /S /GoTo /D [3 0 R /Fit] /Next " + SCRIPT + b" >>",
        "rich media": b"<< /S /RichMediaExecute >>",
    }
    annotations = {
        "a film": b"/Subtype /Movie",
        "a screen": b"/Subtype /Screen",
        "a sound": b"/Subtype /Sound",
        "a file": b"/Subtype /FileAttachment /FS 4 0 R",
        "a model": b"/Subtype /3D /3DD 4 0 R",
        "rich media": b"/Subtype /RichMedia /RichMediaContent << >>",
        "rich media with an escaped name": b"/Subtype /Rich#4dedia",
        "an effect": b"/Subtype /Widget /FT /Tx /A#41 << /E 4 0 R >>",
    }
    more = {4: SCRIPT.replace(b"/S /JavaScript", b"/S /J#61vaScript")}
    for name, root in roots.items():
        yield Hostile(f"pdf with {name}", pdf(more, root=root), ACTIVE)
    for name, action in actions.items():
        annotation = b"/Annots [<< /Type /Annot /Subtype /Link /Rect [0 0 9 9] /A %s >>]" % action
        yield Hostile(f"pdf whose link is {name}", pdf(more, page=annotation), ACTIVE)
    for name, kind in annotations.items():
        annotation = b"/Annots [<< /Type /Annot /Rect [0 0 9 9] %s >>]" % kind
        yield Hostile(f"pdf with {name} on its page", pdf({4: b"<< >>"}, page=annotation), ACTIVE)
    yield Hostile("pdf with a page that acts", pdf(page=b"/AA << /O 4 0 R >>", more={4: b"<< >>"}), ACTIVE)
    yield Hostile("pdf with a stream elsewhere", pdf({4: stream(b"", b"/F (cuckoo.bin)")}), ACTIVE)
    yield Hostile("pdf with a script no page leads to", pdf({9: SCRIPT}), ACTIVE)
    yield Hostile("pdf with a script in no table", pdf(comment=b"8 0 obj " + SCRIPT + b" endobj\n"), ACTIVE)
    yield Hostile("pdf with a script among packed objects", _packed(SCRIPT), ACTIVE)


def that_are_locked() -> Iterator[Hostile]:
    for algorithm in ("RC4-40", "RC4-128", "AES-128", "AES-256-R5", "AES-256"):
        for password in ("", "cuckoo"):
            writer = PdfWriter(io.BytesIO(pdf()))
            writer.encrypt(password, "owner", algorithm=algorithm)
            file = io.BytesIO()
            writer.write(file)
            word = "with" if password else "without"
            yield Hostile(f"pdf locked by {algorithm} {word} a password", file.getvalue(), LOCKED)


def that_overwhelm() -> Iterator[Hostile]:
    bomb = zlib.compress(bytes(150_000_000), 9)
    flate = b"/Filter /FlateDecode"
    yield Hostile("pdf with a bomb", pdf({4: stream(bomb, flate)}, page=b"/Contents 4 0 R"), TOO_COMPLEX)
    small = zlib.compress(bytes(90_000_000), 9)
    yield Hostile("pdf with three bombs", pdf({4 + n: stream(small, flate) for n in range(3)}), TOO_COMPLEX)
    twice = stream(zlib.compress(bomb, 9), b"/Filter [/FlateDecode /FlateDecode]")
    yield Hostile("pdf with a bomb packed twice", pdf({4: twice}), TOO_COMPLEX)
    for name in (b"LZWDecode", b"RunLengthDecode", b"BrotliDecode", b"Crypt", b"Cuckoo"):
        packed = pdf({4: stream(b"\x80" * 900, b"/Filter /" + name)})
        yield Hostile(f"pdf packed by {name.decode()}", packed, TOO_COMPLEX)
    many = b"/Filter [" + b"/ASCIIHexDecode " * 60 + b"]"
    yield Hostile("pdf packed sixty times", pdf({4: stream(b"41>", many)}), TOO_COMPLEX)
    size = b"/Subtype /Image /Width 100000 /Height 100000 /Filter /DCTDecode"
    yield Hostile("pdf with a picture beyond measure", pdf({4: stream(b"", size)}), TOO_COMPLEX)
    kids = b" ".join(b"%d 0 R" % (n + 10) for n in range(51))
    pages = {2: b"<< /Type /Pages /Count 51 /Kids [" + kids + b"] >>"}
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] >>"
    yield Hostile("pdf of 51 pages", pdf(pages | {n + 10: page for n in range(51)}), TOO_COMPLEX)
    again = {2: b"<< /Type /Pages /Count 900 /Kids [" + b"3 0 R " * 900 + b"] >>"}
    yield Hostile("pdf of one page nine hundred times", pdf(again), TOO_COMPLEX)
    crowd = pdf({n + 10: b"null" for n in range(21_000)})
    yield Hostile("pdf of twenty thousand objects", crowd, TOO_COMPLEX)
    for depth in (200, 3_000, 300_000):
        nested = pdf({4: b"[" * depth + b"]" * depth})
        yield Hostile(f"pdf nested {depth} deep", nested, TOO_COMPLEX)
        nested = pdf({4: b"<</A" * depth + b" 1" + b">>" * depth})
        yield Hostile(
            f"pdf with dictionaries {depth} deep", nested, TOO_COMPLEX if depth == 200 else UNREADABLE
        )
    yield Hostile("pdf with packed objects that are a bomb", _packed(b" " * 150_000_000), TOO_COMPLEX)


def that_are_broken() -> Iterator[Hostile]:
    whole = pdf()
    start = whole.rindex(b"xref\n0")
    for percent in (3, 20, 40, 60, 80, 95):
        yield Hostile(f"pdf cut at {percent} %", whole[: len(whole) * percent // 100], UNREADABLE)
    previous = pdf(trailer=b"/Prev %d" % start)
    itself = previous.replace(b"/Prev %d" % start, b"/Prev %d" % previous.rindex(b"xref\n0"))
    # A reader looks at each table once, so it is a PDF like any other.
    yield Hostile("pdf whose table comes before itself", itself, CLEANED)
    yield Hostile(
        "pdf whose table is nowhere",
        whole.replace(b"startxref\n%d" % start, b"startxref\n99999999"),
        UNREADABLE,
    )
    yield Hostile("pdf without a table", whole[:start] + b"%%EOF\n", UNREADABLE)
    yield Hostile("pdf of nothing", b"%PDF-1.7\n%%EOF\n", UNREADABLE)
    yield Hostile("pdf without a catalogue", pdf({1: b"<< >>"}), UNREADABLE)
    yield Hostile("pdf without pages", pdf({2: b"<< /Type /Pages /Kids [] /Count 0 >>"}), UNREADABLE)
    yield Hostile(
        "pdf whose pages are themselves", pdf({2: b"<< /Type /Pages /Kids [2 0 R] /Count 1 >>"}), UNREADABLE
    )
    yield Hostile(
        "pdf whose pages go round",
        pdf(
            {2: b"<< /Type /Pages /Kids [4 0 R] /Count 1 >>", 4: b"<< /Type /Pages /Kids [2 0 R] /Count 1 >>"}
        ),
        UNREADABLE,
    )
    yield Hostile(
        "pdf whose stream is as long as itself",
        pdf({4: b"<< /Length 4 0 R >>\nstream\ncuckoo\nendstream"}),
        TOO_COMPLEX,
    )
    yield Hostile("pdf whose object is itself", pdf({4: b"4 0 R"}), UNREADABLE)
    yield Hostile("pdf of version cuckoo", whole.replace(b"%PDF-1.7", b"%PDF-cu", 1), UNREADABLE)
    yield Hostile("pdf with two ends", whole + b"%%EOF" + b"cuckoo", SMUGGLES)


def _packed(content: bytes) -> bytes:
    """A PDF whose objects stand in a packed stream, with this as the last of them."""
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"]
    objects += [b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] >>", content]
    places, at = b"", 0
    for number, each in enumerate(objects, start=1):
        places += b"%d %d " % (number, at)
        at += len(each) + 1
    inner = zlib.compress(places + b" ".join(objects), 9)
    out = b"%PDF-1.7\n"
    entries = b"/Type /ObjStm /N %d /First %d /Filter /FlateDecode" % (len(objects), len(places))
    held_at = len(out)
    out += b"5 0 obj\n" + stream(inner, entries) + b"\nendobj\n"
    rows = (
        b"\0\0\0\0\0"
        + b"".join(b"\2\0\0\5" + bytes((n,)) for n in range(4))
        + b"\1"
        + held_at.to_bytes(3, "big")
        + b"\0"
    )
    table = b"/Type /XRef /Size 6 /W [1 3 1] /Root 1 0 R"
    start = len(out)
    out += b"6 0 obj\n" + stream(rows, table) + b"\nendobj\nstartxref\n%d\n%%%%EOF\n" % start
    return out


def sound_ones() -> dict[str, bytes]:
    """What must pass, so that the refusals are for the reason they say."""
    packed = _packed(b"<< /Cuckoo 1 >>")
    assert len(PdfReader(io.BytesIO(packed)).pages) == 1
    return {
        "of one page": pdf(),
        "that opens at a page": pdf(root=b"/OpenAction [3 0 R /Fit]"),
        "that opens at a page by an action": pdf(root=b"/OpenAction << /S /GoTo /D [3 0 R /Fit] >>"),
        "with a link": pdf(page=b"/Annots [<< /Subtype /Link /A << /S /URI /URI (https://a.cn) >> >>]"),
        "with packed content": pdf({4: stream(zlib.compress(b"q Q"), b"/Filter /FlateDecode")}),
        "with a scan": pdf({4: stream(b"", b"/Width 2480 /Height 3508 /Filter /DCTDecode")}),
        "with packed objects": packed,
        "with blanks behind its end": pdf() + b"\r\n\0",
    }
