"""How the routes show versions."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from backend.accounts.queries import account_names
from backend.city import City
from backend.city.fields import file_name_of
from backend.city.score_document import load_score_model
from backend.city.score_files import ScoreModelData
from backend.core.actor import Actor
from backend.core.points import format_exactly
from backend.scoring.city_model import list_models
from backend.scoring.versions import queries
from backend.scoring.versions.differences import differences
from backend.scoring.versions.models import ScoreModelVersion, VersionState

RUN = ("id", "as_of", "compared_with", "begun_at", "people", "done", "ended_at", "failure", "report")
LISTED = ("id", "version", "effective_on", "edited_at")


def shown_versions(
    db: Session, city: City, versions: Sequence[ScoreModelVersion], *, today: date
) -> list[dict[str, Any]]:
    names = account_names(db, {person for version in versions for person in _people(version)})
    past = [model.version for model in list_models(db, city) if model.effective_on <= today]
    return [
        {
            **{name: getattr(version, name) for name in LISTED},
            "state": _state(version, past),
            "author": names.get(version.author_id, ""),
            "approvals": [
                {"name": names.get(person, ""), "at": at}
                for person, at in (
                    (version.first_approver_id, version.first_approved_at),
                    (version.second_approver_id, version.second_approved_at),
                )
                if person
            ],
        }
        for version in versions
    ]


def shown_version(
    db: Session, city: City, version: ScoreModelVersion, *, actor: Actor, today: date
) -> dict[str, Any]:
    model = load_score_model(version.document)
    before = _before(list_models(db, city), version)
    return {
        **shown_versions(db, city, [version], today=today)[0],
        "revision": version.revision,
        "edited_by": account_names(db, {version.edited_by}).get(version.edited_by, ""),
        "created_at": version.created_at,
        "is_own": actor.id in _people(version),
        "cancellation": _shown_cancellation(db, version),
        "content": content_of(model),
        "follows": before.version,
        "changes": differences(before, model),
        "shadow_run": _shown_run(db, version),
    }


def _shown_cancellation(db: Session, version: ScoreModelVersion) -> dict[str, Any] | None:
    if version.cancelled_by is None:
        return None
    names = account_names(db, {version.cancelled_by})
    return {
        "name": names.get(version.cancelled_by, ""),
        "at": version.cancelled_at,
        "reason": version.cancelled_because,
    }


def _shown_run(db: Session, version: ScoreModelVersion) -> dict[str, Any] | None:
    run = queries.find_last_run(db, version)
    if run is None:
        return None
    names = account_names(db, {run.begun_by})
    return {**{name: getattr(run, name) for name in RUN}, "begun_by": names.get(run.begun_by, "")}


def content_of(thing: Any) -> Any:
    """A model in the names and values of the city's files."""
    if isinstance(thing, tuple):
        return [content_of(each) for each in thing]
    if not hasattr(type(thing), "model_fields"):
        return thing
    return {
        file_name_of(name): format_exactly(value) if name.endswith("_milli") else content_of(value)
        for name in type(thing).model_fields
        for value in [getattr(thing, name)]
    }


def _people(version: ScoreModelVersion) -> set[Any]:
    people = (version.author_id, version.edited_by, version.first_approver_id, version.second_approver_id)
    return {person for person in people if person}


def _state(version: ScoreModelVersion, past: list[str]) -> str:
    if version.state != VersionState.APPROVED or version.version not in past:
        return version.state
    return "in_force" if version.version == past[-1] else "superseded"


def _before(models: Sequence[ScoreModelData], version: ScoreModelVersion) -> ScoreModelData:
    earlier = [model for model in models if model.effective_on < version.effective_on]
    return (earlier or models)[-1]
