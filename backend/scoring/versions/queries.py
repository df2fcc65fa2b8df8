"""Looking versions and their shadow runs up."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from backend.core.errors import NotFound
from backend.scoring.versions.models import ScoreModelVersion, ScoreMonthFigures, ShadowRun, VersionState

MOST_MONTHS = 60


def list_versions(db: Session, *, after: UUID | None, limit: int) -> Sequence[ScoreModelVersion]:
    """What was not discarded, the newest first."""
    query = select(ScoreModelVersion).where(ScoreModelVersion.state != VersionState.DISCARDED)
    if after:
        query = query.where(ScoreModelVersion.id < after)
    return db.scalars(query.order_by(ScoreModelVersion.id.desc()).limit(limit)).all()


def get_version(db: Session, version_id: UUID) -> ScoreModelVersion:
    version = db.get(ScoreModelVersion, version_id)
    if version is None:
        raise NotFound
    return version


def lock_version(db: Session, version_id: UUID) -> ScoreModelVersion:
    query = select(ScoreModelVersion).where(ScoreModelVersion.id == version_id).with_for_update()
    version = db.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if version is None:
        raise NotFound
    return version


def find_last_run(db: Session, version: ScoreModelVersion) -> ShadowRun | None:
    """The newest shadow run of what the version says now."""
    query = select(ShadowRun).where(
        ShadowRun.version_id == version.id, ShadowRun.revision == version.revision
    )
    return db.scalars(query.order_by(ShadowRun.begun_at.desc(), ShadowRun.id.desc()).limit(1)).one_or_none()


def end_open_runs(db: Session, version_id: UUID, *, failure: str, now: datetime) -> None:
    """A run under way sees it at its next part, and stops."""
    running = update(ShadowRun).where(ShadowRun.version_id == version_id, ShadowRun.ended_at.is_(None))
    db.execute(running.values(ended_at=now, failure=failure))


def list_month_figures(db: Session) -> Sequence[ScoreMonthFigures]:
    """The last years' months, the newest first."""
    query = select(ScoreMonthFigures).order_by(ScoreMonthFigures.month.desc())
    return db.scalars(query.limit(MOST_MONTHS)).all()
