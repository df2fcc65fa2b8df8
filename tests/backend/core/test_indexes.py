"""Look-up indexes: every one is known to the rotation, and one text has one row."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from sqlalchemy import LargeBinary

from backend.core import encryption
from backend.core.database import Base
from backend.core.encryption import INDEX_OF, blind_index, blind_indexes, is_same_text, open_vault
from backend.core.ids import new_id
from backend.core.indexes import reserve_index
from backend.core.keys import KeyRing, new_key_ring
from backend.core.keys.turning import Role, activate, stage
from backend.identity.models import Resident
from backend.main import Parts
from scripts.key_rotation.personal import Cell, personal_tables

COLUMN = "residents.openid"
NOW = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.fixture
def turning() -> Iterator[tuple[KeyRing, KeyRing]]:
    """A ring with a staged index key, and the ring in which it is active; the vault is put back."""
    opened = encryption._Process.keys
    staged = stage(new_key_ring(datetime.now(UTC)), Role.INDEX)
    yield staged, activate(staged, Role.INDEX, datetime.now(UTC))
    encryption._Process.keys, encryption._Process.opened = opened, None


def test_every_column_named_as_an_index_says_what_of() -> None:
    named = {
        f"{table.name}.{column.name}": column
        for table in Base.metadata.tables.values()
        for column in table.columns
        if column.name.endswith("_index") and isinstance(column.type, LargeBinary)
    }
    assert len(named) >= 10
    assert [name for name, column in named.items() if INDEX_OF not in column.info] == []


def test_every_column_named_as_a_cell_is_found_by_the_rotation() -> None:
    named = {
        f"{table.name}.{column.name}"
        for table in Base.metadata.tables.values()
        for column in table.columns
        if column.name.endswith("_cipher")
    }
    found = {
        f"{each.table.name}.{part.column.name}"
        for each in personal_tables(Role.DATA)
        for part in each.columns
        if isinstance(part, Cell)
    }
    assert found == named
    assert "residents.name_cipher" in found


def test_with_one_key_nothing_is_asked_and_nothing_locked(parts: Parts) -> None:
    with parts.sessions() as db:
        assert reserve_index(db, Resident.openid_index, "somebody") == blind_index(COLUMN, "somebody")
        assert not db.in_transaction()


def test_with_two_keys_the_index_of_whoever_is_there_is_reserved(
    turning: tuple[KeyRing, KeyRing], parts: Parts
) -> None:
    staged, active = turning
    openid = f"reserved-{new_id()}"
    with parts.sessions() as db:
        open_vault(staged)
        resident = Resident(id=new_id(), created_at=NOW, last_signed_in_at=NOW)
        resident.openid, resident.openid_index = openid, blind_index(COLUMN, openid)
        db.add(resident)
        db.flush()
        open_vault(active)
        assert blind_index(COLUMN, openid) != resident.openid_index
        assert resident.openid_index in blind_indexes(COLUMN, openid)
        assert reserve_index(db, Resident.openid_index, openid) == resident.openid_index
        assert reserve_index(db, Resident.openid_index, "other") == blind_index(COLUMN, "other")


def test_a_row_half_filled_is_not_written_by_reserving(
    turning: tuple[KeyRing, KeyRing], parts: Parts
) -> None:
    open_vault(turning[1])
    with parts.sessions() as db:
        resident = Resident(id=new_id(), created_at=NOW, last_signed_in_at=NOW)
        db.add(resident)
        resident.openid_index = reserve_index(db, Resident.openid_index, "half")
        assert resident in db.new


def test_the_same_text_is_known_under_either_key_and_another_is_not(turning: tuple[KeyRing, KeyRing]) -> None:
    staged, active = turning
    open_vault(staged)
    old = blind_index(COLUMN, "somebody")
    open_vault(active)
    new = blind_index(COLUMN, "somebody")
    assert is_same_text(COLUMN, old, new)
    assert is_same_text(COLUMN, new, old)
    assert is_same_text(COLUMN, old, old)
    assert not is_same_text(COLUMN, old, blind_index(COLUMN, "somebody else"))
