"""A run over the city: begun, taken up again after a break, and finished when nobody is left."""

import shutil
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from uuid import UUID

import pyarrow as pa
import structlog
from adbc_driver_postgresql import dbapi
from psycopg.conninfo import make_conninfo
from sqlalchemy import Engine as Database
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from backend.audit import service as audit
from backend.city import City
from backend.core.actor import SYSTEM
from backend.core.clock import Clock, day_in_china
from backend.core.scopes import SYSTEM as SYSTEM_ROLE
from backend.core.scopes import role_option
from backend.scoring.bulk.columns import count_people, is_complete, names_of
from backend.scoring.bulk.engines import Engine
from backend.scoring.bulk.export import export_records
from backend.scoring.bulk.slices import gather, write_slice
from backend.scoring.city_model import model_in_force
from backend.scoring.engine.model import ScoreModel
from backend.scoring.models import ScoreRun, ScoreRunSlice

PEOPLE_PER_SLICE = 250_000
# A number nothing else here locks: a second run waits for nobody, it is not begun.
ONE_AT_A_TIME = 7_305_001

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Progress:
    """How many of how many people are done, and how often the run was taken up after a break."""

    people: int
    done: int
    taken_up: int


@dataclass(frozen=True, slots=True)
class _Run:
    """What stays the same from the first slice to the last, over every break."""

    id: UUID
    model: ScoreModel
    on: date
    begun_at: datetime
    per_slice: int
    taken_up: int
    done: dict[int, int]


class CityScorer:
    """Scores everybody whose score is of an earlier day.

    `folder` holds the columns meanwhile: records without names, readable by this process's user alone.
    """

    def __init__(
        self,
        database: Database,
        sessions: sessionmaker[Session],
        *,
        engine: Engine,
        folder: Path,
        clock: Clock,
    ) -> None:
        url = database.url.set(drivername="postgresql").render_as_string(hide_password=False)
        self._database = make_conninfo(url, options=role_option(SYSTEM_ROLE))
        self._sessions = sessions
        self._engine = engine
        self._folder = folder
        self._clock = clock

    def run(
        self,
        city: City,
        *,
        per_slice: int = PEOPLE_PER_SLICE,
        begun_by: UUID | None = None,
        tell: Callable[[Progress], None] = lambda _: None,
    ) -> Progress | None:
        """Bring everybody up to today, telling of each slice; None while another process does it.

        It may be killed at any moment and called again: slices that were written are not done again.
        """
        with dbapi.connect(self._database) as connection:
            if not _lock(connection):
                return None
            run = self._open(city, per_slice, begun_by)
            folder = self._columns(connection, run)
            people = count_people(folder)
            self._note_people(run, people)
            missing = [slice_ for slice_ in range(-(-people // run.per_slice)) if slice_ not in run.done]
            for number, rows in self._results(folder, run, missing):
                self._write(connection, run, number, rows)
                run.done[number] = rows.num_rows
                tell(Progress(people, sum(run.done.values()), run.taken_up))
            self._finish(run, people)
            shutil.rmtree(folder)
            return Progress(people, people, run.taken_up)

    def _open(self, city: City, per_slice: int, begun_by: UUID | None) -> _Run:
        """The run that was broken off, if it was for today and this model; or else a new one."""
        now = self._clock.now()
        on = day_in_china(now)
        with self._sessions.begin() as db:
            model = model_in_force(db, city, on)
            run = db.scalars(select(ScoreRun).where(ScoreRun.ended_at.is_(None))).one_or_none()
            if run and (run.as_of, run.model_version) == (on, model.version):
                run.taken_up += 1
            else:
                if run:
                    run.ended_at = now
                    db.flush()
                    shutil.rmtree(self._folder / str(run.id), ignore_errors=True)
                run = ScoreRun(
                    as_of=on,
                    model_version=model.version,
                    begun_at=now,
                    begun_by=begun_by,
                    per_slice=per_slice,
                )
                db.add(run)
                db.flush()
            slices = db.scalars(select(ScoreRunSlice).where(ScoreRunSlice.run_id == run.id))
            done = {one.slice: one.people for one in slices}
            opened = _Run(run.id, model, on, run.begun_at, run.per_slice, run.taken_up, done)
        log.info("score_run.opened", run=str(opened.id), taken_up=opened.taken_up, slices_done=len(done))
        return opened

    def _note_people(self, run: _Run, people: int) -> None:
        """From now on it can be told how much of the run is done."""
        with self._sessions.begin() as db:
            db.get_one(ScoreRun, run.id).people = people

    def _columns(self, connection: dbapi.Connection, run: _Run) -> Path:
        """The folder with people and records. An export that was broken off is begun again: no slice was
        written from it."""
        folder = self._folder / str(run.id)
        if not is_complete(folder):
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True, mode=0o700)
            export_records(connection, folder, model=run.model, on=run.on, per_slice=run.per_slice)
        return folder

    def _results(self, folder: Path, run: _Run, numbers: Sequence[int]) -> Iterator[tuple[int, pa.Table]]:
        """What the engine found out about each slice. While one is written, the next is computed."""
        with ThreadPoolExecutor(1) as ahead:
            begun = ((number, ahead.submit(self._score, folder, run, number)) for number in numbers)
            current = next(begun, None)
            while current:
                following = next(begun, None)
                number, rows = current
                yield number, rows.result()
                current = following

    def _score(self, folder: Path, run: _Run, number: int) -> pa.Table:
        results = self._engine.score(folder, number, per_slice=run.per_slice, model=run.model, on=run.on)
        return gather(results, names_of(folder, number, per_slice=run.per_slice), run.model)

    def _write(self, connection: dbapi.Connection, run: _Run, number: int, rows: pa.Table) -> None:
        write_slice(
            connection,
            rows,
            run=(run.id, number),
            version=run.model.version,
            on=run.on,
            begun_at=run.begun_at,
            now=self._clock.now(),
        )

    def _finish(self, run: _Run, people: int) -> None:
        now = self._clock.now()
        with self._sessions.begin() as db:
            row = db.get_one(ScoreRun, run.id)
            row.people, row.ended_at, row.finished = people, now, True
            subject = ("score_run", run.id)
            audit.record(db, "scores.computed", subject=subject, actor=SYSTEM, now=now, people=people)
        log.info("score_run.finished", run=str(run.id), people=people, taken_up=run.taken_up)


class _Process:
    scorer: CityScorer | None = None


def open_city_scorer(scorer: CityScorer) -> None:
    """Make this the scorer of the process."""
    _Process.scorer = scorer


def city_scorer() -> CityScorer:
    if _Process.scorer is None:
        raise RuntimeError("no scorer was opened; call open_city_scorer at start")
    return _Process.scorer


def _lock(connection: dbapi.Connection) -> bool:
    """Held by the connection, so it ends with the process, however that ends."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_try_advisory_lock({ONE_AT_A_TIME})")
        [is_ours] = cursor.fetchone() or (False,)
    connection.commit()
    return bool(is_ours)
