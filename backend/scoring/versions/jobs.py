"""Work for later: shadow runs, and the figures of each month."""

from uuid import UUID

from procrastinate import Blueprint, JobContext

from backend.city.serving import current_city
from backend.core.background import in_background
from backend.core.jobs import TRY_SOON_OR_NOT, unit_of_work
from backend.scoring.versions.fairness import count_month
from backend.scoring.versions.shadow import shadow_runner

blueprint = Blueprint()


@blueprint.task(name="do_shadow_run", retry=TRY_SOON_OR_NOT, pass_context=True)
def do_shadow_run(context: JobContext, run_id: str) -> None:
    """A run that fails again and again ends as failed."""
    city = current_city()
    try:
        in_background(lambda: shadow_runner().run(city, UUID(run_id)))
    except Exception:
        assert context.job is not None
        if context.job.attempts >= TRY_SOON_OR_NOT.most_attempts:
            shadow_runner().give_up(UUID(run_id))
        raise


@blueprint.periodic(cron="23 * * * *")
@blueprint.task(name="count_score_month", queueing_lock="count_score_month")
def count_score_month(timestamp: int) -> None:
    """Once a month there is something to do: as soon as all scores of its first day are there."""
    with unit_of_work() as (db, clock):
        count_month(db, current_city(), now=clock.now())
