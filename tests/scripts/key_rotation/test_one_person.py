"""While two index keys are in use, a person still has one account: two processes that do not agree on
which of the keys to write under are told to sign the same people in at the same moment."""

import multiprocessing
from collections.abc import Callable
from datetime import UTC, datetime
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from psycopg import connect as connect_plain

from backend.core.database import connect, system_sessions
from backend.core.encryption import blind_index, open_vault
from backend.core.ids import new_id
from backend.core.keys import load_key_ring, new_key_ring, write_key_ring
from backend.core.keys.turning import Role, activate, stage
from backend.core.scopes import SYSTEM
from backend.identity.models import Resident
from backend.identity.service import sign_in_resident
from backend.main import alembic_config
from backend.wechat.accounts import WeChatAccount

PEOPLE = 25
WAIT_S = 30


def sign_in(db: Any, openid: str) -> None:
    sign_in_resident(db, WeChatAccount(openid, None), now=datetime.now(UTC))


def sign_in_without_guard(db: Any, openid: str) -> None:
    """What would be written if the unique index were trusted alone."""
    now = datetime.now(UTC)
    resident = Resident(id=new_id(), created_at=now, last_signed_in_at=now)
    resident.openid = openid
    resident.openid_index = blind_index("residents.openid", openid)
    db.add(resident)


def sign_everybody_in(
    url: str, ring: Path, people: list[str], together: Barrier, how: Callable[[Any, str], None]
) -> None:
    """A process of its own, with the ring it happens to know."""
    open_vault(load_key_ring(ring))
    engine = connect(url, pool_size=1, role=SYSTEM)
    sessions = system_sessions(engine)
    for openid in people:
        together.wait(WAIT_S)
        with sessions.begin() as db:
            how(db, openid)
    engine.dispose()


@pytest.fixture
def url(new_database: Callable[[str], str]) -> str:
    made = new_database("one_person")
    command.upgrade(alembic_config(made), "head")
    return made


def count_after(url: str, tmp_path: Path, how: Callable[[Any, str], None]) -> int:
    """How many residents there are after both processes signed everybody in."""
    staged = stage(new_key_ring(datetime.now(UTC)), Role.INDEX)
    rings = tmp_path / "staged.json", tmp_path / "active.json"
    write_key_ring(rings[0], staged)
    write_key_ring(rings[1], activate(staged, Role.INDEX, datetime.now(UTC)))
    apart = multiprocessing.get_context("forkserver")
    apart.set_forkserver_preload([__name__])
    together, people = apart.Barrier(2), [f"openid-{number}" for number in range(PEOPLE)]
    processes = [
        apart.Process(target=sign_everybody_in, args=(url, ring, people, together, how)) for ring in rings
    ]
    for process in processes:
        process.start()
    for process in processes:
        process.join(timeout=120)
        assert process.exitcode == 0
    with connect_plain(url) as connection:
        row = connection.execute("SELECT count(*) FROM residents").fetchone()
    assert row is not None
    return int(row[0])


def test_the_same_people_signing_in_from_two_processes_join_once(url: str, tmp_path: Path) -> None:
    assert count_after(url, tmp_path, sign_in) == PEOPLE


def test_control_without_the_lock_everybody_would_be_there_twice(url: str, tmp_path: Path) -> None:
    assert count_after(url, tmp_path, sign_in_without_guard) == 2 * PEOPLE
