"""PDFs are kept as they are, since a seal in them covers every byte; so they must hold nothing but pages."""

import re
import zlib
from collections.abc import Iterator
from io import BytesIO
from typing import Any
from zipfile import is_zipfile

from pypdf import PdfReader, apply_configuration
from pypdf.errors import LimitReachedError
from pypdf.filters import ASCII85Decode, ASCIIHexDecode
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, StreamObject, TextStringObject

from backend.partners.document_verdicts import Refused, Verdict

MOST_PAGES = 50
MOST_OBJECTS = 20_000
MOST_PIXELS = 40_000_000
UNPACKED_ONE, UNPACKED_ALL = 100_000_000, 200_000_000
STEP = 1_000_000
DEEPEST = 60
BLANK = b"\r\n\t \0"

HEAD = re.compile(rb"%PDF-[12]\.\d\s")
ENCRYPTED = re.compile(rb"/Encrypt\b")
# Also in objects that no page leads to any more, of which the reader knows nothing.
ACTIVE = re.compile(
    rb"/(JavaScript|Launch|EmbeddedFiles?|RichMedia\w*|GoToE|ImportData|SubmitForm|FileAttachment)\b"
)
FOREIGN = re.compile(
    rb"<\s*(script|html|svg|iframe|!doctype\s+html|\?php)|Rar!\x1a\x07|7z\xbc\xaf\x27\x1c", re.I
)

ACTIVE_KEYS = {
    *("/JS", "/JavaScript", "/AA", "/XFA", "/EF", "/EmbeddedFiles", "/Collection"),
    *("/RichMediaContent", "/RichMediaSettings"),
}
ACTIVE_KINDS = {
    *("/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/GoToR", "/GoToE", "/Thread", "/Rendition"),
    *("/Movie", "/Sound", "/Screen", "/3D", "/RichMedia", "/RichMediaExecute", "/FileAttachment"),
    *("/EmbeddedFile", "/Filespec"),
}
KIND_OF = ("/S", "/Type", "/Subtype")
WEB = ("http://", "https://", "mailto:", "tel:")
ARMOUR: dict[str, type[ASCII85Decode] | type[ASCIIHexDecode]] = {
    "/ASCII85Decode": ASCII85Decode,
    "/A85": ASCII85Decode,
}
ARMOUR |= {"/ASCIIHexDecode": ASCIIHexDecode, "/AHx": ASCIIHexDecode}
FLATE = {"/FlateDecode", "/Fl"}
IMAGE_CODES = {"/DCTDecode", "/DCT", "/CCITTFaxDecode", "/CCF", "/JBIG2Decode", "/JPXDecode"}


def check_pdf(content: bytes) -> None:
    """Refuse what is locked, does something by itself, carries files, or is something else besides."""
    _check_bytes(content)
    # No program of the machine is started to unpack a picture.
    with apply_configuration(jbig2dec_binary=None, page_tree_maximum_entries=MOST_PAGES * 4):
        try:
            reader = PdfReader(BytesIO(content), strict=True, xref_stream_maximum_entries=MOST_OBJECTS)
            if reader.is_encrypted:
                raise Refused(Verdict.LOCKED)
            _check_objects(reader)
            pages = len(reader.pages)
        except LimitReachedError:
            raise Refused(Verdict.TOO_COMPLEX) from None
    if pages > MOST_PAGES:
        raise Refused(Verdict.TOO_COMPLEX)
    if pages == 0:
        raise Refused(Verdict.UNREADABLE)


def _check_bytes(content: bytes) -> None:
    if not HEAD.match(content):
        raise Refused(Verdict.UNREADABLE)
    _, end, rest = content.rpartition(b"%%EOF")
    if not end:
        raise Refused(Verdict.UNREADABLE)
    if rest.strip(BLANK) or is_zipfile(BytesIO(content)) or FOREIGN.search(content):
        raise Refused(Verdict.SMUGGLED)
    if ENCRYPTED.search(content):
        raise Refused(Verdict.LOCKED)
    if ACTIVE.search(content):
        raise Refused(Verdict.ACTIVE)


def _check_objects(reader: PdfReader) -> None:
    numbers = [(number, generation) for generation, table in reader.xref.items() for number in table]
    numbers += [(number, 0) for number in reader.xref_objStm]
    if len(numbers) > MOST_OBJECTS:
        raise Refused(Verdict.TOO_COMPLEX)
    unpacked = 0
    for part in (reader.trailer, *(_objects(reader, numbers))):
        for each in _dictionaries(part):
            _check_dictionary(each)
            if isinstance(each, StreamObject):
                unpacked += _check_stream(each)
                if unpacked > UNPACKED_ALL:
                    raise Refused(Verdict.TOO_COMPLEX)


def _objects(reader: PdfReader, numbers: list[tuple[int, int]]) -> Iterator[Any]:
    for number, generation in numbers:
        yield reader.get_object(IndirectObject(number, generation, reader))


def _dictionaries(part: Any) -> Iterator[DictionaryObject]:
    """All that stand in an object itself; what it refers to is an object of its own."""
    waiting = [(part, 0)]
    while waiting:
        each, depth = waiting.pop()
        if depth > DEEPEST:
            raise Refused(Verdict.TOO_COMPLEX)
        if isinstance(each, DictionaryObject):
            yield each
            waiting += [(inner, depth + 1) for inner in each.values()]
        elif isinstance(each, ArrayObject):
            waiting += [(inner, depth + 1) for inner in each]


def _check_dictionary(each: DictionaryObject) -> None:
    if ACTIVE_KEYS & each.keys() or any(_found(each, name) in ACTIVE_KINDS for name in KIND_OF):
        raise Refused(Verdict.ACTIVE)
    if "/OpenAction" in each and not _only_turns_to_a_page(_found(each, "/OpenAction")):
        raise Refused(Verdict.ACTIVE)
    address = _found(each, "/URI")
    if isinstance(address, (TextStringObject, bytes)) and not str(address).lower().startswith(WEB):
        raise Refused(Verdict.ACTIVE)


def _only_turns_to_a_page(action: Any) -> bool:
    """As office programs write it into every file."""
    if isinstance(action, DictionaryObject):
        return _found(action, "/S") == "/GoTo" and "/Next" not in action
    return isinstance(action, ArrayObject)


def _check_stream(stream: StreamObject) -> int:
    """How many bytes it unpacks to, as far as it is unpacked here."""
    if "/F" in stream:
        raise Refused(Verdict.ACTIVE)
    width, height = _found(stream, "/Width"), _found(stream, "/Height")
    if isinstance(width, int) and isinstance(height, int) and width * height > MOST_PIXELS:
        raise Refused(Verdict.TOO_COMPLEX)
    named = _found(stream, "/Filter")
    filters = [str(name.get_object()) for name in named] if isinstance(named, ArrayObject) else []
    if named is not None and not filters and not isinstance(named, ArrayObject):
        filters = [str(named)]
    # Not through the reader's own unpacking, which holds the whole and undoes predictors line by line.
    data = stream._data
    if filters and filters[0] in ARMOUR:
        data = ARMOUR[filters.pop(0)].decode(data)
    size = len(data)
    if filters and filters[0] in FLATE:
        size = _inflated_size(data)
        filters.pop(0)
    if filters and filters[0] in IMAGE_CODES:
        filters.pop(0)
    if filters:
        raise Refused(Verdict.TOO_COMPLEX)
    return size


def _inflated_size(data: bytes) -> int:
    unpacking, size = zlib.decompressobj(), 0
    while data and not unpacking.eof:
        size += len(unpacking.decompress(data, STEP))
        if size > UNPACKED_ONE:
            raise Refused(Verdict.TOO_COMPLEX)
        data = unpacking.unconsumed_tail
    return size


def _found(each: DictionaryObject, name: str) -> Any:
    """What stands under a name, also when it is only referred to."""
    return each[name] if name in each else None  # noqa: SIM401 - get() gives the reference itself
