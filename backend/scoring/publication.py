"""A score model as everyone may read it, made once and handed out as it is."""

import json
from collections.abc import Sequence

from backend.city import City
from backend.city.score_files import ScoreModelData
from backend.scoring.schemas_public import PublicScoreModelSchema

OBJECTION = "object"

# A version never changes: its text is good until another is in force or known. The data is kept beside it
# so that two cities with a version of the same name are not mixed up.
_published: dict[tuple[str, str, tuple[str, ...]], tuple[ScoreModelData, bytes]] = {}


def publish(city: City, model: ScoreModelData, *, in_force: str, versions: Sequence[ScoreModelData]) -> bytes:
    """The JSON text of the model and all that belongs to reading it."""
    key = (model.version, in_force, tuple(each.version for each in versions))
    kept = _published.get(key)
    if kept is None or kept[0] is not model:
        kept = _published[key] = (model, _text(city, model, in_force, versions))
    return kept[1]


def _text(city: City, model: ScoreModelData, in_force: str, versions: Sequence[ScoreModelData]) -> bytes:
    objection = next((each.text for each in city.texts.help if each.code == OBJECTION), None)
    told = {
        **dict(model),
        "in_force": model.version == in_force,
        "levels": city.levels,
        "not_scored": city.texts.not_scored,
        "objection": objection,
        "versions": sorted(versions, key=lambda each: each.effective_on, reverse=True),
    }
    return json.dumps(PublicScoreModelSchema().dump(told), ensure_ascii=False).encode()
