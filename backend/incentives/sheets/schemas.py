"""Shapes of sheets, alike for units and for the office."""

from typing import Any

import marshmallow as ma
from flask_smorest.fields import Upload

from backend.incentives.models import DraftState, IncentiveState
from backend.incentives.sheets.exporting import DRAFTS, RUNNING
from backend.web.paging import PageQuery
from backend.web.validation import Schema, TrueOrFalse, text_field

STATES = [*dict.fromkeys([*map(str, IncentiveState), *map(str, DraftState)])]
RUNNING_SORTS, DRAFT_SORTS = ("newest", "ends"), ("newest", "waiting")


class NewSheetSchema(Schema):
    """A list, narrowed as its page is; why stands in the file."""

    list_name = ma.fields.String(
        required=True, data_key="list", validate=ma.validate.OneOf([RUNNING, DRAFTS])
    )
    purpose = ma.fields.String(
        required=True,
        validate=(
            ma.validate.Length(2, 60, error="长度应为 {min} 至 {max} 个字符。"),
            ma.validate.Regexp(r"^(?!.*\d{11})[^\x00-\x1f]+\Z", error="请写明目的，不要填身份证号或手机号。"),
        ),
    )
    text = text_field(50, required=False, load_default=None, allow_none=True, data_key="q")
    category = text_field(40, required=False, load_default=None, allow_none=True)
    unit_id = ma.fields.UUID(load_default=None, allow_none=True)
    district = text_field(40, required=False, load_default=None, allow_none=True)
    state = ma.fields.String(load_default=None, allow_none=True, validate=ma.validate.OneOf(STATES))
    sort = ma.fields.String(load_default="newest", validate=ma.validate.OneOf(["newest", "ends", "waiting"]))

    @ma.validates_schema
    def check_list_has_them(self, data: dict[str, Any], **_kwargs: Any) -> None:
        is_running = data["list_name"] == RUNNING
        if data["sort"] not in (RUNNING_SORTS if is_running else DRAFT_SORTS):
            raise ma.ValidationError("这个列表没有这种排列。", "sort")
        if data["state"] and data["state"] not in [*(IncentiveState if is_running else DraftState)]:
            raise ma.ValidationError("这个列表没有这种状态。", "state")


class SheetExportSchema(Schema):
    id = ma.fields.UUID(required=True)
    state = ma.fields.String(required=True)
    rows = ma.fields.Integer(required=True)
    ends_at = ma.fields.AwareDateTime(required=True)


class SheetFileSchema(Schema):
    file = Upload(required=True, metadata={"description": "xlsx 或 csv，不超过 20 MB、5 万行"})


class SheetImportSchema(Schema):
    id = ma.fields.UUID(required=True)
    name = ma.fields.String(required=True, metadata={"description": "文件名"})
    state = ma.fields.String(required=True)
    verdict = ma.fields.String(
        required=True, allow_none=True, metadata={"description": "整个文件不能用的原因"}
    )
    rows_total = ma.fields.Integer(required=True, allow_none=True)
    rows_read = ma.fields.Integer(required=True)
    new_rows = ma.fields.Integer(required=True)
    changed_rows = ma.fields.Integer(required=True)
    unchanged_rows = ma.fields.Integer(required=True)
    bad_rows = ma.fields.Integer(required=True)
    bad_cells = ma.fields.Integer(required=True)
    has_bad_file = ma.fields.Boolean(required=True)
    submits = TrueOrFalse(required=True)
    drafts_made = ma.fields.Integer(required=True)
    drafts_changed = ma.fields.Integer(required=True)
    drafts_submitted = ma.fields.Integer(required=True)
    drafts_removed = ma.fields.Integer(required=True)
    uploaded_at = ma.fields.AwareDateTime(required=True)
    ends_at = ma.fields.AwareDateTime(required=True)


class SheetPageQuery(PageQuery):
    pass


class BadCellSchema(Schema):
    id = ma.fields.UUID(required=True)
    place = ma.fields.String(required=True, metadata={"description": "如 F17"})
    column_title = ma.fields.String(required=True)
    code = ma.fields.String(required=True)
    sentence = ma.fields.String(required=True)
    value = ma.fields.String(required=True, metadata={"description": "格里现在的内容，最多 200 个字"})


class SheetConfirmationSchema(Schema):
    submits = TrueOrFalse(load_default=False, metadata={"description": "同时提交审核"})
