"""Where sheets lie: sealed as the documents of units are, in a folder of their own."""

from backend.partners.document_storage import DocumentStore


class _Process:
    store: DocumentStore | None = None


def open_sheet_store(store: DocumentStore) -> None:
    """Make this the store of the process."""
    _Process.store = store


def sheet_store() -> DocumentStore:
    if _Process.store is None:
        raise RuntimeError("no sheet store was opened; call open_sheet_store at start")
    return _Process.store
