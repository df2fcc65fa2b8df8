"""Reads `messages.yaml`."""

from pathlib import Path

from backend.city.documents import Reader
from backend.city.message_files import MessagesFile, Templates
from backend.city.validation import check_unique, validate


def load_messages(reader: Reader, path: Path) -> Templates:
    """The templates; none when the city has no such file."""
    document = reader.read_yaml(path) if path.exists() else None
    if document is None:
        return Templates()
    check_unique(reader, [document], "templates", "id")
    check_unique(reader, [document], "templates", "notice")
    file = validate(MessagesFile, document, reader, {})
    return Templates({template.notice: template for template in file.templates} if file else {})
