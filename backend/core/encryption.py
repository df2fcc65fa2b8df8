"""Personal data at rest: encrypted cells, and keyed indexes for exact look-up.

A cell: 0x01, key id (4 bytes), nonce (12), AES-256-GCM ciphertext with its tag. The associated data is
`table:column:row id`, so a cell copied to another row or column no longer opens.
An index: key id (4 bytes), fingerprint (16). How both live through a change of keys: docs/keys.md.
"""

import hmac
import secrets
from hashlib import sha256
from typing import Any, Protocol, Self, overload
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy.orm import MappedColumn, mapped_column

from backend.core.keys import IndexKey, KeyRing, LiveKeys

FORMAT = b"\x01"
KEY_ID_BYTES = 4
NONCE_BYTES = 12
FINGERPRINT_BYTES = 16

# Where a column says that it is a look-up index, and of what.
INDEX_OF = "blind_index_of"


class UnknownKey(LookupError):
    """What was stored names a key that is not in the ring."""


def key_id_bytes(key_id: int) -> bytes:
    return key_id.to_bytes(KEY_ID_BYTES, "big")


class Vault:
    """Seals and opens cells and makes look-up indexes, with the keys of one ring."""

    def __init__(self, ring: KeyRing) -> None:
        self._ciphers = {key.key_id: AESGCM(key.secret) for key in ring.data}
        self._current = ring.data[-1].key_id
        self._index_keys = ring.index
        self._chains: dict[tuple[int, str], list[bytes]] = {}

    def seal(self, text: str, place: str) -> bytes:
        nonce = secrets.token_bytes(NONCE_BYTES)
        sealed = self._ciphers[self._current].encrypt(nonce, text.encode(), place.encode())
        return FORMAT + key_id_bytes(self._current) + nonce + sealed

    def open(self, cell: bytes, place: str) -> str:
        """Raises cryptography's InvalidTag when the cell was changed or moved, LookupError for one of
        an unknown form, UnknownKey for one of an unknown key."""
        if cell[:1] != FORMAT:
            raise LookupError("not a cell of a known form")
        key_id = int.from_bytes(cell[1:5], "big")
        if key_id not in self._ciphers:
            raise UnknownKey(f"no data key {key_id}")
        nonce, sealed = cell[5 : 5 + NONCE_BYTES], cell[5 + NONCE_BYTES :]
        return self._ciphers[key_id].decrypt(nonce, sealed, place.encode()).decode()

    def index(self, column: str, text: str) -> bytes:
        """A keyed fingerprint for exact look-up, different for every column; the one to write."""
        return self._index(self._index_keys[-1], column, text)

    def indexes(self, column: str, text: str) -> list[bytes]:
        """The fingerprints under which the text may stand: one, or two while the key is replaced."""
        return [self._index(key, column, text) for key in self._index_keys]

    def rewrap(self, column: str, index: bytes) -> bytes:
        """What the key that follows gives for the text behind an index."""
        earlier = {key_id_bytes(key.key_id): key for key in self._index_keys}.get(index[:KEY_ID_BYTES])
        for key in self._index_keys:
            if earlier and key.inner == earlier.chain:
                step = self._chain(key, column)[-1]
                return key_id_bytes(key.key_id) + _fingerprint(step, index[KEY_ID_BYTES:])
        raise UnknownKey("no index key follows the one of this index")

    def _index(self, key: IndexKey, column: str, text: str) -> bytes:
        value = text.encode()
        for step in self._chain(key, column):
            value = _fingerprint(step, value)
        return key_id_bytes(key.key_id) + value

    def _chain(self, key: IndexKey, column: str) -> list[bytes]:
        found = self._chains.get((key.key_id, column))
        if found is None:
            found = [hmac.digest(secret, column.encode(), sha256) for secret in key.chain]
            self._chains[key.key_id, column] = found
        return found


def _fingerprint(key: bytes, value: bytes) -> bytes:
    return hmac.digest(key, value, sha256)[:FINGERPRINT_BYTES]


class _Process:
    """The keys this process goes by, and the vault made from what they were last."""

    keys: KeyRing | LiveKeys | None = None
    opened: tuple[KeyRing, Vault] | None = None


def open_vault(keys: KeyRing | LiveKeys) -> None:
    """Make these keys the ones this process seals and opens cells with, also when they change."""
    _Process.keys, _Process.opened = keys, None


def vault() -> Vault:
    if _Process.keys is None:
        raise RuntimeError("no key ring was opened; call open_vault at start")
    ring = _Process.keys.ring if isinstance(_Process.keys, LiveKeys) else _Process.keys
    opened = _Process.opened
    if opened is None or opened[0] is not ring:
        _Process.opened = opened = (ring, Vault(ring))
    return opened[1]


def open_cell(cell: bytes, place: str) -> str:
    """As `Vault.open`, after another look at the key ring when the cell's key is unknown."""
    try:
        return vault().open(cell, place)
    except UnknownKey:
        if not (isinstance(_Process.keys, LiveKeys) and _Process.keys.look()):
            raise
    return vault().open(cell, place)


def blind_index(column: str, text: str) -> bytes:
    """The look-up index of a personal value, to be written; `column` is written `table.column`.

    Where one text must not stand in two rows, use `core.indexes.reserve_index` instead.
    """
    return vault().index(column, text)


def blind_indexes(column: str, text: str) -> list[bytes]:
    """All indexes under which a personal value may stand now; a look-up asks for any of them."""
    return vault().indexes(column, text)


def is_same_text(column: str, one: bytes, other: bytes) -> bool:
    """Whether two indexes of a column stand for one text, be they made with different keys or not."""
    older, newer = sorted((one, other))
    if older[:KEY_ID_BYTES] != newer[:KEY_ID_BYTES]:
        older = vault().rewrap(column, older)
    return hmac.compare_digest(older, newer)


def index_of(column: str, **options: Any) -> MappedColumn[Any]:
    """A column that holds a look-up index, so that replacing the index key finds it."""
    return mapped_column(info={INDEX_OF: column}, **options)


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
        return None if cell is None else open_cell(cell, self._place(row))

    def __set__(self, row: _Row, text: str | None) -> None:
        setattr(row, self.column, None if text is None else vault().seal(text, self._place(row)))

    def _place(self, row: _Row) -> str:
        return place_of(row.__tablename__, self.column, row.id)


def place_of(table: str, column: str, row_id: UUID | str) -> str:
    """The associated data of a cell; for code that seals cells in bulk without a model."""
    if row_id is None:
        raise ValueError(f"{table}.{column}: the row needs its id before personal data is set")
    return f"{table}:{column}:{row_id}"
