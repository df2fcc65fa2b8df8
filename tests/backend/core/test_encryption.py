"""Personal data at rest: cells that open only where they were sealed, and indexes that need the key."""

from datetime import UTC, datetime
from hashlib import sha256
from uuid import uuid4

import pytest
from cryptography.exceptions import InvalidTag

from backend.core.encryption import Vault, place_of
from backend.core.ids import new_id
from backend.core.keys import KeyRing, SecretKey, new_key_ring
from backend.identity.models import Resident
from backend.main import Parts

NUMBER = "420202198505201234"
ROW = uuid4()
PLACE = place_of("residents", "id_number_cipher", ROW)
ELSEWHERE = {
    "another row": place_of("residents", "id_number_cipher", uuid4()),
    "another column": place_of("residents", "name_cipher", ROW),
    "another table": place_of("clerks", "id_number_cipher", ROW),
    "nowhere": "",
}


@pytest.fixture
def ring() -> KeyRing:
    return new_key_ring(datetime(2026, 3, 1, tzinfo=UTC))


@pytest.fixture
def vault(ring: KeyRing) -> Vault:
    return Vault(ring)


@pytest.mark.parametrize("text", [NUMBER, "张伟", "", "𠮷野家", "a" * 10_000])
def test_what_was_sealed_opens_in_its_place(vault: Vault, text: str) -> None:
    assert vault.open(vault.seal(text, PLACE), PLACE) == text


@pytest.mark.parametrize("place", ELSEWHERE.values(), ids=ELSEWHERE)
def test_a_cell_moved_elsewhere_does_not_open(vault: Vault, place: str) -> None:
    cell = vault.seal(NUMBER, PLACE)
    with pytest.raises(InvalidTag):
        vault.open(cell, place)


def test_a_cell_with_any_bit_changed_does_not_open(vault: Vault) -> None:
    cell = vault.seal(NUMBER, PLACE)
    for position in range(len(cell)):
        changed = bytearray(cell)
        changed[position] ^= 1
        with pytest.raises((InvalidTag, LookupError, ValueError)):
            vault.open(bytes(changed), PLACE)


@pytest.mark.parametrize("length", [0, 1, 5, 16, 20, 50])
def test_a_cell_cut_short_does_not_open(vault: Vault, length: int) -> None:
    cell = vault.seal(NUMBER, PLACE)
    assert length < len(cell)
    with pytest.raises((InvalidTag, LookupError, ValueError)):
        vault.open(cell[:length], PLACE)


def test_a_cell_does_not_open_with_another_key(vault: Vault) -> None:
    other = Vault(new_key_ring(datetime.now(UTC)))
    with pytest.raises(InvalidTag):
        other.open(vault.seal(NUMBER, PLACE), PLACE)


def test_a_cell_says_its_form_and_key_and_nothing_of_its_text(ring: KeyRing, vault: Vault) -> None:
    cell = vault.seal(NUMBER, PLACE)
    assert cell[:5] == b"\x01" + ring.data[-1].key_id.to_bytes(4, "big")
    assert len(cell) == 1 + 4 + 12 + len(NUMBER) + 16
    assert NUMBER.encode() not in cell


def test_the_same_text_never_looks_the_same(vault: Vault) -> None:
    cells = {vault.seal(NUMBER, PLACE) for _ in range(500)}
    assert len({cell[5:17] for cell in cells}) == 500


def test_after_a_new_key_old_cells_still_open_and_new_ones_use_it(ring: KeyRing, vault: Vault) -> None:
    old = vault.seal(NUMBER, PLACE)
    fresh = SecretKey(key_id=2, secret=b"k" * 32)
    rotated = Vault(ring.model_copy(update={"data": [*ring.data, fresh]}))
    new = rotated.seal(NUMBER, PLACE)
    assert [rotated.open(cell, PLACE) for cell in (old, new)] == [NUMBER, NUMBER]
    assert [int.from_bytes(cell[1:5], "big") for cell in (old, new)] == [1, 2]


def test_an_index_finds_the_same_text_in_the_same_column_only(vault: Vault) -> None:
    column = "residents.id_number"
    assert vault.index(column, NUMBER) == vault.index(column, NUMBER)
    others = [
        vault.index("residents.openid", NUMBER),
        vault.index("held_records.subject", NUMBER),
        vault.index(column, NUMBER[:-1] + "X"),
        Vault(new_key_ring(datetime.now(UTC))).index(column, NUMBER),
    ]
    assert len({vault.index(column, NUMBER), *others}) == 5


def test_an_index_cannot_be_made_without_the_key(vault: Vault) -> None:
    index = vault.index("residents.id_number", NUMBER)
    assert len(index) == 4 + 16
    assert index[4:] not in {
        sha256(text.encode()).digest()[:16] for text in (NUMBER, f"residents.id_number{NUMBER}")
    }


def test_a_row_needs_its_id_before_it_takes_personal_data(parts: Parts) -> None:
    with pytest.raises(ValueError, match="id"):
        Resident(id=None).name = "张伟"


def test_a_model_reads_back_what_it_was_given(parts: Parts) -> None:
    resident = Resident(id=new_id())
    resident.name = "张伟"
    assert (resident.name, resident.openid) == ("张伟", None)
    resident.name = None
    assert (resident.name, resident.name_cipher) == (None, None)


def test_a_cell_copied_to_another_resident_does_not_open(parts: Parts) -> None:
    one, other = Resident(id=new_id()), Resident(id=new_id())
    one.name, one.id_number = "张伟", NUMBER
    other.name_cipher = one.name_cipher
    with pytest.raises(InvalidTag):
        _ = other.name
    one.name_cipher = one.id_number_cipher
    with pytest.raises(InvalidTag):
        _ = one.name
