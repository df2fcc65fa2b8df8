"""The shape of a published score model. Points come as text in tenths beside integers in thousandths."""

from typing import Any

import marshmallow as ma

from backend.core.points import format_points
from backend.web.validation import Schema


class Points(ma.fields.String):
    """Thousandths, as people read points."""

    def _serialize(self, value: Any, attr: str | None, obj: Any, **options: Any) -> Any:
        return super()._serialize(format_points(value), attr, obj, **options)


class PublicIndicatorSchema(Schema):
    code = ma.fields.String(required=True)
    name = ma.fields.String(required=True)
    unit = ma.fields.String(required=True)
    points = Points(
        required=True, dump_only=True, attribute="points_milli", metadata={"description": "每一单位"}
    )
    points_milli = ma.fields.Integer(required=True)
    cap = Points(required=True, dump_only=True, attribute="cap_milli", metadata={"description": "这一项最多"})
    cap_milli = ma.fields.Integer(required=True)
    decay = ma.fields.String(required=True, validate=ma.validate.OneOf(["none", "linear"]))
    valid_days = ma.fields.Integer(required=True, allow_none=True)
    while_objected = ma.fields.String(required=True, validate=ma.validate.OneOf(["exclude", "keep"]))
    positive_action = ma.fields.String(required=True, allow_none=True)
    source_unit = ma.fields.String(required=True)
    legal_basis = ma.fields.String(required=True)
    catalogue_item = ma.fields.String(required=True)


class PublicDimensionSchema(Schema):
    code = ma.fields.String(required=True)
    name = ma.fields.String(required=True)
    description = ma.fields.String(required=True)
    min = Points(required=True, dump_only=True, attribute="min_milli")
    min_milli = ma.fields.Integer(required=True)
    max = Points(required=True, dump_only=True, attribute="max_milli")
    max_milli = ma.fields.Integer(required=True)
    indicators = ma.fields.List(ma.fields.Nested(PublicIndicatorSchema), required=True)


class PublicLevelSchema(Schema):
    code = ma.fields.String(required=True)
    name = ma.fields.String(required=True)
    from_ = Points(required=True, dump_only=True, data_key="from", attribute="from_milli")
    from_milli = ma.fields.Integer(required=True)


class PublicVersionSchema(Schema):
    version = ma.fields.String(required=True)
    effective_on = ma.fields.Date(required=True)


class PublicScoreModelSchema(PublicVersionSchema):
    in_force = ma.fields.Boolean(required=True, metadata={"description": "今天用的就是这一版"})
    example = ma.fields.Boolean(required=True, metadata={"description": "示例模型"})
    source = ma.fields.String(required=True)
    notes = ma.fields.List(ma.fields.String(), required=True)
    base = Points(required=True, dump_only=True, attribute="base_milli")
    base_milli = ma.fields.Integer(required=True)
    floor = Points(required=True, dump_only=True, attribute="floor_milli")
    floor_milli = ma.fields.Integer(required=True)
    ceiling = Points(required=True, dump_only=True, attribute="ceiling_milli")
    ceiling_milli = ma.fields.Integer(required=True)
    levels = ma.fields.List(ma.fields.Nested(PublicLevelSchema), required=True)
    dimensions = ma.fields.List(ma.fields.Nested(PublicDimensionSchema), required=True)
    not_scored = ma.fields.List(
        ma.fields.String(), required=True, metadata={"description": "从来不计入的内容"}
    )
    objection = ma.fields.String(
        required=True, allow_none=True, metadata={"description": "觉得记录有错怎么办"}
    )
    versions = ma.fields.List(
        ma.fields.Nested(PublicVersionSchema), required=True, metadata={"description": "所有版本，新的在前"}
    )
