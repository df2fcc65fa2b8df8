"""The key ring: made once, agreed on by everybody, readable by its owner only."""

import json
import multiprocessing
import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from stat import S_IMODE
from typing import Any

import pytest
from pydantic import ValidationError

from backend.core.keys import (
    TICKET_KEY_LIFE,
    TICKET_KEY_NOTICE,
    TICKET_KEY_OVERLAP,
    KeyRing,
    load_key_ring,
    load_or_create_key_ring,
    new_key_ring,
    with_next_ticket_key,
    write_key_ring,
)

NOW = datetime(2026, 3, 1, 8, tzinfo=UTC)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "keys.json"


def test_the_ring_is_made_at_the_first_start_and_kept(path: Path) -> None:
    made = load_or_create_key_ring(path)
    assert load_or_create_key_ring(path) == made
    assert load_key_ring(path) == made
    assert [file.name for file in path.parent.iterdir() if not file.name.endswith(".lock")] == ["keys.json"]


def test_no_two_trials_have_the_same_keys(tmp_path: Path) -> None:
    rings = [load_or_create_key_ring(tmp_path / name) for name in ("one", "other")]
    secrets = [key.secret for ring in rings for key in (*ring.data, *ring.index, *ring.session, *ring.ticket)]
    assert len(set(secrets)) == len(secrets) == 8


def make_and_tell(path: Path, ready: Any, answers: Any) -> None:
    ready.wait()
    answers.put(load_or_create_key_ring(path).model_dump_json())


def all_at_once(path: Path, count: int = 6) -> set[str]:
    """What so many processes hold for the ring when they start together."""
    apart = multiprocessing.get_context("forkserver")
    apart.set_forkserver_preload([__name__])
    ready, answers = apart.Barrier(count), apart.Queue()
    processes = [apart.Process(target=make_and_tell, args=(path, ready, answers)) for _ in range(count)]
    for process in processes:
        process.start()
    rings = {answers.get(timeout=10) for _ in processes}
    for process in processes:
        process.join(timeout=10)
    return rings


def test_processes_that_start_together_agree_on_one_ring(tmp_path: Path) -> None:
    for attempt in range(5):
        path = tmp_path / f"keys-{attempt}.json"
        rings = all_at_once(path)
        assert rings == {load_key_ring(path).model_dump_json()}


def test_processes_that_find_an_ending_ticket_key_agree_on_the_next(tmp_path: Path) -> None:
    for attempt in range(5):
        path = tmp_path / f"keys-{attempt}.json"
        write_key_ring(path, new_key_ring(datetime.now(UTC) - TICKET_KEY_LIFE + timedelta(days=1)))
        rings = all_at_once(path)
        assert rings == {load_key_ring(path).model_dump_json()}
        assert len(load_key_ring(path).ticket) == 2


def test_only_the_owner_may_read_the_file(path: Path) -> None:
    load_or_create_key_ring(path)
    assert S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o644, 0o660, 0o777])
def test_a_file_that_others_may_read_is_refused(path: Path, mode: int) -> None:
    made = load_or_create_key_ring(path)
    path.chmod(mode)
    for load in (load_key_ring, load_or_create_key_ring):
        with pytest.raises(PermissionError, match="owner only"):
            load(path)
    path.chmod(0o400)
    assert load_key_ring(path) == made


def test_a_start_that_died_while_writing_stops_no_later_one(path: Path) -> None:
    """In a container every start has the same process id."""
    (path.parent / f".keys.json.{os.getpid()}").write_text("half of a ri")
    assert load_or_create_key_ring(path) == load_key_ring(path)


SPOILT: dict[str, Callable[[dict[str, Any]], Any]] = {
    "a short key": lambda ring: ring["index"][0].update(secret="c2hvcnQ="),
    "no base64": lambda ring: ring["index"][0].update(secret="*" * 44),
    "no session key": lambda ring: ring.update(session=[]),
    "no data key": lambda ring: ring.pop("data"),
    "an unknown part": lambda ring: ring.update(extra=1),
    "a key id that fits no ticket": lambda ring: ring["ticket"][0].update(key_id=256),
    "a time without its zone": lambda ring: ring["ticket"][0].update(valid_from="2026-01-01T00:00:00"),
}


@pytest.mark.parametrize("spoil", SPOILT.values(), ids=SPOILT)
def test_a_spoilt_ring_is_refused(path: Path, spoil: Callable[[dict[str, Any]], Any]) -> None:
    write_key_ring(path, new_key_ring(NOW))
    content = json.loads(path.read_text())
    spoil(content)
    path.write_text(json.dumps(content))
    with pytest.raises(ValidationError):
        load_key_ring(path)


def test_a_refusal_of_a_spoilt_ring_shows_no_key(path: Path) -> None:
    ring = new_key_ring(NOW)
    write_key_ring(path, ring)
    content = json.loads(path.read_text())
    content["index"][0]["secret"] += "?"
    path.write_text(json.dumps(content))
    with pytest.raises(ValidationError) as refused:
        load_key_ring(path)
    assert content["index"][0]["secret"][:12] not in str(refused.value)


def test_a_ring_shows_no_key_when_printed() -> None:
    ring = new_key_ring(NOW)
    for key in (*ring.data, *ring.index, *ring.session, *ring.ticket):
        assert repr(key.secret) not in repr(ring)


def test_the_newest_ticket_key_in_force_signs() -> None:
    ring = with_next_ticket_key(new_key_ring(NOW), NOW + timedelta(days=84))
    assert [key.key_id for key in ring.ticket] == [1, 2]
    moments = {timedelta(): 1, timedelta(days=85): 1, timedelta(days=86): 2, timedelta(days=175): 2}
    assert {ahead: ring.ticket_key(NOW + ahead).key_id for ahead in moments} == moments


def test_tills_have_two_days_to_fetch_a_new_ticket_key_unless_the_old_one_ends_sooner() -> None:
    for left, notice in ((timedelta(days=7), TICKET_KEY_NOTICE), (timedelta(days=2), timedelta())):
        now = NOW + TICKET_KEY_LIFE - left
        assert with_next_ticket_key(new_key_ring(NOW), now).ticket[-1].valid_from == now + notice


def test_an_index_key_of_an_older_ring_needs_no_list(path: Path) -> None:
    ring = new_key_ring(NOW)
    write_key_ring(path, ring)
    content = json.loads(path.read_text())
    (content["index"],) = content["index"]
    path.write_text(json.dumps(content))
    assert load_key_ring(path) == ring


@pytest.mark.parametrize("ahead", [timedelta(seconds=-1), TICKET_KEY_LIFE])
def test_outside_its_time_no_key_signs(ahead: timedelta) -> None:
    with pytest.raises(LookupError):
        new_key_ring(NOW).ticket_key(NOW + ahead)


def test_a_ticket_key_that_ended_is_dropped_and_its_id_not_given_again_at_once() -> None:
    ring = with_next_ticket_key(new_key_ring(NOW), NOW + TICKET_KEY_LIFE)
    assert [key.key_id for key in ring.ticket] == [2]


def test_a_new_ticket_key_comes_a_week_before_the_old_one_ends(path: Path) -> None:
    present = datetime.now(UTC)
    for left, keys in (
        (TICKET_KEY_OVERLAP + timedelta(hours=1), 1),
        (TICKET_KEY_OVERLAP - timedelta(hours=1), 2),
    ):
        ring = new_key_ring(present - TICKET_KEY_LIFE + left)
        write_key_ring(path, ring)
        loaded: KeyRing = load_or_create_key_ring(path)
        assert len(loaded.ticket) == keys
        assert (loaded.data, loaded.index, loaded.session) == (ring.data, ring.index, ring.session)
