"""Shapes of the score page. Points come as text in tenths beside integers in thousandths."""

import marshmallow as ma

from backend.web.validation import Schema, text_field


class CodeAndNameSchema(Schema):
    code = ma.fields.String(required=True)
    name = ma.fields.String(required=True)


class ScoreModelSchema(Schema):
    version = ma.fields.String(required=True)
    example = ma.fields.Boolean(required=True, metadata={"description": "示例模型"})


class LineSchema(Schema):
    record_id = ma.fields.String(required=True)
    indicator = ma.fields.Nested(CodeAndNameSchema, required=True)
    points = ma.fields.String(required=True)
    points_milli = ma.fields.Integer(required=True)
    quantity = ma.fields.Integer(required=True)
    unit = ma.fields.String(required=True)
    status = ma.fields.String(
        required=True, metadata={"description": "active, objected, repaired, withdrawn"}
    )
    counted = ma.fields.Boolean(required=True)
    not_counted = ma.fields.String(required=True, allow_none=True)
    why = ma.fields.String(required=True, allow_none=True, metadata={"description": "为什么不计分"})
    occurred_on = ma.fields.String(required=True, metadata={"format": "date"})
    ends_on = ma.fields.String(
        required=True, allow_none=True, metadata={"format": "date", "description": "从这一天起不再计分"}
    )
    sentence = ma.fields.String(required=True, metadata={"description": "这条记录用一句话说"})
    source_unit = ma.fields.String(required=True)
    legal_basis = ma.fields.String(required=True)
    catalogue_item = ma.fields.String(required=True)


class AdjustmentSchema(Schema):
    """Points cut or lifted by a bound; `cut_milli` is what the bound added (signed)."""

    scope = ma.fields.String(required=True)
    code = ma.fields.String(required=True)
    cut = ma.fields.String(required=True)
    cut_milli = ma.fields.Integer(required=True)
    text = ma.fields.String(required=True)


class DimensionSchema(Schema):
    code = ma.fields.String(required=True)
    name = ma.fields.String(required=True)
    points = ma.fields.String(required=True)
    points_milli = ma.fields.Integer(required=True)
    min_milli = ma.fields.Integer(required=True)
    max_milli = ma.fields.Integer(required=True)
    lines = ma.fields.List(ma.fields.Nested(LineSchema), required=True)
    adjustments = ma.fields.List(ma.fields.Nested(AdjustmentSchema), required=True)


class WaySchema(Schema):
    indicator = ma.fields.Nested(CodeAndNameSchema, required=True)
    action = ma.fields.String(required=True)
    quantity = ma.fields.Integer(required=True)
    unit = ma.fields.String(required=True)
    score = ma.fields.String(required=True)
    score_milli = ma.fields.Integer(required=True)
    reaches = ma.fields.Boolean(required=True, metadata={"description": "单凭这一项能否达到"})
    most_a_year = ma.fields.Integer(
        required=True, allow_none=True, metadata={"description": "一年最多能做几次；没有限制时为 null"}
    )


class WaysQuery(Schema):
    target_milli = ma.fields.Integer(
        load_default=None,
        validate=ma.validate.Range(min=0),
        metadata={"description": "要达到的分数（千分之一分），不高于满分；不写则为满分"},
    )


class StepSchema(Schema):
    indicator = ma.fields.Nested(CodeAndNameSchema, required=True)
    action = ma.fields.String(required=True)
    quantity = ma.fields.Integer(required=True)
    unit = ma.fields.String(required=True)
    text = ma.fields.String(required=True, metadata={"description": "做什么、做多少，一句话"})


class PlanSchema(Schema):
    """Two or three things which together reach the target; none of them can do with one less."""

    steps = ma.fields.List(ma.fields.Nested(StepSchema), required=True)
    score = ma.fields.String(required=True)
    score_milli = ma.fields.Integer(required=True)


class WaysSchema(Schema):
    """Every way that helps towards the target; `quantity` is the least that reaches it, else the most
    that brings anything. `plans` combines several; there is none without a target."""

    score = ma.fields.String(required=True)
    score_milli = ma.fields.Integer(required=True)
    target = ma.fields.String(required=True)
    target_milli = ma.fields.Integer(required=True)
    missing = ma.fields.String(required=True)
    missing_milli = ma.fields.Integer(required=True)
    model = ma.fields.Nested(ScoreModelSchema, required=True)
    items = ma.fields.List(ma.fields.Nested(WaySchema), required=True)
    plans = ma.fields.List(ma.fields.Nested(PlanSchema), required=True)


class NextLevelSchema(Schema):
    code = ma.fields.String(required=True)
    name = ma.fields.String(required=True)
    from_ = ma.fields.String(required=True, data_key="from", attribute="from")
    from_milli = ma.fields.Integer(required=True)
    missing = ma.fields.String(required=True)
    missing_milli = ma.fields.Integer(required=True)
    ways = ma.fields.List(ma.fields.Nested(WaySchema), required=True)


class ScoreReasonSchema(Schema):
    """What all records of one indicator bring together, after its bound."""

    indicator = ma.fields.Nested(CodeAndNameSchema, required=True)
    points = ma.fields.String(required=True)
    points_milli = ma.fields.Integer(required=True)
    sentence = ma.fields.String(required=True)


class ExplainedSchema(Schema):
    """`base_milli`, all lines and all adjustments add up to `score_milli`."""

    score = ma.fields.String(required=True)
    score_milli = ma.fields.Integer(required=True)
    level = ma.fields.Nested(CodeAndNameSchema, required=True, allow_none=True)
    as_of = ma.fields.String(required=True, metadata={"format": "date"})
    model = ma.fields.Nested(ScoreModelSchema, required=True)
    base = ma.fields.String(required=True)
    base_milli = ma.fields.Integer(required=True)
    reasons = ma.fields.List(
        ma.fields.Nested(ScoreReasonSchema),
        required=True,
        metadata={"description": "影响最大的几项，加分在前，各按大小"},
    )
    dimensions = ma.fields.List(ma.fields.Nested(DimensionSchema), required=True)
    adjustments = ma.fields.List(ma.fields.Nested(AdjustmentSchema), required=True)


class ScoreSchema(ExplainedSchema):
    next_level = ma.fields.Nested(NextLevelSchema, required=True, allow_none=True)


class ScoreMonthSchema(Schema):
    month = ma.fields.String(required=True, metadata={"description": "YYYY-MM"})
    score = ma.fields.String(required=True)
    score_milli = ma.fields.Integer(required=True)
    level = ma.fields.String(required=True, allow_none=True)
    model_version = ma.fields.String(required=True)


class ImaginedRecordSchema(Schema):
    indicator = text_field(64)
    quantity = ma.fields.Integer(load_default=1, strict=True, validate=ma.validate.Range(1, 1000))
    occurred_on = ma.fields.Date(load_default=None)


class WhatIfSchema(Schema):
    add = ma.fields.List(
        ma.fields.Nested(ImaginedRecordSchema), load_default=list, validate=ma.validate.Length(max=20)
    )
    remove = ma.fields.List(ma.fields.UUID(), load_default=list, validate=ma.validate.Length(max=100))
    on = ma.fields.Date(load_default=None)


class WhatIfAnswerSchema(ExplainedSchema):
    difference = ma.fields.String(required=True)
    difference_milli = ma.fields.Integer(required=True)
