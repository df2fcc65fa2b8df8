"""Shapes of drafts, versions and running incentives, alike for units and for the office."""

from typing import Any

import marshmallow as ma

from backend.accounts.schemas import UnitOfAccountSchema
from backend.incentives.content import NAMES, ContentSchema
from backend.incentives.models import DraftState, IncentiveState
from backend.web.paging import PageQuery
from backend.web.validation import Schema, text_field

REASON_LONGEST = 300


class ConsoleQuery(PageQuery):
    q = text_field(50, required=False, load_default=None)
    category = text_field(40, required=False, load_default=None)
    unit_id = ma.fields.UUID(load_default=None)
    district = text_field(40, required=False, load_default=None)


class RunningQuery(ConsoleQuery):
    state = ma.fields.String(
        load_default=None, validate=ma.validate.OneOf([each.value for each in IncentiveState])
    )
    sort = ma.fields.String(load_default="newest", validate=ma.validate.OneOf(["newest", "ends"]))


class DraftQuery(ConsoleQuery):
    state = ma.fields.String(
        load_default=None, validate=ma.validate.OneOf([each.value for each in DraftState])
    )
    sort = ma.fields.String(load_default="newest", validate=ma.validate.OneOf(["newest", "waiting"]))


class ChangeSchema(Schema):
    field = ma.fields.String(required=True)
    name = ma.fields.String(required=True)
    before = ma.fields.String(required=True)
    after = ma.fields.String(required=True)


class FieldReasonSchema(Schema):
    field = ma.fields.String(
        load_default=None, allow_none=True, validate=ma.validate.OneOf([*NAMES]), required=False
    )
    reason = text_field(REASON_LONGEST)


class DraftListedSchema(Schema):
    id = ma.fields.UUID(required=True)
    incentive_id = ma.fields.UUID(required=True, allow_none=True)
    unit = ma.fields.Nested(UnitOfAccountSchema, required=True)
    title = ma.fields.String(required=True)
    category = ma.fields.String(required=True, allow_none=True)
    form = ma.fields.String(required=True, allow_none=True)
    state = ma.fields.String(required=True)
    created_at = ma.fields.AwareDateTime(required=True)
    edited_at = ma.fields.AwareDateTime(required=True)
    submitted_at = ma.fields.AwareDateTime(required=True, allow_none=True)
    publish_at = ma.fields.AwareDateTime(required=True, allow_none=True)


class DraftSchema(DraftListedSchema):
    base_version = ma.fields.Integer(required=True, allow_none=True)
    revision = ma.fields.Integer(required=True)
    content = ma.fields.Nested(ContentSchema, required=True)
    changes = ma.fields.List(
        ma.fields.Nested(ChangeSchema),
        required=True,
        metadata={"description": "与现在公布的相比；新项目则是全部内容"},
    )
    reasons = ma.fields.List(ma.fields.Nested(FieldReasonSchema), required=True)
    author = ma.fields.String(required=True)
    edited_by = ma.fields.String(required=True)
    reviewer = ma.fields.String(required=True, allow_none=True)
    is_own = ma.fields.Boolean(required=True, metadata={"description": "由我起草或改过，不能由我审核"})
    decided_at = ma.fields.AwareDateTime(required=True, allow_none=True)


class NewDraftSchema(Schema):
    incentive_id = ma.fields.UUID(load_default=None, metadata={"description": "修改已公布的项目时给出"})
    content = ma.fields.Nested(ContentSchema, load_default=dict)


class NewDraftForUnitSchema(NewDraftSchema):
    unit_id = ma.fields.UUID(load_default=None)

    @ma.validates_schema
    def check_one_is_named(self, data: dict[str, Any], **_kwargs: Any) -> None:
        if (data["unit_id"] is None) == (data["incentive_id"] is None):
            raise ma.ValidationError("unit_id 与 incentive_id 请只给一个。", "unit_id")


class RevisionSchema(Schema):
    revision = ma.fields.Integer(required=True, strict=True)


class SaveDraftSchema(RevisionSchema):
    content = ma.fields.Nested(ContentSchema, required=True)


class ApprovalSchema(RevisionSchema):
    publish_at = ma.fields.AwareDateTime(
        load_default=None, allow_none=True, metadata={"description": "不给则立即公布"}
    )


class ReturnSchema(RevisionSchema):
    reasons = ma.fields.List(
        ma.fields.Nested(FieldReasonSchema), required=True, validate=ma.validate.Length(1, len(NAMES) + 1)
    )


class PreviewSchema(Schema):
    content = ma.fields.Nested(ContentSchema, required=True)


class PreviewForUnitSchema(PreviewSchema):
    unit_id = ma.fields.UUID(required=True)


class RunningListedSchema(Schema):
    id = ma.fields.UUID(required=True)
    number = ma.fields.Integer(required=True)
    title = ma.fields.String(required=True)
    form = ma.fields.String(required=True)
    category = ma.fields.String(required=True)
    state = ma.fields.String(required=True)
    version = ma.fields.Integer(required=True)
    unit_id = ma.fields.UUID(required=True, allow_none=True)
    unit_name = ma.fields.String(required=True, allow_none=True)
    valid_from = ma.fields.Date(required=True)
    valid_until = ma.fields.Date(required=True)
    published_at = ma.fields.AwareDateTime(required=True)
    quota = ma.fields.Integer(
        required=True, allow_none=True, metadata={"description": "总名额；常享权益为 null"}
    )
    claimed = ma.fields.Integer(required=True, allow_none=True)
    used = ma.fields.Integer(
        required=True, allow_none=True, metadata={"description": "在本单位门店使用的次数；信用办为 null"}
    )


class RunningSchema(RunningListedSchema):
    content = ma.fields.Nested(ContentSchema, required=True)
    stopped_by = ma.fields.String(required=True, allow_none=True)
    stopped_because = ma.fields.String(required=True, allow_none=True)
    open_draft_id = ma.fields.UUID(required=True, allow_none=True)


class VersionSchema(Schema):
    version = ma.fields.Integer(required=True)
    published_at = ma.fields.AwareDateTime(required=True)
    changes = ma.fields.List(ma.fields.Nested(ChangeSchema), required=True)


class VersionsSchema(Schema):
    items = ma.fields.List(ma.fields.Nested(VersionSchema), required=True)


class StopSchema(Schema):
    reason = text_field(REASON_LONGEST)


class MoreQuotaSchema(Schema):
    by = ma.fields.Integer(required=True, strict=True, validate=ma.validate.Range(1, 10_000_000))
