"""Reads `consents/<purpose>/<version>.md`."""

from hashlib import sha256
from pathlib import Path

from backend.city.consent_files import ConsentHead, ConsentText
from backend.city.documents import Document, Reader
from backend.city.validation import check_name, validate


def load_consents(reader: Reader, folder: Path) -> dict[str, tuple[ConsentText, ...]]:
    """The texts of each purpose, oldest first."""
    return {purpose.name: _load_purpose(reader, purpose) for purpose in reader.list_folders(folder)}


def _load_purpose(reader: Reader, folder: Path) -> tuple[ConsentText, ...]:
    check_name(reader, folder)
    texts: list[ConsentText] = []
    for path in reader.list_files(folder, ".md"):
        check_name(reader, path)
        document = reader.read_markdown(path)
        text = _text(reader, document, purpose=folder.name) if document else None
        if document is None or text is None:
            continue
        if text.effective_on in [other.effective_on for other in texts]:
            reader.report_at(document, ("effective_on",), "与同一用途的另一版同日生效")
        texts.append(text)
    return tuple(sorted(texts, key=lambda text: text.effective_on))


def _text(reader: Reader, document: Document, *, purpose: str) -> ConsentText | None:
    head = validate(ConsentHead, document, reader, {})
    if not document.body:
        reader.report(document.path, "说明之后没有正文")
    if head is None:
        return None
    digest = sha256(document.body.encode()).hexdigest()
    return ConsentText.assemble(
        head, purpose=purpose, version=document.path.stem, text=document.body, sha256=digest
    )
