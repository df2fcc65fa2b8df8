"""What stands in the database under a key, as the models say it: encrypted cells and look-up indexes."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, ColumnElement, LargeBinary, Table, func, literal, or_

from backend.core.database import Base
from backend.core.encryption import (
    FORMAT,
    INDEX_OF,
    KEY_ID_BYTES,
    Encrypted,
    Vault,
    key_id_bytes,
    place_of,
)
from backend.core.keys import KeyRing
from backend.core.keys.turning import Role, keys_of


@dataclass(frozen=True)
class Cell:
    """An encrypted column."""

    column: Column[Any]

    def key_id(self) -> ColumnElement[bytes]:
        """The key id of a row's value, as bytes; none for an empty one."""
        return func.substring(self.column, len(FORMAT) + 1, KEY_ID_BYTES, type_=LargeBinary)

    def is_not_under(self, key_id: int) -> ColumnElement[bool]:
        return self.key_id() != literal(key_id_bytes(key_id), LargeBinary)

    def stands_under(self, value: Any) -> int:
        return int.from_bytes(value[len(FORMAT) : len(FORMAT) + KEY_ID_BYTES], "big")

    def renewed(self, vault: Vault, row_id: Any, value: Any) -> Any:
        place = place_of(self.column.table.name, self.column.name, row_id)
        return vault.seal(vault.open(value, place), place)


@dataclass(frozen=True)
class Index:
    """A column with a look-up index, as bytes or as their hexadecimal text."""

    column: Column[Any]

    @property
    def is_text(self) -> bool:
        return not isinstance(self.column.type, LargeBinary)

    def key_id(self) -> ColumnElement[bytes]:
        value = func.decode(self.column, "hex", type_=LargeBinary) if self.is_text else self.column
        return func.substring(value, 1, KEY_ID_BYTES, type_=LargeBinary)

    def is_not_under(self, key_id: int) -> ColumnElement[bool]:
        return self.key_id() != literal(key_id_bytes(key_id), LargeBinary)

    def stands_under(self, value: Any) -> int:
        return int.from_bytes((bytes.fromhex(value) if self.is_text else value)[:KEY_ID_BYTES], "big")

    def renewed(self, vault: Vault, _row_id: Any, value: Any) -> Any:
        name = self.column.info[INDEX_OF]
        if self.is_text:
            return vault.rewrap(name, bytes.fromhex(value)).hex()
        return vault.rewrap(name, value)


@dataclass(frozen=True)
class Personal:
    """A table with its columns that stand under keys of one role."""

    table: Table
    columns: tuple[Cell | Index, ...]

    @property
    def row_id(self) -> Column[Any]:
        (column,) = self.table.primary_key.columns
        return column

    def is_stale(self, key_id: int) -> ColumnElement[bool]:
        """Whether anything in a row stands under another key than this one."""
        return or_(*(column.is_not_under(key_id) for column in self.columns))


def key_in_use(ring: KeyRing, role: Role) -> int:
    return keys_of(ring, role)[-1].key_id


def personal_tables(role: Role) -> list[Personal]:
    """Every table with cells (for data keys) or look-up indexes (for index keys)."""
    find = _cells if role is Role.DATA else _indexes
    found = []
    for mapper in sorted(Base.registry.mappers, key=lambda mapper: mapper.class_.__tablename__):
        columns: tuple[Cell | Index, ...] = tuple(find(mapper.class_))
        if columns:
            found.append(Personal(mapper.class_.__table__, columns))
    return found


def _cells(model: type[Any]) -> Iterator[Cell]:
    for attribute in vars(model).values():
        if isinstance(attribute, Encrypted):
            yield Cell(model.__table__.columns[attribute.column])


def _indexes(model: type[Any]) -> Iterator[Index]:
    for column in model.__table__.columns:
        if INDEX_OF in column.info:
            yield Index(column)
