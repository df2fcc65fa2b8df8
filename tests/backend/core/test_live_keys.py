"""A running process follows its key ring without a restart, and says which one it goes by."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from psycopg import connect as connect_plain

from backend.core import encryption
from backend.core.encryption import UnknownKey, Vault, open_cell, open_vault, place_of, vault
from backend.core.ids import new_id
from backend.core.keys import TICKET_KEY_LIFE, FileKeys, KeyRing, LiveKeys, TrialKeys, new_key_ring
from backend.core.keys import live as live_module
from backend.core.keys.readers import Register, list_readers
from backend.core.keys.turning import Role, activate, retire, stage
from backend.main import Parts
from tests.scripts.key_rotation.test_cut_off import wait_until

NOW = datetime(2026, 3, 1, 8, tzinfo=UTC)
PLACE = place_of("residents", "name_cipher", new_id())


@pytest.fixture
def source(tmp_path: Path) -> FileKeys:
    keys = FileKeys(tmp_path / "keys.json")
    keys.save(new_key_ring(NOW))
    return keys


@pytest.fixture
def ring(source: FileKeys) -> KeyRing:
    return source.load()


@pytest.fixture
def following(source: FileKeys, database_url: str) -> Iterator[LiveKeys]:
    keys = LiveKeys(source)
    keys.follow(database_url)
    yield keys
    keys.end()


@pytest.fixture
def opened(source: FileKeys) -> Iterator[LiveKeys]:
    """The vault of this process is that of the source for a while."""
    before, keys = encryption._Process.keys, LiveKeys(source)
    open_vault(keys)
    yield keys
    encryption._Process.keys, encryption._Process.opened = before, None


def test_unheard_a_process_looks_at_the_document_whenever_it_uses_a_key(
    source: FileKeys, ring: KeyRing
) -> None:
    keys = LiveKeys(source)
    assert [key.key_id for key in keys.data] == [1]
    source.save(stage(ring, Role.DATA))
    assert [key.key_id for key in keys.data] == [2, 1]


def test_a_document_that_cannot_be_read_changes_nothing(source: FileKeys, ring: KeyRing) -> None:
    keys = LiveKeys(source)
    source.path.write_text("{")
    assert keys.ring == ring
    source.path.unlink()
    assert keys.ring == ring
    source.save(stage(ring, Role.SESSION))
    assert len(keys.session) == 2


def test_the_same_keys_written_again_are_the_same_ring(source: FileKeys, ring: KeyRing) -> None:
    keys = LiveKeys(source)
    before = keys.ring
    source.save(ring)
    assert not keys.look()
    assert keys.ring is before


def test_a_process_says_which_ring_it_goes_by_as_soon_as_that_changes(
    source: FileKeys, ring: KeyRing, following: LiveKeys, parts: Parts
) -> None:
    def said() -> set[str]:
        with parts.sessions() as db:
            return {reader.ring for reader in list_readers(db)}

    assert ring.fingerprint in said()
    staged = stage(ring, Role.DATA)
    source.save(staged)
    wait_until(lambda: staged.fingerprint in said())
    assert ring.fingerprint not in said()
    assert len(following.data) == 2


def test_a_process_that_ends_takes_its_entry_away(
    source: FileKeys, database_url: str, ring: KeyRing, parts: Parts
) -> None:
    register = Register(database_url, new_id())
    register.say(ring.fingerprint)
    register.leave()
    with parts.sessions() as db:
        assert ring.fingerprint not in {reader.ring for reader in list_readers(db)}


def test_a_process_that_was_not_heard_of_for_long_is_gone(
    database_url: str, ring: KeyRing, parts: Parts
) -> None:
    Register(database_url, new_id()).say(ring.fingerprint)
    with connect_plain(database_url) as connection:
        connection.execute(
            "UPDATE key_readers SET seen_at = now() - interval '16 s' WHERE ring = %s", [ring.fingerprint]
        )
    with parts.sessions() as db:
        assert ring.fingerprint not in {reader.ring for reader in list_readers(db)}


def test_a_ring_that_changed_before_its_reader_was_known_is_seen_before_a_key_is_used(
    source: FileKeys, ring: KeyRing, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever changed it did not wait for a process that had not said anything yet."""
    keys = LiveKeys(source)
    say = Register.say

    def late(register: Register, fingerprint: str) -> None:
        monkeypatch.setattr(Register, "say", say)
        source.save(stage(ring, Role.DATA))
        say(register, fingerprint)

    monkeypatch.setattr(Register, "say", late)
    keys.follow(database_url)
    monkeypatch.setattr(keys, "look", lambda: pytest.fail("looked again"))
    assert len(keys.data) == 2
    monkeypatch.undo()
    keys.end()


def test_the_vault_follows_the_ring(opened: LiveKeys, source: FileKeys, ring: KeyRing) -> None:
    before = vault()
    assert vault() is before
    active = activate(stage(ring, Role.DATA), Role.DATA, NOW)
    source.save(active)
    assert vault() is not before
    assert vault().seal("张伟", PLACE)[1:5] == b"\0\0\0\2"


def test_a_cell_of_an_unknown_key_is_reason_to_look_again(
    opened: LiveKeys, source: FileKeys, ring: KeyRing, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert opened.ring == ring
    monkeypatch.setattr(opened, "_trusted_until", float("inf"))
    active = activate(stage(ring, Role.DATA), Role.DATA, NOW)
    cell = Vault(active).seal("张伟", PLACE)
    with pytest.raises(UnknownKey):
        open_cell(cell, PLACE)
    source.save(active)
    assert open_cell(cell, PLACE) == "张伟"


def test_a_token_of_an_unknown_key_is_reason_to_look_again(
    source: FileKeys, ring: KeyRing, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = LiveKeys(source)
    assert keys.ring == ring
    monkeypatch.setattr(keys, "_trusted_until", float("inf"))
    source.save(retire(activate(stage(ring, Role.SESSION), Role.SESSION, NOW), Role.SESSION))
    assert [key.key_id for key in keys.session_keys("1")] == [1]
    assert [key.key_id for key in keys.session_keys("2")] == [2]


def test_a_running_trial_renews_its_ticket_key_in_time(
    tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = TrialKeys(tmp_path / "keys.json")
    keys = LiveKeys(source)
    ends = datetime.now(UTC) + timedelta(days=6)
    source.save(new_key_ring(ends - TICKET_KEY_LIFE))
    monkeypatch.setattr(live_module, "KEEP_UP_EVERY_S", 0.0)
    keys.follow(database_url)
    wait_until(lambda: keys.ticket[-1].valid_until > ends)
    keys.end()
