"""Shapes of versions. A model's content has the names and the values of the city's files."""

import marshmallow as ma
from flask_smorest.fields import Upload

from backend.scoring.versions.models import VersionState
from backend.web.paging import page_schema
from backend.web.validation import Schema, TrueOrFalse, text_field

POINTS = {"description": "十进制数，最多三位小数，如 2.5"}


def _points() -> ma.fields.String:
    return text_field(20, metadata=POINTS)


class IndicatorContentSchema(Schema):
    code = text_field(64)
    name = text_field(100)
    points = _points()
    cap = _points()
    decay = ma.fields.String(required=True, validate=ma.validate.OneOf(["none", "linear"]))
    valid_days = ma.fields.Integer(required=True, strict=True, allow_none=True)
    catalogue_item = text_field(300)
    legal_basis = text_field(300)
    source_unit = text_field(100)
    while_objected = ma.fields.String(required=True, validate=ma.validate.OneOf(["exclude", "keep"]))
    unit = text_field(20)
    positive_action = text_field(300, required=False, allow_none=True, load_default=None)
    most_a_year = ma.fields.Integer(load_default=None, strict=True, allow_none=True)
    source = text_field(300)


class DimensionContentSchema(Schema):
    code = text_field(64)
    name = text_field(100)
    description = text_field(300)
    min = _points()
    max = _points()
    indicators = ma.fields.List(
        ma.fields.Nested(IndicatorContentSchema), required=True, validate=ma.validate.Length(1, 200)
    )


class ModelContentSchema(Schema):
    version = text_field(40)
    effective_on = ma.fields.Date(required=True)
    example = TrueOrFalse(required=True)
    floor = _points()
    ceiling = _points()
    base = _points()
    source = text_field(300)
    notes = ma.fields.List(text_field(500), required=True, validate=ma.validate.Length(max=20))
    dimensions = ma.fields.List(
        ma.fields.Nested(DimensionContentSchema), required=True, validate=ma.validate.Length(1, 20)
    )


class NewScoreModelSchema(Schema):
    content = ma.fields.Nested(ModelContentSchema, required=True)


class ScoreModelRevisionSchema(Schema):
    revision = ma.fields.Integer(required=True, strict=True, validate=ma.validate.Range(min=1))


class CancelScoreModelSchema(ScoreModelRevisionSchema):
    reason = text_field(300)


class SaveScoreModelSchema(ScoreModelRevisionSchema):
    content = ma.fields.Nested(ModelContentSchema, required=True)


class ScoreModelFileSchema(Schema):
    file = Upload(required=True, metadata={"description": "YAML，UTF-8，不超过 256 KB"})


class ScoreModelApprovalSchema(Schema):
    name = ma.fields.String(required=True)
    at = ma.fields.AwareDateTime(required=True)


class ScoreModelCancellationSchema(ScoreModelApprovalSchema):
    reason = ma.fields.String(required=True)


class ScoreModelChangeSchema(Schema):
    place = ma.fields.String(required=True, metadata={"description": "指标或维度；空的是整个规则"})
    field = ma.fields.String(required=True)
    before = ma.fields.String(required=True, allow_none=True)
    after = ma.fields.String(required=True, allow_none=True)


class MovedGroupSchema(Schema):
    """`keys` were merged where one alone were fewer than ten. `moves` are null where one could work out what
    fewer than ten did; else one for each of the report's `columns`."""

    keys = ma.fields.List(ma.fields.String(), required=True)
    people = ma.fields.Integer(required=True)
    moves = ma.fields.List(ma.fields.Integer(), required=True, allow_none=True)
    mean_before_milli = ma.fields.Integer(required=True)
    mean_after_milli = ma.fields.Integer(required=True)


class ScoreLevelCountSchema(Schema):
    levels = ma.fields.List(ma.fields.String(), required=True, metadata={"description": "空的是没有等级"})
    before = ma.fields.Integer(required=True)
    after = ma.fields.Integer(required=True, allow_none=True)


class ScoreStepSchema(Schema):
    from_milli = ma.fields.Integer(required=True)
    to_milli = ma.fields.Integer(required=True)
    before = ma.fields.Integer(required=True)
    after = ma.fields.Integer(required=True, allow_none=True)


class MoveReasonSchema(Schema):
    reason = ma.fields.String(required=True, metadata={"description": "指标代码，或 base、others"})
    people = ma.fields.Integer(required=True)


class MoveReasonsSchema(Schema):
    up = ma.fields.List(ma.fields.Nested(MoveReasonSchema), required=True)
    down = ma.fields.List(ma.fields.Nested(MoveReasonSchema), required=True)


class MovedGroupsSchema(Schema):
    district = ma.fields.List(ma.fields.Nested(MovedGroupSchema), required=True)
    age = ma.fields.List(ma.fields.Nested(MovedGroupSchema), required=True)
    sex = ma.fields.List(ma.fields.Nested(MovedGroupSchema), required=True)


class ImpactReportSchema(Schema):
    """Only `people`, and that null, where the whole city were fewer than ten."""

    people = ma.fields.Integer(required=True, allow_none=True)
    mean_before_milli = ma.fields.Integer()
    mean_after_milli = ma.fields.Integer()
    columns = ma.fields.List(ma.fields.List(ma.fields.String()))
    moves = ma.fields.List(ma.fields.Integer())
    levels = ma.fields.List(ma.fields.Nested(ScoreLevelCountSchema))
    scores = ma.fields.List(ma.fields.Nested(ScoreStepSchema))
    reasons = ma.fields.Nested(MoveReasonsSchema)
    groups = ma.fields.Nested(MovedGroupsSchema)


class ShadowRunSchema(Schema):
    id = ma.fields.UUID(required=True)
    as_of = ma.fields.Date(required=True)
    compared_with = ma.fields.String(required=True)
    begun_by = ma.fields.String(required=True)
    begun_at = ma.fields.AwareDateTime(required=True)
    people = ma.fields.Integer(required=True, allow_none=True)
    done = ma.fields.Integer(required=True)
    ended_at = ma.fields.AwareDateTime(required=True, allow_none=True)
    failure = ma.fields.String(
        required=True, allow_none=True, validate=ma.validate.OneOf(["stopped", "outdated", "failed"])
    )
    report = ma.fields.Nested(ImpactReportSchema, required=True, allow_none=True)


class ScoreModelVersionListedSchema(Schema):
    id = ma.fields.UUID(required=True)
    version = ma.fields.String(required=True)
    effective_on = ma.fields.Date(required=True)
    state = ma.fields.String(
        required=True,
        validate=ma.validate.OneOf([*(state.value for state in VersionState), "in_force", "superseded"]),
    )
    author = ma.fields.String(required=True)
    edited_at = ma.fields.AwareDateTime(required=True)
    approvals = ma.fields.List(ma.fields.Nested(ScoreModelApprovalSchema), required=True)


ScoreModelVersionPageSchema = page_schema(ScoreModelVersionListedSchema)


class ScoreModelVersionSchema(ScoreModelVersionListedSchema):
    revision = ma.fields.Integer(required=True)
    edited_by = ma.fields.String(required=True)
    created_at = ma.fields.AwareDateTime(required=True)
    is_own = ma.fields.Boolean(required=True, metadata={"description": "自己写的、改的或批准过的"})
    cancellation = ma.fields.Nested(ScoreModelCancellationSchema, required=True, allow_none=True)
    content = ma.fields.Nested(ModelContentSchema, required=True)
    follows = ma.fields.String(required=True, metadata={"description": "与哪个版本比较"})
    changes = ma.fields.List(ma.fields.Nested(ScoreModelChangeSchema), required=True)
    shadow_run = ma.fields.Nested(ShadowRunSchema, required=True, allow_none=True)
