"""Texts in versions: a folder of `<version>.md`, each in force from its day until the next one's."""

from collections.abc import Iterator
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeVar

from backend.city.documents import Reader
from backend.city.fields import CityData, Code, Text
from backend.city.validation import check_name, validate


class DatedHead(CityData):
    """The front matter that every such text has."""

    title: Text
    effective_on: date


class DatedText(DatedHead):
    """One version. `sha256` is of the UTF-8 text with LF line ends, without outer blank lines."""

    version: Code
    text: Text
    sha256: str


D = TypeVar("D", bound=DatedHead)


def in_force(texts: tuple[D, ...], on: date) -> D | None:
    """Of texts that stand oldest first, the one in force that day."""
    begun = [text for text in texts if text.effective_on <= on]
    return begun[-1] if begun else None


def read_dated_texts(
    reader: Reader, folder: Path, head: type[DatedHead], *, of_one: str
) -> Iterator[tuple[DatedHead, dict[str, Any]]]:
    """The heads with the rest of each text, oldest first; `of_one` names what two may not share a day of."""
    found: list[tuple[DatedHead, dict[str, Any]]] = []
    for path in reader.list_files(folder, ".md"):
        check_name(reader, path)
        document = reader.read_markdown(path)
        if document is None:
            continue
        read = validate(head, document, reader, {})
        if not document.body:
            reader.report(path, "说明之后没有正文")
        if read is None:
            continue
        if read.effective_on in [other.effective_on for other, _ in found]:
            reader.report_at(document, ("effective_on",), f"与{of_one}的另一版同日生效")
        digest = sha256(document.body.encode()).hexdigest()
        found.append((read, {"version": path.stem, "text": document.body, "sha256": digest}))
    yield from sorted(found, key=lambda each: each[0].effective_on)
