"""Shapes of the office's lists."""

import marshmallow as ma

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
