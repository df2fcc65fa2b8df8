"""Work for later: scores follow their records, and every night all scores follow the calendar."""

from uuid import UUID

from procrastinate import Blueprint

from backend.city.serving import current_city
from backend.core.background import in_background
from backend.core.clock import day_in_china
from backend.core.jobs import TRY_AGAIN, unit_of_work
from backend.scoring import queries, service
from backend.scoring.bulk.running import city_scorer

blueprint = Blueprint()
BATCH = 200
# From so many on, all at once is quicker than one by one.
MANY = 2_000


@blueprint.task(name="rescore", retry=TRY_AGAIN)
def rescore(resident_id: str) -> None:
    """Compute one resident's score after their records changed."""
    with unit_of_work() as (db, clock):
        service.refresh_score(db, city=current_city(), resident_id=UUID(resident_id), now=clock.now())


@blueprint.periodic(cron="*/10 * * * *")
@blueprint.task(name="refresh_outdated", queueing_lock="refresh_outdated")
def refresh_outdated(timestamp: int) -> None:
    """Bring all scores up to today: many by a run over the city, the rest a batch to a transaction."""
    with unit_of_work() as (db, clock):
        outdated = queries.list_outdated(
            db, current_city(), day_in_china(clock.now()), after=None, limit=MANY
        )
    if len(outdated) == MANY:
        _score_city()
    after: UUID | None = None
    while True:
        with unit_of_work() as (db, clock):
            now = clock.now()
            outdated = queries.list_outdated(db, current_city(), day_in_china(now), after=after, limit=BATCH)
            for resident_id in outdated:
                service.refresh_score(db, city=current_city(), resident_id=resident_id, now=now)
        if len(outdated) < BATCH:
            return
        after = outdated[-1]


@blueprint.task(name="score_city", retry=TRY_AGAIN)
def score_city(begun_by: str) -> None:
    """A run that somebody of the office ordered; beside one under way it does nothing."""
    _score_city(begun_by=UUID(begun_by))


def _score_city(begun_by: UUID | None = None) -> None:
    city = current_city()
    in_background(lambda: city_scorer().run(city, begun_by=begun_by))


@blueprint.periodic(cron="17 19 * * *")
@blueprint.task(name="forget_held", queueing_lock="forget_held")
def forget_held(timestamp: int) -> None:
    """Forget records of people who never joined."""
    with unit_of_work() as (db, clock):
        service.delete_overdue_held(db, now=clock.now())
