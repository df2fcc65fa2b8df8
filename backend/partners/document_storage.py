"""Where the content of documents lies: encrypted files outside everything that is served.

Each file has a key of its own, which stands, itself encrypted, in the document's row. So replacing the data
key rewrites rows and no files, and a document whose row is gone cannot be read by anybody any more.
"""

import os
import secrets
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from tempfile import NamedTemporaryFile
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE_BYTES, TAG_BYTES = 12, 16
PIECE = 1024 * 1024
SUFFIX = ".sealed"
UNFINISHED = "unfinished-"


def new_file_key() -> bytes:
    return AESGCM.generate_key(256)


class DocumentStore:
    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def write(self, document_id: UUID, key: bytes, content: bytes) -> None:
        nonce = secrets.token_bytes(NONCE_BYTES)
        self._write(document_id, [nonce, AESGCM(key).encrypt(nonce, content, document_id.bytes)])

    def write_pieces(self, document_id: UUID, key: bytes, pieces: Iterable[bytes]) -> int:
        """As `write`, for what is too large to be held at once; gives the size. The key is for this alone.

        Pieces are sealed with their place and whether one is the last: none can be moved, lost or cut off.
        """
        size = 0

        def sealed() -> Iterator[bytes]:
            nonlocal size
            for place, (piece, is_last) in enumerate(_cut(pieces)):
                size += len(piece)
                yield AESGCM(key).encrypt(_nonce_of(place, is_last), piece, document_id.bytes)

        self._write(document_id, sealed())
        return size

    def read_pieces(self, document_id: UUID, key: bytes) -> Iterator[bytes]:
        """What `write_pieces` wrote, piece by piece."""
        with self._path(document_id).open("rb") as file:
            place, sealed = 0, file.read(PIECE + TAG_BYTES)
            while True:
                following = file.read(PIECE + TAG_BYTES)
                yield AESGCM(key).decrypt(_nonce_of(place, not following), sealed, document_id.bytes)
                if not following:
                    return
                place, sealed = place + 1, following

    def _write(self, document_id: UUID, sealed: Iterable[bytes]) -> None:
        """All of it or nothing: a process that dies leaves no half of a file under the name."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with NamedTemporaryFile(dir=self._folder, prefix=UNFINISHED, suffix=SUFFIX, delete=False) as file:
            for part in sealed:
                file.write(part)
            file.flush()
            os.fsync(file.fileno())
        Path(file.name).replace(self._path(document_id))

    def read(self, document_id: UUID, key: bytes) -> bytes:
        """Raises cryptography's InvalidTag when the file was changed, or is another document's."""
        sealed = self._path(document_id).read_bytes()
        return AESGCM(key).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], document_id.bytes)

    def files_before(self, moment: datetime) -> Iterator[tuple[Path, UUID | None]]:
        """Our files that are older, each with its document; None for what a process that died began."""
        for path in self._folder.glob(f"*{SUFFIX}"):
            if path.stat().st_mtime < moment.timestamp():
                yield path, None if path.name.startswith(UNFINISHED) else UUID(hex=path.stem)

    def _path(self, document_id: UUID) -> Path:
        return self._folder / f"{document_id.hex}{SUFFIX}"


def _cut(pieces: Iterable[bytes]) -> Iterator[tuple[bytes, bool]]:
    """All pieces of one length but the last, of which it is said that it is; one empty piece for nothing."""
    waiting = bytearray()
    for piece in pieces:
        waiting += piece
        while len(waiting) > PIECE:
            yield bytes(waiting[:PIECE]), False
            del waiting[:PIECE]
    yield bytes(waiting), True


def _nonce_of(place: int, is_last: bool) -> bytes:
    return place.to_bytes(NONCE_BYTES - 1, "big") + bytes([is_last])


class _Process:
    store: DocumentStore | None = None


def open_document_store(store: DocumentStore) -> None:
    """Make this the store of the process."""
    _Process.store = store


def document_store() -> DocumentStore:
    if _Process.store is None:
        raise RuntimeError("no document store was opened; call open_document_store at start")
    return _Process.store
