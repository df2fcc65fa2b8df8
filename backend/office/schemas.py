"""Shapes of the office's pages."""

import marshmallow as ma

from backend.identity.cases import Field
from backend.office.models import Purpose
from backend.web.validation import Schema, text_field


class RangeQuery(Schema):
    first = ma.fields.Date(load_default=None, data_key="from", metadata={"description": "不填为最近 30 天"})
    last = ma.fields.Date(load_default=None, data_key="to")


class FiguresQuery(RangeQuery):
    district = text_field(32, required=False, load_default=None)


class UsesSchema(Schema):
    claims = ma.fields.Integer(required=True, metadata={"description": "领取"})
    redemptions = ma.fields.Integer(required=True, metadata={"description": "核销，已减去撤销"})
    amount_fen = ma.fields.Integer(
        required=True, metadata={"description": "核销时登记的消费金额，已减去撤销"}
    )


class DayUsesSchema(UsesSchema):
    day = ma.fields.Date(required=True)


class DayFiguresSchema(DayUsesSchema):
    residents = ma.fields.Integer(
        required=True, allow_none=True, metadata={"description": "那天没有统计时为空"}
    )
    scored = ma.fields.Integer(required=True, allow_none=True)
    active = ma.fields.Integer(required=True, allow_none=True)


class DistrictFiguresSchema(UsesSchema):
    district = ma.fields.String(required=True, metadata={"description": "空的是全市性单位"})
    residents = ma.fields.Integer(required=True)
    scored = ma.fields.Integer(required=True, metadata={"description": "有信用分的市民"})
    active = ma.fields.Integer(required=True, metadata={"description": "最近 30 天登录过的市民"})


class IncentiveFiguresSchema(UsesSchema):
    incentive_id = ma.fields.UUID(required=True)
    title = ma.fields.String(required=True)
    unit_name = ma.fields.String(required=True, allow_none=True)


class IdleUnitSchema(Schema):
    id = ma.fields.UUID(required=True)
    name = ma.fields.String(required=True)
    district = ma.fields.String(required=True, allow_none=True)


class IdleUnitsSchema(Schema):
    count = ma.fields.Integer(required=True)
    items = ma.fields.List(ma.fields.Nested(IdleUnitSchema), required=True)


class WaitingSchema(Schema):
    count = ma.fields.Integer(required=True)
    overdue = ma.fields.Integer(required=True, metadata={"description": "等得比审核时限长"})


class AllWaitingSchema(Schema):
    unit_applications = ma.fields.Nested(WaitingSchema, required=True)
    incentive_drafts = ma.fields.Nested(WaitingSchema, required=True)
    reports = ma.fields.Nested(
        WaitingSchema, required=True, metadata={"description": "没有办结的市民反映；单位逾期未答复的"}
    )
    sources = ma.fields.Nested(
        WaitingSchema,
        required=True,
        allow_none=True,
        metadata={"description": "要过问的数据源单位；没有按时报送的。只看一个区县的人没有"},
    )


class PermanentResidentsSchema(Schema):
    source = ma.fields.String(required=True)
    as_of = ma.fields.Date(required=True)
    by_district = ma.fields.Dict(keys=ma.fields.String(), values=ma.fields.Integer(), required=True)


class FiguresSchema(Schema):
    first = ma.fields.Date(required=True, data_key="from")
    last = ma.fields.Date(required=True, data_key="to")
    counted_at = ma.fields.AwareDateTime(required=True, allow_none=True)
    target_percent = ma.fields.Integer(
        required=True, allow_none=True, metadata={"description": "覆盖常住人口的目标"}
    )
    permanent_residents = ma.fields.Nested(
        PermanentResidentsSchema, required=True, allow_none=True, metadata={"description": "还没有填时为空"}
    )
    decided_within = ma.fields.Integer(required=True, metadata={"description": "审核时限，工作日"})
    days = ma.fields.List(ma.fields.Nested(DayFiguresSchema), required=True)
    districts = ma.fields.List(ma.fields.Nested(DistrictFiguresSchema), required=True)
    incentives = ma.fields.List(ma.fields.Nested(IncentiveFiguresSchema), required=True)
    idle_units = ma.fields.Nested(IdleUnitsSchema, required=True)
    waiting = ma.fields.Nested(AllWaitingSchema, required=True)


class UnitFiguresSchema(Schema):
    first = ma.fields.Date(required=True, data_key="from")
    last = ma.fields.Date(required=True, data_key="to")
    days = ma.fields.List(ma.fields.Nested(DayUsesSchema), required=True)
    incentives = ma.fields.List(ma.fields.Nested(IncentiveFiguresSchema), required=True)


# What looks like an ID number or a telephone number is no number of a case.
CASE_NUMBER = r"(?!.*\d{11})[\w〔〕（）()/.-]+"


class LookUpSchema(Schema):
    purpose = ma.fields.String(required=True, validate=ma.validate.OneOf([each.value for each in Purpose]))
    case_number = ma.fields.String(
        required=True,
        validate=(
            ma.validate.Length(2, 40, error="长度应为 {min} 至 {max} 个字符。"),
            ma.validate.Regexp(rf"^{CASE_NUMBER}\Z", error="请填写事项编号，不要填身份证号或手机号。"),
        ),
    )
    id_number = text_field(40)


class LookedUpSchema(Schema):
    id = ma.fields.UUID(required=True)
    ends_at = ma.fields.AwareDateTime(required=True, metadata={"description": "此后要重新查询"})
    masked_name = ma.fields.String(required=True)
    masked_id_number = ma.fields.String(required=True)
    masked_phone = ma.fields.String(required=True, allow_none=True)
    district = ma.fields.String(required=True, allow_none=True)
    bound_at = ma.fields.AwareDateTime(required=True)
    closed_at = ma.fields.AwareDateTime(required=True, allow_none=True)
    closed_reason = ma.fields.String(required=True, allow_none=True)


class FieldSchema(Schema):
    field = ma.fields.String(required=True, validate=ma.validate.OneOf([each.value for each in Field]))


class FieldInClearSchema(Schema):
    value = ma.fields.String(required=True)
    hidden_at = ma.fields.AwareDateTime(required=True, metadata={"description": "到时请隐去"})
