"""Batches of records at the same moment, with people joining meanwhile, and with a worker that is killed."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from uuid import UUID

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.config import PROJECT, Settings
from backend.scoring.models import CreditRecord, HeldRecord
from backend.sources import jobs
from backend.sources.models import Batch
from backend.web.application import Application
from tests.backend.concurrency.races import Naive, copy_without_constraints, naive_winners, together
from tests.factories.journey import Visitor
from tests.factories.people import new_person
from tests.factories.sources import Program, counts, line, lines, new_program, shown
from tests.factories.trail import count_rows

MANY, ROWS = 4, 200
# A worker that does nothing else.
TAKE = """
import sys
from backend.config import Settings
from backend.main import assemble
from backend.sources import jobs
assemble(Settings())
jobs.take_batch(batch_id=sys.argv[1])
"""
PATIENCE_S = 120


@pytest.fixture
def program(db: Session, app: Application) -> Program:
    return new_program(db, app)


def received(program: Program, content: str) -> str:
    answer = program.deliver(content)
    assert answer.status_code == 202, answer.text
    batch_id: str = answer.json["id"]  # type: ignore[index]
    return batch_id


def kept(db: Session, mark: str) -> int:
    """Rows of a file, in both tables together."""
    found = 0
    for table in (HeldRecord, CreditRecord):
        query = select(func.count()).select_from(table).where(table.source_key.startswith(mark))
        found += db.scalar(query) or 0
    db.rollback()
    return found


def test_of_one_file_delivered_many_times_at_once_each_row_becomes_one_record(
    program: Program, db: Session
) -> None:
    mark = f"race {datetime.now(UTC)} "
    content = lines(*(line(new_person().id_number, f"{mark}{number}") for number in range(ROWS)))
    batches = [received(program, content) for _ in range(MANY)]
    together([partial(jobs.take_batch, batch_id=batch) for batch in batches])
    taken = [shown(program, batch) for batch in batches]
    assert {batch["state"] for batch in taken} == {"taken"}
    assert sorted(str(counts(batch)) for batch in taken) == sorted(
        [str({"new": ROWS}), *[str({"unchanged": ROWS})] * (MANY - 1)]
    )
    assert kept(db, mark) == ROWS


def test_control_without_the_keys_index_each_would_make_its_own(db: Session, database_url: str) -> None:
    table = copy_without_constraints(db, HeldRecord, "source", "source_key")
    sees = f"SELECT 1 AS none WHERE NOT EXISTS (SELECT FROM {table} WHERE source_key = 'x')"
    attempt = Naive(sees, f"INSERT INTO {table} (source, source_key) VALUES ('x', 'x')")
    assert naive_winners(database_url, *[attempt] * MANY) == MANY


def test_nobody_who_joins_meanwhile_leaves_a_record_behind(
    program: Program, db: Session, visitor: Callable[[], Visitor], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("backend.sources.taking.ROWS_AT_A_TIME", 10)
    mark = f"join {datetime.now(UTC)} "
    joining = [(visitor(), new_person()) for _ in range(6)]
    for resident, _person in joining:
        resident.sign_in()
    people = [person for _resident, person in joining] * (ROWS // len(joining))
    batch = received(program, lines(*(line(who.id_number, f"{mark}{n}") for n, who in enumerate(people))))
    together(
        [
            partial(jobs.take_batch, batch_id=batch),
            *(partial(resident.bind, who) for resident, who in joining),
        ]
    )
    assert counts(shown(program, batch)) == {"new": len(people)}
    held = select(func.count()).select_from(HeldRecord).where(HeldRecord.source_key.startswith(mark))
    assert db.scalar(held) == 0
    assert count_rows(db, CreditRecord, batch_id=UUID(batch)) == len(people)


def test_a_batch_whose_worker_was_killed_goes_on_where_it_stopped(
    program: Program, db: Session, settings: Settings
) -> None:
    mark, rows = f"kill {datetime.now(UTC)} ", 40_000
    person = new_person()
    good = (line(person.id_number, f"{mark}{number}") for number in range(rows))
    content = [each if number % 100 else line("", f"{mark}{number}") for number, each in enumerate(good)]
    batch = received(program, lines(*content))
    worker = begin_in_a_process(settings, batch)
    try:
        before = wait_for_some_rows(db, batch, worker)
    finally:
        worker.kill()
        worker.wait()
    assert 0 < before < rows, "it was in the middle"
    jobs.take_batch(batch_id=batch)
    after = shown(program, batch)
    assert (after["state"], counts(after)) == ("taken", {"new": rows * 99 // 100, "refused": rows // 100})
    assert kept(db, mark) == rows * 99 // 100
    jobs.take_batch(batch_id=batch)
    assert shown(program, batch) == after, "and once it is done, once more does nothing"


def begin_in_a_process(settings: Settings, batch: str) -> "subprocess.Popen[bytes]":
    assert settings.database_url is not None
    environment = {
        **os.environ,
        "DATABASE_URL": settings.database_url.get_secret_value(),
        "DATA_DIR": str(settings.data_dir),
        "WECHAT_BASE_URL": settings.wechat_base_url,
        "LOG_LEVEL": "ERROR",
    }
    return subprocess.Popen([sys.executable, "-c", TAKE, batch], cwd=PROJECT, env=environment)


def wait_for_some_rows(db: Session, batch: str, worker: "subprocess.Popen[bytes]") -> int:
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until and worker.poll() is None:
        rows: int = db.scalars(select(Batch.rows_read).where(Batch.id == UUID(batch))).one()
        db.rollback()
        if rows:
            return rows
        time.sleep(0.05)
    raise AssertionError("the worker did not begin")
