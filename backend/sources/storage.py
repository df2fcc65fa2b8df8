"""Where delivered files lie: sealed as the documents of units are, in a folder of their own."""

from backend.partners.document_storage import DocumentStore


class _Process:
    store: DocumentStore | None = None


def open_batch_store(store: DocumentStore) -> None:
    """Make this the store of the process."""
    _Process.store = store


def batch_store() -> DocumentStore:
    if _Process.store is None:
        raise RuntimeError("no batch store was opened; call open_batch_store at start")
    return _Process.store
