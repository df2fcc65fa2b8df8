"""Two people who did not write a version approve it, having its report before them; one can call it off
before its day."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from backend.city import City
from backend.core.actor import Actor
from backend.core.clock import day_in_china
from backend.scoring.city_model import newest_model
from backend.scoring.versions.documents import check_in_time, read_document
from backend.scoring.versions.drafting import lock_at, note
from backend.scoring.versions.errors import OwnVersion, ReportOutdated, VersionFollowed, VersionInForce
from backend.scoring.versions.models import ScoreModelVersion, ShadowRun, VersionState

# A number nothing else here locks.
ONE_BY_ONE = text("SELECT pg_advisory_xact_lock(7305002)")


def approve_version(
    db: Session, city: City, version_id: UUID, *, revision: int, actor: Actor, now: datetime
) -> ScoreModelVersion:
    """The first approval is noted; with the second it holds from its day, and never changes again."""
    # One after the other: each new version must follow the one that was approved before it.
    db.execute(ONE_BY_ONE)
    version = lock_at(db, version_id, revision=revision, states=(VersionState.SHADOWED,))
    assert actor.id is not None
    if actor.id in (version.author_id, version.edited_by, version.first_approver_id):
        raise OwnVersion
    check_in_time(version.effective_on, now=now)
    _check_report_holds(db, city, version)
    if version.first_approver_id is None:
        version.first_approver_id, version.first_approved_at = actor.id, now
    else:
        read_document(db, city, version.document, now=now)
        version.second_approver_id, version.second_approved_at = actor.id, now
        version.state = VersionState.APPROVED
    db.flush()
    note(db, "score_model.approved", version, actor, now)
    return version


def cancel_version(
    db: Session, city: City, version_id: UUID, *, reason: str, revision: int, actor: Actor, now: datetime
) -> ScoreModelVersion:
    """Call an approved version off before its day. One person can: the rules then stay as they are."""
    db.execute(ONE_BY_ONE)
    version = lock_at(db, version_id, revision=revision, states=(VersionState.APPROVED,))
    if version.effective_on <= day_in_china(now):
        raise VersionInForce
    if newest_model(db, city).version != version.version:
        raise VersionFollowed
    version.state = VersionState.CANCELLED
    version.cancelled_by, version.cancelled_at, version.cancelled_because = actor.id, now, reason
    db.flush()
    note(db, "score_model.cancelled", version, actor, now)
    return version


def _check_report_holds(db: Session, city: City, version: ScoreModelVersion) -> None:
    run = db.get_one(ShadowRun, version.shadow_run_id)
    if run.compared_with != newest_model(db, city).version:
        raise ReportOutdated
