"""Shapes of the office's lists."""

import marshmallow as ma

from backend.office.lists import LISTS
from backend.office.models import ExportState
from backend.vouchers.models import RedemptionState, VoucherState
from backend.web.paging import PageQuery
from backend.web.validation import Schema


class ListQuery(PageQuery):
    first = ma.fields.Date(load_default=None, data_key="from")
    last = ma.fields.Date(load_default=None, data_key="to")
    incentive_id = ma.fields.UUID(load_default=None)
    sort = ma.fields.String(load_default="newest", validate=ma.validate.OneOf(["newest", "oldest"]))


class VouchersQuery(ListQuery):
    state = ma.fields.String(load_default=None, validate=ma.validate.OneOf(list(VoucherState)))


class RedemptionsQuery(ListQuery):
    state = ma.fields.String(load_default=None, validate=ma.validate.OneOf(list(RedemptionState)))


class ListedSchema(Schema):
    id = ma.fields.UUID(required=True)
    incentive_id = ma.fields.UUID(required=True)
    title = ma.fields.String(required=True)
    unit_name = ma.fields.String(required=True, allow_none=True)


class ListedVoucherSchema(ListedSchema):
    state = ma.fields.String(required=True, validate=ma.validate.OneOf(list(VoucherState)))
    uses = ma.fields.Integer(required=True)
    uses_left = ma.fields.Integer(required=True)
    issued_at = ma.fields.AwareDateTime(required=True)
    expires_at = ma.fields.AwareDateTime(required=True)
    ended_at = ma.fields.AwareDateTime(required=True, allow_none=True)


class ListedRedemptionSchema(ListedSchema):
    state = ma.fields.String(required=True, validate=ma.validate.OneOf(list(RedemptionState)))
    shop_id = ma.fields.UUID(required=True)
    shop_name = ma.fields.String(required=True)
    amount_fen = ma.fields.Integer(required=True, allow_none=True)
    accepted_at = ma.fields.AwareDateTime(required=True)
    reversed_at = ma.fields.AwareDateTime(required=True, allow_none=True)


class NewExportSchema(Schema):
    """A list, narrowed as its page is; why stands on top of the file."""

    list_name = ma.fields.String(required=True, data_key="list", validate=ma.validate.OneOf(list(LISTS)))
    purpose = ma.fields.String(
        required=True,
        validate=(
            ma.validate.Length(2, 60, error="长度应为 {min} 至 {max} 个字符。"),
            ma.validate.Regexp(r"^(?!.*\d{11})[^\x00-\x1f]+\Z", error="请写明目的，不要填身份证号或手机号。"),
        ),
    )
    first = ma.fields.Date(load_default=None, allow_none=True, data_key="from")
    last = ma.fields.Date(load_default=None, allow_none=True, data_key="to")
    incentive_id = ma.fields.UUID(load_default=None, allow_none=True)
    state = ma.fields.String(
        load_default=None,
        allow_none=True,
        validate=ma.validate.OneOf(sorted({*VoucherState, *RedemptionState})),
    )
    sort = ma.fields.String(load_default="newest", validate=ma.validate.OneOf(["newest", "oldest"]))


class ExportSchema(Schema):
    id = ma.fields.UUID(required=True)
    state = ma.fields.String(required=True, validate=ma.validate.OneOf(list(ExportState)))
    rows = ma.fields.Integer(required=True, metadata={"description": "已写入的行数"})
    ordered_at = ma.fields.AwareDateTime(required=True)
    ends_at = ma.fields.AwareDateTime(required=True)
