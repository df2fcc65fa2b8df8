"""A shadow run: the city scored with a draft beside the model before it, and only the report kept."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from uuid import UUID

import structlog
from adbc_driver_postgresql import dbapi
from psycopg.conninfo import make_conninfo
from sqlalchemy import Engine
from sqlalchemy.orm import Session, sessionmaker

from backend.audit import service as audit
from backend.city import City
from backend.city.score_document import load_score_model
from backend.core.actor import SYSTEM, Actor
from backend.core.clock import Clock, day_in_china
from backend.core.ids import new_id
from backend.core.scopes import SYSTEM as SYSTEM_ROLE
from backend.core.scopes import role_option
from backend.scoring.bulk.columns import count_people, names_of
from backend.scoring.bulk.export import export_records
from backend.scoring.city_model import build_model, list_models, newest_model
from backend.scoring.versions import queries
from backend.scoring.versions.drafting import OPEN, lock_at
from backend.scoring.versions.groups import MOST_AT_ONCE, Groups, groups_of
from backend.scoring.versions.impact import impact_report
from backend.scoring.versions.models import ScoreModelVersion, ShadowRun, VersionState
from backend.scoring.versions.tally import Comparison, Tally, add_slice

PEOPLE_PER_SLICE = 100_000
# The steps in which the report shows how scores lie.
STEPS = 20

log = structlog.get_logger(__name__)


def begin_shadow_run(
    db: Session, city: City, version_id: UUID, *, revision: int, actor: Actor, now: datetime
) -> ShadowRun:
    """Have the city scored with what the version says now; a job does it."""
    version = lock_at(db, version_id, revision=revision, states=OPEN)
    assert actor.id is not None
    run = ShadowRun(
        id=new_id(),
        version_id=version.id,
        revision=version.revision,
        as_of=day_in_china(now),
        compared_with=newest_model(db, city).version,
        begun_by=actor.id,
        begun_at=now,
        done=0,
    )
    db.add(run)
    db.flush()
    audit.record(
        db,
        "score_model.shadow_begun",
        subject=("score_model_version", version.id),
        actor=actor,
        now=now,
        run=str(run.id),
        revision=revision,
    )
    return run


def stop_shadow_run(db: Session, version_id: UUID, *, actor: Actor, now: datetime) -> None:
    version = queries.lock_version(db, version_id)
    queries.end_open_runs(db, version.id, failure="stopped", now=now)
    subject = ("score_model_version", version.id)
    audit.record(db, "score_model.shadow_ended", subject=subject, actor=actor, now=now, outcome="stopped")


class ShadowRunner:
    """Does shadow runs. A run that was broken off is done anew from its beginning.

    `folder` holds the columns meanwhile: records without names, readable by this process's user alone.
    """

    def __init__(
        self, engine: Engine, sessions: sessionmaker[Session], *, folder: Path, clock: Clock
    ) -> None:
        url = engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
        self._database = make_conninfo(url, options=role_option(SYSTEM_ROLE))
        self._sessions = sessions
        self._folder = folder
        self._clock = clock

    def run(
        self,
        city: City,
        run_id: UUID,
        *,
        per_slice: int = PEOPLE_PER_SLICE,
        tell: Callable[[int], None] = lambda _: None,
    ) -> None:
        """Score everybody with both models, telling of each slice, and store the report.

        It ends without one when the run was stopped, or the version saved anew meanwhile.
        """
        with self._sessions() as db:
            run = db.get_one(ShadowRun, run_id)
            if run.ended_at is not None:
                return
            comparison = _comparison(db, city, run)
        with dbapi.connect(self._database) as connection, self._columns(run_id) as folder:
            export_records(
                connection,
                folder,
                model=comparison.after,
                on=comparison.on,
                per_slice=per_slice,
                everybody=True,
            )
            people = count_people(folder)
            span = comparison.after.ceiling_milli - comparison.after.floor_milli
            tally, done = Tally(max(1, span // STEPS)), 0
            for number in range(-(-people // per_slice)):
                if not self._goes_on(run_id, people, done):
                    return
                groups = self._groups(folder, number, per_slice, comparison)
                add_slice(tally, folder, number, per_slice=per_slice, groups=groups, comparison=comparison)
                done = min(people, done + per_slice)
                tell(done)
        self._finish(city, run_id, tally, people)

    @contextmanager
    def _columns(self, run_id: UUID) -> Iterator[Path]:
        folder = self._folder / str(run_id)
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True, mode=0o700)
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def _groups(
        self, folder: Path, number: int, per_slice: int, comparison: Comparison
    ) -> dict[UUID, Groups]:
        residents = names_of(folder, number, per_slice=per_slice)["resident"].to_pylist()
        groups: dict[UUID, Groups] = {}
        for begin in range(0, len(residents), MOST_AT_ONCE):
            ids = [UUID(resident) for resident in residents[begin : begin + MOST_AT_ONCE]]
            with self._sessions() as db:
                groups.update(groups_of(db, ids, on=comparison.on))
        return groups

    def _goes_on(self, run_id: UUID, people: int, done: int) -> bool:
        """Say how far it is, unless it was ended meanwhile."""
        with self._sessions.begin() as db:
            run = db.get_one(ShadowRun, run_id, with_for_update=True)
            if run.ended_at is not None:
                return False
            run.people, run.done = people, done
        return True

    def _finish(self, city: City, run_id: UUID, tally: Tally, people: int) -> None:
        now = self._clock.now()
        with self._sessions.begin() as db:
            version = queries.lock_version(db, db.get_one(ShadowRun, run_id).version_id)
            run = db.get_one(ShadowRun, run_id, with_for_update=True, populate_existing=True)
            if run.ended_at is not None:
                return
            run.people, run.done, run.ended_at = people, people, now
            run.report = impact_report(city, tally)
            _attach(version, run)
            audit.record(
                db,
                "score_model.shadow_ended",
                subject=("score_model_version", version.id),
                actor=SYSTEM,
                now=now,
                run=str(run_id),
                people=people,
            )
        log.info("shadow_run.finished", run=str(run_id), people=people)

    def give_up(self, run_id: UUID) -> None:
        """A run that failed for good says so, and another may begin."""
        with self._sessions.begin() as db:
            run = db.get_one(ShadowRun, run_id, with_for_update=True)
            if run.ended_at is None:
                run.ended_at, run.failure = self._clock.now(), "failed"


class _Process:
    runner: ShadowRunner | None = None


def open_shadow_runner(runner: ShadowRunner) -> None:
    """Make this the runner of the process."""
    _Process.runner = runner


def shadow_runner() -> ShadowRunner:
    if _Process.runner is None:
        raise RuntimeError("no runner was opened; call open_shadow_runner at start")
    return _Process.runner


def _comparison(db: Session, city: City, run: ShadowRun) -> Comparison:
    version = db.get_one(ScoreModelVersion, run.version_id)
    before = next(model for model in list_models(db, city) if model.version == run.compared_with)
    after = load_score_model(version.document)
    return Comparison(build_model(city, before), build_model(city, after), run.as_of)


def _attach(version: ScoreModelVersion, run: ShadowRun) -> None:
    """Approvals rest on the newest report; one given on an older one is asked for again."""
    version.shadow_run_id = run.id
    version.first_approver_id = version.first_approved_at = None
    version.state = VersionState.SHADOWED
