"""The score model as the office reads it: every figure with the law it rests on."""

from typing import Any

import marshmallow as ma
from flask.views import MethodView

from backend.accounts.roles import Permission
from backend.city.serving import current_city
from backend.core.actor import Audience
from backend.core.clock import day_in_china
from backend.core.points import format_points
from backend.scoring.city_model import data_in_force, list_models
from backend.web.audience import audience_blueprint
from backend.web.console import permission
from backend.web.context import request_time
from backend.web.transaction import request_session
from backend.web.validation import Schema

blueprint = audience_blueprint(Audience.OFFICE, "score_model")


class Points(ma.fields.String):
    """Thousandths, as people read points."""

    def _serialize(self, value: Any, attr: str | None, obj: Any, **options: Any) -> Any:
        return super()._serialize(format_points(value), attr, obj, **options)


class IndicatorSchema(Schema):
    code = ma.fields.String(required=True)
    name = ma.fields.String(required=True)
    unit = ma.fields.String(required=True)
    points = Points(required=True, attribute="points_milli", metadata={"description": "每一单位"})
    cap = Points(required=True, attribute="cap_milli", metadata={"description": "这一项最多"})
    decay = ma.fields.String(required=True, validate=ma.validate.OneOf(["none", "linear"]))
    valid_days = ma.fields.Integer(required=True, allow_none=True)
    while_objected = ma.fields.String(required=True, validate=ma.validate.OneOf(["exclude", "keep"]))
    catalogue_item = ma.fields.String(required=True)
    legal_basis = ma.fields.String(required=True)
    source_unit = ma.fields.String(required=True)
    positive_action = ma.fields.String(required=True, allow_none=True)
    source = ma.fields.String(required=True)


class ModelDimensionSchema(Schema):
    code = ma.fields.String(required=True)
    name = ma.fields.String(required=True)
    description = ma.fields.String(required=True)
    min = Points(required=True, attribute="min_milli")
    max = Points(required=True, attribute="max_milli")
    indicators = ma.fields.List(ma.fields.Nested(IndicatorSchema), required=True)


class ModelLevelSchema(Schema):
    code = ma.fields.String(required=True)
    name = ma.fields.String(required=True)
    from_ = Points(required=True, data_key="from", attribute="from_milli")


class ModelVersionSchema(Schema):
    version = ma.fields.String(required=True)
    effective_on = ma.fields.Date(required=True)


class WholeScoreModelSchema(ModelVersionSchema):
    example = ma.fields.Boolean(required=True, metadata={"description": "示例模型"})
    floor = Points(required=True, attribute="floor_milli")
    ceiling = Points(required=True, attribute="ceiling_milli")
    base = Points(required=True, attribute="base_milli")
    source = ma.fields.String(required=True)
    notes = ma.fields.List(ma.fields.String(), required=True)
    dimensions = ma.fields.List(ma.fields.Nested(ModelDimensionSchema), required=True)


class ScoreModelForOfficeSchema(Schema):
    model = ma.fields.Nested(WholeScoreModelSchema, required=True)
    levels = ma.fields.List(ma.fields.Nested(ModelLevelSchema), required=True)
    versions = ma.fields.List(ma.fields.Nested(ModelVersionSchema), required=True)


@blueprint.route("/score-model")
class ScoreModel(MethodView):
    @permission(Permission.SCORE_MODEL_READ)
    @blueprint.response(200, ScoreModelForOfficeSchema)
    def get(self) -> dict[str, Any]:
        """Show the score model in force, with the legal basis of every indicator"""
        db, city = request_session(), current_city()
        model = data_in_force(db, city, day_in_china(request_time()))
        return {"model": model, "levels": city.levels, "versions": list_models(db, city)}
