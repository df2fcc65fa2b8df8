"""Shapes of sources and batches in the console."""

import marshmallow as ma

from backend.sources.columns import FIELDS
from backend.sources.models import BatchState
from backend.sources.schemas import BatchSchema
from backend.sources.watching import Alert
from backend.web.paging import PageQuery, page_schema
from backend.web.validation import Schema, text_field

LONGEST_CELL = 200


class DeliveredIndicatorSchema(Schema):
    name = ma.fields.String(required=True)
    rows = ma.fields.Integer(required=True, metadata={"description": "最近批次里收下的行"})


class WatchedSourceSchema(Schema):
    key = ma.fields.String(required=True)
    name = ma.fields.String(required=True)
    every_days = ma.fields.Integer(required=True, metadata={"description": "约定几天报送一次"})
    alerts = ma.fields.List(ma.fields.String(validate=ma.validate.OneOf([*Alert])), required=True)
    last_delivered_at = ma.fields.AwareDateTime(required=True, allow_none=True)
    due_at = ma.fields.AwareDateTime(required=True, allow_none=True)
    refusal_permille = ma.fields.Integer(required=True, allow_none=True)
    median_delay_days = ma.fields.Integer(
        required=True, allow_none=True, metadata={"description": "从发生到报送的天数，中位数"}
    )
    delivered_indicators = ma.fields.Integer(required=True)
    indicators = ma.fields.List(ma.fields.Nested(DeliveredIndicatorSchema), required=True)


class WatchedSourcesSchema(Schema):
    items = ma.fields.List(ma.fields.Nested(WatchedSourceSchema), required=True)


class ClientSchema(Schema):
    id = ma.fields.UUID(required=True)
    made_by = ma.fields.String(required=True)
    made_at = ma.fields.AwareDateTime(required=True)
    last_used_at = ma.fields.AwareDateTime(required=True, allow_none=True)
    ended_at = ma.fields.AwareDateTime(required=True, allow_none=True)


class NewClientSchema(ClientSchema):
    secret = ma.fields.String(required=True, metadata={"description": "只显示这一次"})


class ClientsSchema(Schema):
    items = ma.fields.List(ma.fields.Nested(ClientSchema), required=True)


class OfficeBatchSchema(BatchSchema):
    PLAIN = (*BatchSchema._declared_fields, "source", "held_rows", "file_ends_at", "mends_id")

    source = ma.fields.String(required=True)
    source_name = ma.fields.String(required=True)
    name = ma.fields.String(required=True, metadata={"description": "文件名；没有说就是空的"})
    by_program = ma.fields.Boolean(required=True)
    handed_in_by = ma.fields.String(required=True, allow_none=True)
    held_rows = ma.fields.Integer(required=True, metadata={"description": "本人还没有加入、暂时保管的"})
    file_ends_at = ma.fields.AwareDateTime(required=True)
    mends_id = ma.fields.UUID(required=True, allow_none=True, metadata={"description": "补报的是哪个批次"})


class OfficeBatchQuery(PageQuery):
    source = text_field(40, required=False, load_default=None)
    state = ma.fields.String(load_default=None, validate=ma.validate.OneOf([*BatchState]))


class MendingSchema(Schema):
    values = ma.fields.Dict(
        keys=ma.fields.String(validate=ma.validate.OneOf(FIELDS)),
        values=ma.fields.String(validate=ma.validate.Length(0, LONGEST_CELL)),
        required=True,
        validate=ma.validate.Length(1),
    )


OfficeBatchPageSchema = page_schema(OfficeBatchSchema)
