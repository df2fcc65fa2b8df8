"""Personal data at rest: encrypted cells, and a keyed index for exact look-up.

Stored form: 0x01, key id (4 bytes), nonce (12), AES-256-GCM ciphertext with its tag. The associated
data is `table:column:row id`, so a cell copied to another row or column no longer opens.
"""

import hmac
import secrets
from hashlib import sha256
from typing import Any, Protocol, Self, overload
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from backend.core.keys import KeyRing

FORMAT = b"\x01"
NONCE_BYTES = 12
INDEX_BYTES = 16


class Vault:
    """Seals and opens cells and makes look-up indexes, with the keys of one ring."""

    def __init__(self, ring: KeyRing) -> None:
        self._ciphers = {key.key_id: AESGCM(key.secret) for key in ring.data}
        self._current = ring.data[-1].key_id
        self._index_secret = ring.index.secret

    def seal(self, text: str, place: str) -> bytes:
        nonce = secrets.token_bytes(NONCE_BYTES)
        sealed = self._ciphers[self._current].encrypt(nonce, text.encode(), place.encode())
        return FORMAT + self._current.to_bytes(4, "big") + nonce + sealed

    def open(self, cell: bytes, place: str) -> str:
        """Raises cryptography's InvalidTag when the cell was changed or moved, LookupError for one of
        an unknown form or key."""
        if cell[:1] != FORMAT:
            raise LookupError("not a cell of a known form")
        key_id = int.from_bytes(cell[1:5], "big")
        nonce, sealed = cell[5 : 5 + NONCE_BYTES], cell[5 + NONCE_BYTES :]
        return self._ciphers[key_id].decrypt(nonce, sealed, place.encode()).decode()

    def index(self, column: str, text: str) -> bytes:
        """A keyed fingerprint for exact look-up, different for every column."""
        key = hmac.digest(self._index_secret, column.encode(), sha256)
        return hmac.digest(key, text.encode(), sha256)[:INDEX_BYTES]


class _Vaults:
    opened: Vault | None = None


def open_vault(ring: KeyRing) -> None:
    """Make a ring's keys the ones this process seals and opens cells with."""
    _Vaults.opened = Vault(ring)


def vault() -> Vault:
    if _Vaults.opened is None:
        raise RuntimeError("no key ring was opened; call open_vault at start")
    return _Vaults.opened


def blind_index(column: str, text: str) -> bytes:
    """The look-up index of a personal value; `column` is written `table.column`."""
    return vault().index(column, text)


class _Row(Protocol):
    __tablename__: Any
    id: Any


class Encrypted:
    """An attribute of a model whose text is stored encrypted in the column `<name>_cipher`.

    It is a descriptor and not a column type because the row's id is part of what is
    authenticated, and a column type never sees the row. Opening happens on access, so a query
    that does not show a name never decrypts one. The row must have its id before it is set.
    """

    def __set_name__(self, owner: type, name: str) -> None:
        self.column = f"{name}_cipher"

    @overload
    def __get__(self, row: None, owner: type) -> Self: ...
    @overload
    def __get__(self, row: _Row, owner: type) -> str | None: ...
    def __get__(self, row: _Row | None, owner: type) -> Self | str | None:
        if row is None:
            return self
        cell = getattr(row, self.column)
        return None if cell is None else vault().open(cell, self._place(row))

    def __set__(self, row: _Row, text: str | None) -> None:
        setattr(row, self.column, None if text is None else vault().seal(text, self._place(row)))

    def _place(self, row: _Row) -> str:
        return place_of(row.__tablename__, self.column, row.id)


def place_of(table: str, column: str, row_id: UUID | str) -> str:
    """The associated data of a cell; for code that seals cells in bulk without a model."""
    if row_id is None:
        raise ValueError(f"{table}.{column}: the row needs its id before personal data is set")
    return f"{table}:{column}:{row_id}"
