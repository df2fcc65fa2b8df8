"""Runs over the city as the office sees them: how far, how long, by whom."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select, tuple_
from sqlalchemy.orm import Session

from backend.audit import service as audit
from backend.core.actor import Actor
from backend.core.clock import day_in_china
from backend.core.jobs import defer
from backend.scoring.jobs import score_city
from backend.scoring.models import ScoreRun, ScoreRunSlice


@dataclass(frozen=True)
class Run:
    """`seconds_left` goes by how fast the parts were that are done; None when nobody can tell."""

    id: UUID
    as_of: date
    model_version: str
    begun_at: datetime
    begun_by: UUID | None
    taken_up: int
    people: int | None
    done: int
    ended_at: datetime | None
    finished: bool
    seconds_left: int | None


def order_run(db: Session, *, actor: Actor, now: datetime) -> None:
    """Bring everybody up to today; what is under way already goes on, and nothing is done twice."""
    assert actor.id is not None
    subject = ("score_run", str(day_in_china(now)))
    audit.record(db, "score_run.ordered", subject=subject, actor=actor, now=now)
    defer(db, score_city, begun_by=str(actor.id))


def list_runs(db: Session, *, after: tuple[datetime, UUID] | None, limit: int) -> Sequence[Run]:
    """The newest first."""
    done = (
        select(
            ScoreRunSlice.run_id,
            func.sum(ScoreRunSlice.people).label("people"),
            func.max(ScoreRunSlice.done_at).label("last"),
        )
        .group_by(ScoreRunSlice.run_id)
        .subquery()
    )
    query = select(ScoreRun, done.c.people, done.c.last).outerjoin(done, done.c.run_id == ScoreRun.id)
    if after:
        query = query.where(tuple_(ScoreRun.begun_at, ScoreRun.id) < after)
    rows = db.execute(query.order_by(ScoreRun.begun_at.desc(), ScoreRun.id.desc()).limit(limit))
    return [_shown(run, int(people or 0), last) for run, people, last in rows]


def _shown(run: ScoreRun, done: int, last: datetime | None) -> Run:
    return Run(
        id=run.id,
        as_of=run.as_of,
        model_version=run.model_version,
        begun_at=run.begun_at,
        begun_by=run.begun_by,
        taken_up=run.taken_up,
        people=run.people,
        done=done,
        ended_at=run.ended_at,
        finished=run.finished,
        seconds_left=_seconds_left(run, done, last),
    )


def _seconds_left(run: ScoreRun, done: int, last: datetime | None) -> int | None:
    if run.ended_at or run.people is None or not done or last is None:
        return None
    # The pause before a run was taken up counts as if it had been work: rather too long than too short.
    each: timedelta = (last - run.begun_at) / done
    return round((each * (run.people - done)).total_seconds())
