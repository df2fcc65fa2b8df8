"""Work for later: batches are taken and taken back, and files forgotten."""

from uuid import UUID

from procrastinate import Blueprint
from sqlalchemy.orm import Session

from backend.accounts.mail import post_desk
from backend.city.serving import current_city
from backend.core.jobs import TRY_AGAIN, defer, unit_of_work
from backend.sources import alarms, batches, taking, withdrawing
from backend.sources.models import Batch
from backend.sources.storage import batch_store

blueprint = Blueprint()


def queue_taking(db: Session, batch: Batch) -> None:
    """After what was queued for earlier batches of the source."""
    defer(db, take_batch, lock=_lock(batch), batch_id=str(batch.id))


def queue_withdrawal(db: Session, batch: Batch) -> None:
    defer(db, withdraw_batch, lock=_lock(batch), batch_id=str(batch.id))


def _lock(batch: Batch) -> str:
    return f"source:{batch.source}"


@blueprint.task(name="take_batch", retry=TRY_AGAIN)
def take_batch(batch_id: str) -> None:
    taking.take_batch(UUID(batch_id), store=batch_store())


@blueprint.task(name="withdraw_batch", retry=TRY_AGAIN)
def withdraw_batch(batch_id: str) -> None:
    withdrawing.withdraw_batch(UUID(batch_id))


@blueprint.periodic(cron="47 * * * *")
@blueprint.task(name="forget_batch_files", queueing_lock="forget_batch_files")
def forget_batch_files(timestamp: int) -> None:
    with unit_of_work() as (db, clock):
        batches.forget_files(db, now=clock.now())
        batches.sweep_files(db, batch_store(), now=clock.now())


# A quarter to ten in the morning in China; the queue counts in UTC.
@blueprint.periodic(cron="45 1 * * *")
@blueprint.task(name="raise_source_alarms", queueing_lock="raise_source_alarms")
def raise_source_alarms(timestamp: int) -> None:
    with unit_of_work() as (db, clock):
        alarms.raise_alarms(db, current_city(), now=clock.now())


@blueprint.task(name="send_source_letter", retry=TRY_AGAIN)
def send_source_letter(account_id: str, sources: list[str]) -> None:
    with unit_of_work() as (db, _clock):
        alarms.send_source_letter(db, post_desk(), current_city(), UUID(account_id), sources)
