"""Writing a version: begun from a text or a form, saved, discarded."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from backend.audit import service as audit
from backend.city import City
from backend.core.actor import Actor
from backend.core.ids import new_id
from backend.scoring.versions import queries
from backend.scoring.versions.documents import read_document
from backend.scoring.versions.errors import VersionNotInThatState, VersionStale
from backend.scoring.versions.models import ScoreModelVersion, VersionState

OPEN = (VersionState.DRAFT, VersionState.SHADOWED)


def begin_version(
    db: Session, city: City, *, document: str, actor: Actor, now: datetime
) -> ScoreModelVersion:
    """A new version from a whole text; refused with every mistake in it."""
    model = read_document(db, city, document, now=now)
    assert actor.id is not None
    version = ScoreModelVersion(
        id=new_id(),
        version=model.version,
        effective_on=model.effective_on,
        document=document,
        state=VersionState.DRAFT,
        revision=1,
        author_id=actor.id,
        edited_by=actor.id,
        created_at=now,
        edited_at=now,
    )
    db.add(version)
    db.flush()
    note(db, "score_model.begun", version, actor, now)
    return version


def save_version(
    db: Session,
    city: City,
    version_id: UUID,
    *,
    revision: int,
    document: str,
    actor: Actor,
    now: datetime,
) -> ScoreModelVersion:
    """Replace the text. A report and an approval were about the old one, and are gone."""
    version = lock_at(db, version_id, revision=revision, states=OPEN)
    model = read_document(db, city, document, now=now)
    assert actor.id is not None
    queries.end_open_runs(db, version.id, failure="outdated", now=now)
    version.document, version.version, version.effective_on = document, model.version, model.effective_on
    version.edited_by, version.edited_at = actor.id, now
    version.state, version.shadow_run_id = VersionState.DRAFT, None
    version.first_approver_id = version.first_approved_at = None
    version.revision += 1
    db.flush()
    note(db, "score_model.saved", version, actor, now)
    return version


def discard_version(db: Session, version_id: UUID, *, actor: Actor, now: datetime) -> None:
    version = queries.lock_version(db, version_id)
    _check_state(version, OPEN)
    queries.end_open_runs(db, version.id, failure="outdated", now=now)
    version.state = VersionState.DISCARDED
    version.first_approver_id = version.first_approved_at = None
    note(db, "score_model.discarded", version, actor, now)


def lock_at(
    db: Session, version_id: UUID, *, revision: int, states: tuple[VersionState, ...]
) -> ScoreModelVersion:
    """The version as the caller saw it, in one of these states, kept from changing."""
    version = queries.lock_version(db, version_id)
    if version.revision != revision:
        raise VersionStale
    _check_state(version, states)
    return version


def _check_state(version: ScoreModelVersion, states: tuple[VersionState, ...]) -> None:
    if version.state not in states:
        raise VersionNotInThatState(state=version.state)


def note(db: Session, action: str, version: ScoreModelVersion, actor: Actor, now: datetime) -> None:
    subject = ("score_model_version", version.id)
    what = {"version": version.version, "revision": version.revision}
    audit.record(db, action, subject=subject, actor=actor, now=now, **what)
