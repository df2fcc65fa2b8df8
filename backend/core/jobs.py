"""Work for later, kept in PostgreSQL (Procrastinate) and queued in the transaction that needs it.

A part declares its tasks in its `jobs.py` on a `Blueprint`; `main` puts them together. A task opens
its own transaction through `unit_of_work`; it may run more than once, so it must not mind that.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from procrastinate import App, Blueprint, PsycopgConnector
from procrastinate.tasks import Task
from sqlalchemy.orm import Session, sessionmaker

from backend.core.clock import Clock
from backend.core.database import SEARCH_PATH


class _Process:
    sessions: sessionmaker[Session] | None = None
    clock: Clock | None = None


def build_queue(
    database_url: str, blueprints: dict[str, Blueprint], *, sessions: sessionmaker[Session], clock: Clock
) -> App:
    """The queue with all tasks, ready to defer jobs and, in a worker process, to run them."""
    _Process.sessions, _Process.clock = sessions, clock
    options = f"-c search_path={SEARCH_PATH}"
    queue = App(connector=PsycopgConnector(conninfo=database_url, kwargs={"options": options}))
    for namespace, blueprint in blueprints.items():
        queue.add_tasks_from(blueprint, namespace=namespace)
    return queue


def defer(db: Session, task: Task[Any, Any, Any], **arguments: Any) -> None:
    """Queue a job in the transaction of `db`: it exists if and only if that commits."""
    connection = db.connection().connection.driver_connection
    task.configure(connection=connection).defer(**arguments)


@contextmanager
def unit_of_work() -> Iterator[tuple[Session, Clock]]:
    """A job's transaction: committed at the end, rolled back when the job fails."""
    if _Process.sessions is None or _Process.clock is None:
        raise RuntimeError("build_queue was not called in this process")
    with _Process.sessions.begin() as db:
        yield db, _Process.clock
