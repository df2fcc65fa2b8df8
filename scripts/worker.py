"""Run jobs until told to stop (SIGTERM, Ctrl-C): `python -m scripts.worker`.

When the database goes away the worker waits and begins again; it never needs to be started anew. Jobs
that a killed worker left behind are taken up at the start, and every minute.
"""

import asyncio
import signal
from datetime import timedelta

import click
import structlog
from procrastinate import App
from procrastinate.exceptions import ProcrastinateException
from psycopg import Error as PsycopgError
from psycopg_pool import PoolTimeout
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session, sessionmaker

from backend.config import Settings
from backend.core.jobs import HEARTBEAT_EVERY, STALLED_AFTER, take_up_stalled
from backend.main import assemble

JOBS_AT_ONCE = 2
FINISH_WITHIN_S = 20
BEGIN_AGAIN_AFTER_S = 1
DATABASE_TROUBLE = (ProcrastinateException, PsycopgError, PoolTimeout, SQLAlchemyError)
SECONDS = click.FloatRange(0.1, 3600)

log = structlog.get_logger(__name__)


@click.command(help=__doc__)
@click.option(
    "--heartbeat",
    default=HEARTBEAT_EVERY.total_seconds(),
    type=SECONDS,
    help="Seconds between signs of life.",
)
@click.option(
    "--stalled-after",
    default=STALLED_AFTER.total_seconds(),
    type=SECONDS,
    help="Seconds without one after which another worker counts as killed.",
)
def main(heartbeat: float, stalled_after: float) -> None:
    parts = assemble(Settings())
    asyncio.run(
        work_until_told(
            parts.queue, parts.sessions, heartbeat=heartbeat, stalled_after=timedelta(seconds=stalled_after)
        )
    )


async def work_until_told(
    queue: App, sessions: sessionmaker[Session], *, heartbeat: float, stalled_after: timedelta
) -> None:
    told = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, told.set)
    while not told.is_set():
        try:
            with sessions.begin() as db:
                take_up_stalled(db, stalled_after=stalled_after)
            await work(queue, told, heartbeat=heartbeat, stalled_after=stalled_after)
        except DATABASE_TROUBLE as trouble:
            log.error("worker lost the database", kind=type(trouble).__name__)
        if not told.is_set():
            log.warning("worker begins again")
            await asyncio.sleep(BEGIN_AGAIN_AFTER_S)


async def work(queue: App, told: asyncio.Event, *, heartbeat: float, stalled_after: timedelta) -> None:
    """Run jobs until told, or until the queue's own connections are lost."""
    async with queue.open_async():
        working = asyncio.create_task(
            queue.run_worker_async(
                concurrency=JOBS_AT_ONCE,
                shutdown_graceful_timeout=FINISH_WITHIN_S,
                delete_jobs="successful",
                install_signal_handlers=False,
                update_heartbeat_interval=heartbeat,
                stalled_worker_timeout=stalled_after.total_seconds(),
            )
        )
        waiting = asyncio.create_task(told.wait())
        await asyncio.wait({working, waiting}, return_when=asyncio.FIRST_COMPLETED)
        if waiting.done():
            working.cancel()
        waiting.cancel()
        try:
            await working
        except asyncio.CancelledError:
            if not told.is_set():
                raise


if __name__ == "__main__":
    main()
