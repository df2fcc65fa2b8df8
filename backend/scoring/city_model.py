"""The score model in force on a day: the latest of the city's own versions and those approved here."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.city import City
from backend.city.score_document import load_score_model
from backend.city.score_files import ScoreModelData
from backend.scoring.engine.model import Decay, Dimension, Indicator, Level, ScoreModel, WhileObjected
from backend.scoring.versions.models import ScoreModelVersion, VersionState

# Keyed by identity; the data is kept beside its model so that an identity is never used again.
_built: dict[int, tuple[ScoreModelData, ScoreModel]] = {}
# An approved version never changes, so its text is read once.
_approved: dict[UUID, ScoreModelData] = {}


def model_in_force(db: Session, city: City, on: date) -> ScoreModel:
    """The score model of that day."""
    return engine_model(city, data_in_force(db, city, on))


def data_in_force(db: Session, city: City, on: date) -> ScoreModelData:
    """The model of that day as data, with what only people read; LookupError before the first one.

    The database is asked each time: a version approved elsewhere a moment ago counts here at once.
    """
    in_force = [model for model in list_models(db, city) if model.effective_on <= on]
    if not in_force:
        raise LookupError(f"{city.code} has no score model in force on {on}")
    return in_force[-1]


def list_models(db: Session, city: City) -> Sequence[ScoreModelData]:
    """Every version there was, is and will be, by the day it takes effect."""
    ids = db.scalars(select(ScoreModelVersion.id).where(ScoreModelVersion.state == VersionState.APPROVED))
    approved = [_read_approved(db, version_id) for version_id in ids]
    return sorted([*city.score_models, *approved], key=lambda model: model.effective_on)


def newest_model(db: Session, city: City) -> ScoreModelData:
    """What a new version follows: the last one there is, even when its day is still to come."""
    return list_models(db, city)[-1]


def model_of_version(db: Session, city: City, version: str) -> ScoreModel:
    """The model of that version, in force or not; LookupError when there is none."""
    for data in list_models(db, city):
        if data.version == version:
            return engine_model(city, data)
    raise LookupError(f"{city.code} has no score model {version}")


def own_model(city: City, on: date) -> ScoreModel:
    """The model of that day among the city's own versions: where there is no database to ask."""
    return engine_model(city, city.score_model(on))


def engine_model(city: City, data: ScoreModelData) -> ScoreModel:
    """The engine's model, made once of the same data."""
    if id(data) not in _built:
        _built[id(data)] = (data, build_model(city, data))
    return _built[id(data)][1]


def build_model(city: City, data: ScoreModelData) -> ScoreModel:
    return ScoreModel(
        version=data.version,
        effective_on=data.effective_on,
        example=data.example,
        base_milli=data.base_milli,
        floor_milli=data.floor_milli,
        ceiling_milli=data.ceiling_milli,
        levels=tuple(Level(level.code, level.name, level.from_milli) for level in city.levels),
        dimensions=tuple(Dimension(d.code, d.name, d.min_milli, d.max_milli) for d in data.dimensions),
        indicators=tuple(
            Indicator(
                code=indicator.code,
                name=indicator.name,
                dimension=dimension.code,
                points_milli=indicator.points_milli,
                cap_milli=indicator.cap_milli,
                decay=Decay(indicator.decay),
                valid_days=indicator.valid_days,
                catalogue_item=indicator.catalogue_item,
                legal_basis=indicator.legal_basis,
                source_unit=indicator.source_unit,
                while_objected=WhileObjected(indicator.while_objected),
                unit=indicator.unit,
                positive_action=indicator.positive_action,
                most_a_year=indicator.most_a_year,
            )
            for dimension in data.dimensions
            for indicator in dimension.indicators
        ),
    )


def _read_approved(db: Session, version_id: UUID) -> ScoreModelData:
    if version_id not in _approved:
        _approved[version_id] = load_score_model(db.get_one(ScoreModelVersion, version_id).document)
    return _approved[version_id]
