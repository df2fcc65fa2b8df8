"""Shapes of reports: as their author sees them, and as the unit and the office do."""

import marshmallow as ma

from backend.reports.models import Outcome, ReportState
from backend.web.paging import PageQuery
from backend.web.validation import Schema, text_field

TEXT_LONGEST = 300


def texts(longest: int = TEXT_LONGEST) -> ma.fields.String:
    return text_field(longest, required=False, allow_none=True, load_default=None)


class NewReportSchema(Schema):
    incentive_id = ma.fields.UUID(required=True)
    shop_id = ma.fields.UUID(required=True)
    reason = text_field(64)
    text = texts()
    happened_on = ma.fields.Date(allow_none=True, load_default=None)


class NamedSchema(Schema):
    id = ma.fields.UUID(required=True)
    name = ma.fields.String(required=True)


class OfferOfReportSchema(Schema):
    id = ma.fields.UUID(required=True)
    title = ma.fields.String(required=True)


class ReportSchema(Schema):
    id = ma.fields.UUID(required=True)
    incentive = ma.fields.Nested(OfferOfReportSchema, required=True)
    shop = ma.fields.Nested(NamedSchema, required=True)
    reason = ma.fields.String(required=True)
    reason_name = ma.fields.String(required=True)
    text = ma.fields.String(required=True, allow_none=True)
    happened_on = ma.fields.Date(required=True, allow_none=True)
    state = ma.fields.String(required=True, validate=ma.validate.OneOf(list(ReportState)))
    made_at = ma.fields.AwareDateTime(required=True)
    due_on = ma.fields.Date(required=True, metadata={"description": "单位最晚这一天答复"})
    answer = ma.fields.String(required=True, allow_none=True)
    answered_at = ma.fields.AwareDateTime(required=True, allow_none=True)
    outcome = ma.fields.String(required=True, allow_none=True, validate=ma.validate.OneOf(list(Outcome)))
    note = ma.fields.String(required=True, allow_none=True)
    closed_at = ma.fields.AwareDateTime(required=True, allow_none=True)


class HandledReportSchema(ReportSchema):
    """Never who made it."""

    unit = ma.fields.Nested(NamedSchema, required=True)
    overdue = ma.fields.Boolean(required=True)


class UnitReportsQuery(PageQuery):
    state = ma.fields.String(load_default=None, validate=ma.validate.OneOf(list(ReportState)))
    shop_id = ma.fields.UUID(load_default=None)
    overdue = ma.fields.Boolean(load_default=False)


class ReportsQuery(UnitReportsQuery):
    unit_id = ma.fields.UUID(load_default=None)


class AnswerSchema(Schema):
    answer = text_field(TEXT_LONGEST)


class ReportClosingSchema(Schema):
    outcome = ma.fields.String(required=True, validate=ma.validate.OneOf(list(Outcome)))
    note = texts()
