"""The engine's model made from the city's data, once per version."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy.orm import Session

from backend.city import City
from backend.city.score_files import ScoreModelData
from backend.scoring.engine.model import Decay, Dimension, Indicator, Level, ScoreModel, WhileObjected

# Keyed by identity; the data is kept beside its model so that an identity is never used again.
_built: dict[int, tuple[ScoreModelData, ScoreModel]] = {}


def model_in_force(city: City, on: date) -> ScoreModel:
    """The city's score model of that day."""
    return _made_once(city, city.score_model(on))


def model_of_version(city: City, version: str) -> ScoreModel:
    """The model of that version, in force or not; LookupError when the city knows none."""
    for data in city.score_models:
        if data.version == version:
            return _made_once(city, data)
    raise LookupError(f"{city.code} has no score model {version}")


def _made_once(city: City, data: ScoreModelData) -> ScoreModel:
    if id(data) not in _built:
        _built[id(data)] = (data, _build(city, data))
    return _built[id(data)][1]


def data_in_force(_db: Session, city: City, on: date) -> ScoreModelData:
    """The model of that day as data, with what only people read; LookupError before the first one."""
    return city.score_model(on)


def list_models(_db: Session, city: City) -> Sequence[ScoreModelData]:
    """Every version there was, is and will be, by the day it takes effect."""
    return city.score_models


def _build(city: City, data: ScoreModelData) -> ScoreModel:
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
