"""A job whose worker was killed in the middle of it is done by another, and nothing is done twice."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from backend.config import PROJECT, Settings
from backend.core.jobs import MOST_TIMES_AT_ONCE, TRY_AGAIN, take_up_stalled
from backend.main import Parts
from backend.scoring.engine.model import RecordStatus
from backend.scoring.models import CreditRecord
from backend.scoring.records import set_record_status
from tests.factories.journey import Visitor
from tests.factories.people import new_person
from tests.factories.records import hold_record
from tests.factories.trail import audit_actions
from tests.scripts.running_system import ENVIRONMENT

HASTE = ["--heartbeat", "0.2", "--stalled-after", "1"]
JOB = text(
    "SELECT status, worker_id FROM procrastinate_jobs"
    " WHERE task_name = 'scoring:rescore' AND args ->> 'resident_id' = :resident"
)
DEFER = text(
    "INSERT INTO procrastinate_jobs (queue_name, task_name, queueing_lock, status, attempts)"
    " VALUES ('none', :task, :lock, CAST(:status AS procrastinate_job_status), :attempts) RETURNING id"
)
WAITS = text(
    "SELECT round(extract(epoch FROM scheduled_at - now()) / 60)::integer FROM procrastinate_jobs"
    " WHERE id = :id"
)
STATUS = text("SELECT status::text FROM procrastinate_jobs WHERE id = :id")


@contextmanager
def working(settings: Settings, *options: str) -> Iterator[subprocess.Popen[bytes]]:
    """A job worker as `make run` starts it."""
    assert settings.database_url is not None
    with subprocess.Popen(
        [sys.executable, "-m", "scripts.worker", *(options or HASTE)],
        cwd=PROJECT,
        env={
            **ENVIRONMENT,
            "DATABASE_URL": settings.database_url.get_secret_value(),
            "DATA_DIR": str(settings.data_dir),
            "LOG_LEVEL": "WARNING",
        },
        stdout=subprocess.DEVNULL,
    ) as worker:
        try:
            yield worker
        finally:
            worker.kill()


def wait_until(happened: Callable[[], bool], *, within_s: float = 30) -> None:
    end = time.monotonic() + within_s
    while not happened():
        assert time.monotonic() < end, "it never happened"
        time.sleep(0.02)


@pytest.fixture
def marked(visitor: Callable[[], Visitor], db: Session) -> UUID:
    """A resident whose record was marked, so that a job waits to compute the score."""
    resident, person = visitor(), new_person()
    yesterday = datetime.now(UTC).date() - timedelta(days=1)
    hold_record(db, person.id_number, "blood-donation", occurred_on=yesterday)
    resident.become_scored(db, person)
    resident_id = UUID(resident.tokens["resident"]["id"])
    record_id = db.scalars(select(CreditRecord.id).filter_by(resident_id=resident_id)).one()
    set_record_status(db, record_id=record_id, status=RecordStatus.WITHDRAWN, now=datetime.now(UTC))
    db.commit()
    return resident_id


def test_a_job_whose_worker_was_killed_is_done_by_another(
    marked: UUID, parts: Parts, settings: Settings
) -> None:
    def job() -> tuple[str, int | None] | None:
        with parts.sessions() as db:
            row = db.execute(JOB, {"resident": str(marked)}).one_or_none()
            return (row.status, row.worker_id) if row else None

    with parts.sessions() as holding, working(settings) as first:
        holding.execute(text("SELECT FROM consents WHERE resident_id = :id FOR UPDATE"), {"id": marked})
        wait_until(lambda: (job() or ("", 0))[0] == "doing")
        first_worker = job()
        os.kill(first.pid, signal.SIGKILL)
        first.wait()
        assert job() == first_worker, "nobody knows yet that it was killed"
    with working(settings) as second:
        wait_until(lambda: job() is None, within_s=80)
        second.terminate()
        assert second.wait(30) == 0
    with parts.sessions() as db:
        assert audit_actions(db, "resident", marked).count("score.computed") == 2


def leave_behind(db: Session, *, lock: str | None = None, status: str = "doing", attempts: int = 0) -> int:
    """A job as a killed worker leaves it; of a queue that no worker serves."""
    values = {"task": "left-behind", "lock": lock, "status": status, "attempts": attempts}
    number: int = db.execute(DEFER, values).scalar_one()
    return number


def test_what_a_living_worker_does_is_left_to_it(db: Session) -> None:
    job = leave_behind(db)
    db.execute(text("INSERT INTO procrastinate_workers DEFAULT VALUES"))
    db.execute(
        text(
            "UPDATE procrastinate_jobs SET worker_id = (SELECT max(id) FROM procrastinate_workers)"
            " WHERE id = :id"
        ),
        {"id": job},
    )
    take_up_stalled(db)
    assert db.scalar(STATUS, {"id": job}) == "doing"
    db.execute(text("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '31 seconds'"))
    take_up_stalled(db)
    assert db.scalar(STATUS, {"id": job}) == "todo"


def test_two_who_look_at_once_take_a_job_up_once(db: Session, parts: Parts) -> None:
    job = leave_behind(db)
    db.commit()
    with parts.sessions.begin() as other:
        take_up_stalled(db)
        assert other.scalar(STATUS, {"id": job}) == "doing"
        take_up_stalled(other)
    db.commit()
    attempts = db.scalar(text("SELECT attempts FROM procrastinate_jobs WHERE id = :id"), {"id": job})
    assert attempts == 1


def test_a_periodic_job_that_was_queued_anew_is_not_done_twice(db: Session) -> None:
    job, newer = leave_behind(db, lock="nightly"), leave_behind(db, lock="nightly", status="todo")
    take_up_stalled(db)
    assert db.scalar(STATUS, {"id": job}) is None
    assert db.scalar(STATUS, {"id": newer}) == "todo"


@pytest.mark.parametrize(("attempts", "minutes"), [(0, 0), (MOST_TIMES_AT_ONCE, 60)])
def test_a_job_that_kills_its_workers_waits_longer(db: Session, attempts: int, minutes: int) -> None:
    job = leave_behind(db, attempts=attempts)
    take_up_stalled(db)
    assert (db.scalar(STATUS, {"id": job}), db.scalar(WAITS, {"id": job})) == ("todo", minutes)


def test_a_job_that_kills_its_workers_is_given_up_and_kept(db: Session) -> None:
    job = leave_behind(db, attempts=TRY_AGAIN.most_attempts)
    take_up_stalled(db)
    assert db.scalar(STATUS, {"id": job}) == "failed"
