"""Work for later: what WeChat pushed, after it has had its answer."""

from uuid import UUID

from procrastinate import Blueprint

from backend.core.jobs import TRY_AGAIN, unit_of_work
from backend.wechat import pushes

blueprint = Blueprint()


@blueprint.task(name="handle_push", retry=TRY_AGAIN)
def handle_push(push_id: str) -> None:
    with unit_of_work() as (db, clock):
        pushes.handle_push(db, UUID(push_id), now=clock.now())


@blueprint.periodic(cron="53 19 * * *")
@blueprint.task(name="forget_old_pushes", queueing_lock="forget_old_pushes")
def forget_old_pushes(timestamp: int) -> None:
    with unit_of_work() as (db, clock):
        pushes.forget_old_pushes(db, now=clock.now())
