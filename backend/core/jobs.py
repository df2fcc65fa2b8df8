"""Work for later, kept in PostgreSQL (Procrastinate) and queued in the transaction that needs it.

A part declares its tasks in its `jobs.py` on a `Blueprint`; `main` puts them together. A task opens
its own transaction through `unit_of_work`; it may run more than once, so it must not mind that.

A worker leaves a heartbeat in the database. One that was killed leaves jobs behind that say they are
being done: `take_up_stalled` gives them to the others.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from procrastinate import App, BaseRetryStrategy, Blueprint, PsycopgConnector, RetryDecision
from procrastinate.jobs import Job
from procrastinate.tasks import Task
from sqlalchemy import text
from sqlalchemy.orm import Session, sessionmaker

from backend.core.clock import Clock
from backend.core.database import SEARCH_PATH
from backend.core.scopes import SYSTEM, role_option

HEARTBEAT_EVERY = timedelta(seconds=5)
# Without a sign of life for so long, a worker counts as killed.
STALLED_AFTER = timedelta(seconds=30)
# A job that kills its worker each time must not do so all the time.
MOST_TIMES_AT_ONCE = 5
LONGEST_WAIT = timedelta(hours=1)


class Patience(BaseRetryStrategy):
    """4, 16, 64, 256 and 1024 seconds later, and from then on every hour, as long as it is worth it."""

    def __init__(self, *, most_attempts: int) -> None:
        self.most_attempts = most_attempts

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:  # noqa: ARG002
        if job.attempts >= self.most_attempts:
            return None
        return RetryDecision(retry_in={"seconds": min(4 ** (job.attempts + 1), LONGEST_WAIT.total_seconds())})


# For a task whose failure is the machine's, not its own: whatever is out of order over a weekend, a full
# disk or a mail server, nothing that was ordered is lost.
TRY_AGAIN = Patience(most_attempts=5 + 3 * 24)
# For a task that somebody waits for and can order again: it is said within half an hour that it failed.
TRY_SOON_OR_NOT = Patience(most_attempts=5)

STALLED = text(
    """
    SELECT id, attempts, queueing_lock
    FROM procrastinate_jobs AS job
    WHERE status = 'doing' AND NOT EXISTS (
        SELECT FROM procrastinate_workers AS worker
        WHERE worker.id = job.worker_id AND worker.last_heartbeat >= now() - :after
    )
    ORDER BY id
    FOR UPDATE OF job SKIP LOCKED
    """
)
IS_QUEUED_ANEW = text(
    "SELECT EXISTS (SELECT FROM procrastinate_jobs WHERE queueing_lock = :lock AND status = 'todo')"
)
QUEUE_AGAIN = text(
    "SELECT procrastinate_retry_job_v2(:id, now() + CAST(:after AS interval), NULL, NULL, NULL)"
)
GIVE_UP = text("SELECT procrastinate_finish_job_v1(:id, 'failed', false)")
DROP = text("SELECT procrastinate_finish_job_v1(:id, 'aborted', true)")


class _Process:
    sessions: sessionmaker[Session] | None = None
    clock: Clock | None = None


def build_queue(
    database_url: str, blueprints: dict[str, Blueprint], *, sessions: sessionmaker[Session], clock: Clock
) -> App:
    """The queue with all tasks, ready to defer jobs and, in a worker process, to run them."""
    _Process.sessions, _Process.clock = sessions, clock
    options = f"-c search_path={SEARCH_PATH} {role_option(SYSTEM)}"
    queue = App(connector=PsycopgConnector(conninfo=database_url, kwargs={"options": options}))
    for namespace, blueprint in blueprints.items():
        _take_namespace_off(blueprint, namespace)
        queue.add_tasks_from(blueprint, namespace=namespace)
    return queue


def _take_namespace_off(blueprint: Blueprint, namespace: str) -> None:
    """A blueprint keeps the names that the queue before gave its tasks; a second one would add to them."""
    prefix = f"{namespace}:"
    for task in blueprint.tasks.values():
        task.name = task.name.removeprefix(prefix)
    blueprint.tasks = {name.removeprefix(prefix): task for name, task in blueprint.tasks.items()}


def defer(db: Session, task: Task[Any, Any, Any], *, lock: str | None = None, **arguments: Any) -> None:
    """Queue a job in the transaction of `db`: it exists if and only if that commits.

    Jobs with the same `lock` are done one after the other, in the order in which they were queued.
    """
    connection = db.connection().connection.driver_connection
    task.configure(connection=connection, lock=lock).defer(**arguments)


def defer_many(db: Session, task: Task[Any, Any, Any], arguments: Sequence[dict[str, Any]]) -> None:
    """As `defer`, one job for each."""
    if arguments:
        connection = db.connection().connection.driver_connection
        task.configure(connection=connection).batch_defer(*arguments)


@contextmanager
def unit_of_work() -> Iterator[tuple[Session, Clock]]:
    """A job's transaction: committed at the end, rolled back when the job fails."""
    if _Process.sessions is None or _Process.clock is None:
        raise RuntimeError("build_queue was not called in this process")
    with _Process.sessions.begin() as db:
        yield db, _Process.clock


def take_up_stalled(db: Session, *, stalled_after: timedelta = STALLED_AFTER) -> int:
    """Queue the jobs of killed workers again; gives how many.

    Time is the database's, which wrote the heartbeats. A periodic job that has been queued anew
    meanwhile is dropped: that one does its work. A job whose workers were killed again and again waits an
    hour each time, and in the end is marked as failed and stays to be looked at.
    """
    taken_up = 0
    for job in db.execute(STALLED, {"after": stalled_after}).all():
        if job.queueing_lock and db.scalar(IS_QUEUED_ANEW, {"lock": job.queueing_lock}):
            db.execute(DROP, {"id": job.id})
        elif job.attempts >= TRY_AGAIN.most_attempts:
            db.execute(GIVE_UP, {"id": job.id})
        else:
            after = timedelta() if job.attempts < MOST_TIMES_AT_ONCE else LONGEST_WAIT
            db.execute(QUEUE_AGAIN, {"id": job.id, "after": after})
            taken_up += 1
    return taken_up
