"""A rotation that was cut off goes on where it ended, and two are never under way at once."""

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic import command
from click.testing import CliRunner, Result
from sqlalchemy import Engine, insert, select, text, update
from sqlalchemy.orm import Session

from backend.core.database import connect
from backend.core.encryption import Vault, place_of
from backend.core.keys import FileKeys, new_key_ring
from backend.core.keys.turning import Role, activate, retire, stage
from backend.core.scopes import SYSTEM
from backend.main import alembic_config
from backend.web.idempotency import DIGEST, IdempotentAnswer
from scripts.key_rotation.rewriting import Rewriting, count_by_key
from scripts.key_rotation.rotation import ONE_AT_A_TIME
from scripts.keys import main
from tests.scripts.running_system import ENVIRONMENT, PROJECT

ROWS = 1500
WITHIN_S = 60


@dataclass(frozen=True)
class Place:
    """A database with kept answers, and the ring they stand under. No process runs."""

    source: FileKeys
    engine: Engine
    environment: dict[str, str]

    @contextmanager
    def start(self, *arguments: str) -> "Iterator[subprocess.Popen[str]]":
        """The command, which is over in the end, whatever happens."""
        with subprocess.Popen(
            [sys.executable, "-m", "scripts.keys", "rotate", *arguments, "--settle", "0"],
            cwd=PROJECT,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        ) as process:
            try:
                yield process
            finally:
                process.kill()

    def rotate(self, role: str) -> Result:
        """The same in this process."""
        return CliRunner().invoke(main, ["rotate", f"{role}", "--settle", "0"], env=self.environment)


def wait_until(is_so: Callable[[], bool]) -> None:
    end = time.monotonic() + WITHIN_S
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.005)


def answer_number(number: int) -> str:
    return f"第 {number} 个回答"


@pytest.fixture(scope="module")
def place(new_database: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    url = new_database("cut_off")
    command.upgrade(alembic_config(url), "head")
    folder: Path = tmp_path_factory.mktemp("cut_off")
    source = FileKeys(folder / "keys.json")
    ring = new_key_ring(datetime.now(UTC))
    source.save(ring)
    vault, engine = Vault(ring), connect(url, pool_size=3, role=SYSTEM)
    rows = [
        {
            "id": f"answer-{number:05}",
            "request_digest": vault.index(DIGEST, str(number)).hex(),
            "body_cipher": vault.seal(
                answer_number(number), place_of("idempotent_answers", "body_cipher", f"answer-{number:05}")
            ),
        }
        for number in range(ROWS)
    ]
    with Session(engine) as db, db.begin():
        db.execute(insert(IdempotentAnswer), rows)
    yield Place(source, engine, {**ENVIRONMENT, "DATABASE_URL": url, "KEY_FILE": str(source.path)})
    engine.dispose()


@pytest.mark.parametrize("role", [Role.DATA, Role.INDEX])
def test_a_rotation_killed_in_the_middle_of_rewriting_is_taken_up_again(place: Place, role: Role) -> None:
    with place.start(role, "--batch", "5") as process:
        wait_until(lambda: count_by_key(place.engine, role).get(2, 0) >= 20)
        process.send_signal(signal.SIGKILL)
    half_way = count_by_key(place.engine, role)
    assert half_way[1] > 0
    assert half_way[2] > 0
    assert "轮换完成" in place.rotate(role).output
    assert count_by_key(place.engine, role) == {2: ROWS}
    vault = Vault(place.source.load())
    with Session(place.engine) as db:
        rows = db.execute(
            select(IdempotentAnswer.id, IdempotentAnswer.body_cipher, IdempotentAnswer.request_digest)
        ).all()
    for row_id, cell, digest in rows:
        number = int(row_id.removeprefix("answer-"))
        if role is Role.DATA:
            assert vault.open(cell, place_of("idempotent_answers", "body_cipher", row_id)) == answer_number(
                number
            )
        else:
            assert bytes.fromhex(digest) == vault.index(DIGEST, str(number))


def test_a_row_that_a_request_holds_is_passed_over_and_comes_last(place: Place) -> None:
    active = activate(stage(place.source.load(), Role.DATA), Role.DATA, datetime.now(UTC))
    rewriting = Rewriting.under(active, Role.DATA, place.engine)
    with Session(place.engine) as db, ThreadPoolExecutor(1) as pool:
        held = update(IdempotentAnswer).where(IdempotentAnswer.id == "answer-00007")
        db.execute(held.values(status=200))
        running = pool.submit(rewriting.run, lambda _done: None)
        wait_until(lambda: rewriting.count_stale() == 1)
        assert not running.done()
        db.commit()
        running.result(WITHIN_S)
    place.source.save(retire(active, Role.DATA))
    assert count_by_key(place.engine, Role.DATA) == {active.data[-1].key_id: ROWS}


def test_what_was_begun_with_the_old_ring_is_waited_for_before_the_old_key_goes(place: Place) -> None:
    with place.engine.connect() as connection:
        connection.execute(text("SELECT 1"))  # a request that has begun and not ended
        with place.start(Role.INDEX) as process:
            wait_until(lambda: len(place.source.load().index) == 2)
            with pytest.raises(subprocess.TimeoutExpired):
                process.wait(timeout=1)
            ring = place.source.load()
            assert ring.index[0].key_id > ring.index[-1].key_id
            connection.rollback()
            said, _ = process.communicate(timeout=WITHIN_S)
    assert "轮换完成" in said
    assert len(place.source.load().index) == 1


def test_two_rotations_at_once_are_one_too_many(place: Place) -> None:
    with place.engine.connect() as connection:
        connection.execute(text("SELECT pg_advisory_lock(:number)"), {"number": ONE_AT_A_TIME})
        refused = place.rotate(Role.SESSION)
        connection.execute(text("SELECT pg_advisory_unlock(:number)"), {"number": ONE_AT_A_TIME})
    assert refused.exit_code == 1
    assert "另一处正在轮换密钥" in refused.output


def test_cells_under_a_key_that_was_lost_are_told_before_anything_is_begun(place: Place) -> None:
    with Session(place.engine) as db, db.begin():
        db.execute(
            update(IdempotentAnswer)
            .where(IdempotentAnswer.id == "answer-00001")
            .values(body_cipher=bytes.fromhex("0100000063") + b"x" * 40)
        )
    before = place.source.load()
    refused = place.rotate(Role.DATA)
    assert refused.exit_code == 1
    assert "密钥 99（1 处）" in refused.output
    assert place.source.load() == before
