"""Shapes of what sources and the office ask about batches, and are answered."""

import marshmallow as ma

from backend.sources.models import BatchState
from backend.web.paging import PageQuery, page_schema
from backend.web.validation import Schema, text_field

MOST_KEYS = 1_000


class SourceTokenRequestSchema(Schema):
    """RFC 6749 §4.4.2; the number and the secret stand here or in HTTP Basic."""

    grant_type = ma.fields.String(required=True, validate=ma.validate.Equal("client_credentials"))
    client_id = text_field(64, required=False, load_default=None)
    client_secret = text_field(200, required=False, load_default=None)


class SourceTokenSchema(Schema):
    access_token = ma.fields.String(required=True)
    token_type = ma.fields.String(required=True)
    expires_in = ma.fields.Integer(required=True)


class BatchSchema(Schema):
    id = ma.fields.UUID(required=True)
    state = ma.fields.String(required=True, validate=ma.validate.OneOf([*BatchState]))
    verdict = ma.fields.String(
        required=True, allow_none=True, metadata={"description": "整个文件不能用的原因"}
    )
    size = ma.fields.Integer(required=True)
    rows_total = ma.fields.Integer(required=True, allow_none=True)
    rows_read = ma.fields.Integer(required=True)
    new_rows = ma.fields.Integer(required=True)
    corrected_rows = ma.fields.Integer(required=True)
    unchanged_rows = ma.fields.Integer(required=True)
    refused_rows = ma.fields.Integer(required=True)
    mended_rows = ma.fields.Integer(required=True, metadata={"description": "后来改好并收下的行"})
    withdrawn_records = ma.fields.Integer(required=True)
    handed_in_at = ma.fields.AwareDateTime(required=True)
    begun_at = ma.fields.AwareDateTime(required=True, allow_none=True)
    done_at = ma.fields.AwareDateTime(required=True, allow_none=True)


class FaultSchema(Schema):
    column = ma.fields.String(required=True, metadata={"description": "列；row 表示整行"})
    place = ma.fields.String(required=True, metadata={"description": "如 C17；没有列的文件只有行号"})
    code = ma.fields.String(required=True)
    sentence = ma.fields.String(required=True)


class RefusedRowSchema(Schema):
    id = ma.fields.UUID(required=True)
    row = ma.fields.Integer(required=True)
    values = ma.fields.Dict(
        keys=ma.fields.String(), values=ma.fields.String(), required=True, metadata={"description": "按列"}
    )
    faults = ma.fields.List(ma.fields.Nested(FaultSchema), required=True)


class NewBatchQuery(Schema):
    mends_id = ma.fields.UUID(load_default=None, metadata={"description": "补报的是哪个批次退回的行"})


class BatchQuery(PageQuery):
    state = ma.fields.String(load_default=None, validate=ma.validate.OneOf([*BatchState]))


class RefusedRowQuery(PageQuery):
    pass


class WithdrawalSchema(Schema):
    keys = ma.fields.List(text_field(64), required=True, validate=ma.validate.Length(1, MOST_KEYS))


class WithdrawnSchema(Schema):
    records = ma.fields.Integer(required=True, metadata={"description": "撤回的记录；找不到的编号不计"})


BatchPageSchema = page_schema(BatchSchema)
RefusedRowPageSchema = page_schema(RefusedRowSchema)
