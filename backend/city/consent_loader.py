"""Reads `consents/<purpose>/<version>.md`."""

from pathlib import Path

from backend.city.consent_files import ConsentHead, ConsentText
from backend.city.dated_texts import read_dated_texts
from backend.city.documents import Reader
from backend.city.validation import check_name


def load_consents(reader: Reader, folder: Path) -> dict[str, tuple[ConsentText, ...]]:
    """The texts of each purpose, oldest first."""
    return {purpose.name: _load_purpose(reader, purpose) for purpose in reader.list_folders(folder)}


def _load_purpose(reader: Reader, folder: Path) -> tuple[ConsentText, ...]:
    check_name(reader, folder)
    read = read_dated_texts(reader, folder, ConsentHead, of_one="同一用途")
    return tuple(ConsentText.assemble(head, purpose=folder.name, **rest) for head, rest in read)
