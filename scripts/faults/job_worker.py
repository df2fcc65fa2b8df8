"""kill -9 of the job worker in the middle of a job: the job is done all the same."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from uuid import UUID

import psycopg
from sqlalchemy import select

from backend.scoring.engine.model import RecordStatus
from backend.scoring.models import CreditRecord
from backend.scoring.records import set_record_status
from scripts.faults.stage import Stage, pause
from scripts.faults.system import System, wait_for

MARKS = (RecordStatus.OBJECTED, RecordStatus.ACTIVE)


def kill_job_worker(stage: Stage) -> None:
    """Records are marked, so that scores must follow; one job is held back in the middle and killed."""
    system, done = stage.system, 0
    with stage.traffic(threads=2):
        for kill in stage.times(stage.options.worker_kills):
            records = records_of_everybody(system)
            with held_back(system, records[0][1]):
                done += mark(system, [record_id for record_id, _whose in records], MARKS[kill % len(MARKS)])
                wait_for(lambda: jobs_being_done(system) > 0, "有任务正在做")
                pause(0, 0.3)
                system.worker.child.kill()
                system.children.stop(system.worker)
            system.start_worker()
    stage.note(kills=stage.options.worker_kills, jobs_queued=done)


def records_of_everybody(system: System) -> list[tuple[UUID, UUID]]:
    """One record of each resident: (record, resident)."""
    query = select(CreditRecord.id, CreditRecord.resident_id).distinct(CreditRecord.resident_id)
    with system.parts.sessions() as db:
        return [(row.id, row.resident_id) for row in db.execute(query.order_by(CreditRecord.resident_id))]


def mark(system: System, records: list[UUID], status: RecordStatus) -> int:
    """Mark each, a transaction for one; gives how many jobs that queued."""
    for record_id in records:
        with system.parts.sessions.begin() as db:
            set_record_status(db, record_id=record_id, status=status, now=datetime.now(UTC))
    return len(records)


@contextmanager
def held_back(system: System, resident_id: UUID) -> Iterator[None]:
    """Nobody can compute this resident's score meanwhile: its consent is locked."""
    with psycopg.connect(system.database_url) as connection:
        connection.execute("SELECT FROM consents WHERE resident_id = %s FOR UPDATE", [resident_id])
        yield


def jobs_being_done(system: System) -> int:
    with psycopg.connect(system.database_url) as connection:
        row = connection.execute(
            "SELECT count(*) FROM jobs.procrastinate_jobs WHERE status = 'doing'"
        ).fetchone()
    assert row is not None
    return int(row[0])
