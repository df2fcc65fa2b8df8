"""Shapes of exports."""

from typing import Any

import marshmallow as ma

from backend.core.actor import ActorKind
from backend.office.export_files import FORMATS
from backend.office.exported_lists import AUDIT_EVENTS, EXPORTED
from backend.office.models import Export, ExportState
from backend.vouchers.models import RedemptionState, VoucherState
from backend.web.validation import Schema, text_field


class OrderSchema(Schema):
    """A list, narrowed as its page is; why stands in the file."""

    format = ma.fields.String(load_default="csv", validate=ma.validate.OneOf(sorted(FORMATS)))
    purpose = ma.fields.String(
        required=True,
        validate=(
            ma.validate.Length(2, 60, error="长度应为 {min} 至 {max} 个字符。"),
            ma.validate.Regexp(r"^(?!.*\d{11})[^\x00-\x1f]+\Z", error="请写明目的，不要填身份证号或手机号。"),
        ),
    )
    first = ma.fields.Date(load_default=None, allow_none=True, data_key="from")
    last = ma.fields.Date(load_default=None, allow_none=True, data_key="to")
    sort = ma.fields.String(load_default="newest", validate=ma.validate.OneOf(["newest", "oldest"]))


class NewExportSchema(OrderSchema):
    list_name = ma.fields.String(
        required=True, data_key="list", validate=ma.validate.OneOf(sorted(set(EXPORTED) - {AUDIT_EVENTS}))
    )
    incentive_id = ma.fields.UUID(load_default=None, allow_none=True)
    state = ma.fields.String(
        load_default=None,
        allow_none=True,
        validate=ma.validate.OneOf(sorted({*VoucherState, *RedemptionState})),
    )


class NewAuditExportSchema(OrderSchema):
    action = text_field(60, required=False, load_default=None, allow_none=True)
    actor_kind = ma.fields.String(
        load_default=None, allow_none=True, validate=ma.validate.OneOf(list(ActorKind))
    )
    account_id = ma.fields.UUID(load_default=None, allow_none=True, data_key="colleague_id")
    subject_kind = text_field(40, required=False, load_default=None, allow_none=True)
    subject_id = text_field(80, required=False, load_default=None, allow_none=True)


class ExportSchema(Schema):
    id = ma.fields.UUID(required=True)
    state = ma.fields.String(required=True, validate=ma.validate.OneOf(list(ExportState)))
    rows = ma.fields.Integer(required=True, metadata={"description": "已写入的行数"})
    ordered_at = ma.fields.AwareDateTime(required=True)
    ends_at = ma.fields.AwareDateTime(required=True)


def read_query(export: Export) -> dict[str, Any]:
    """What its list was narrowed to, as its page was asked for it."""
    schema = NewAuditExportSchema if export.list_name == AUDIT_EVENTS else NewExportSchema
    query: dict[str, Any] = schema(partial=True).load(export.query)
    return query
