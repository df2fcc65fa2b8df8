"""Shapes of saved views."""

from typing import Any

import marshmallow as ma

from backend.accounts.saved_views import NARROWED_BY
from backend.web.validation import Schema, TrueOrFalse, text_field

NAME = text_field(20)
NEITHER_ID_NOR_PHONE = ma.validate.Regexp(r"^(?!.*\d{11})", error="请不要填身份证号或手机号。")


class ViewsQuery(Schema):
    list_name = ma.fields.String(
        required=True, data_key="list", validate=ma.validate.OneOf(sorted(NARROWED_BY))
    )


class ViewChangeSchema(Schema):
    name = ma.fields.String(required=True, validate=(*NAME.validators, NEITHER_ID_NOR_PHONE))
    is_default = TrueOrFalse(required=True, metadata={"description": "打开列表时自动使用"})


class NewViewSchema(ViewChangeSchema, ViewsQuery):
    query = ma.fields.Dict(
        keys=ma.fields.String(),
        values=text_field(80),
        required=True,
        metadata={"description": "列表网址里的筛选条件和排序"},
    )

    @ma.validates_schema(skip_on_field_errors=True)
    def check_query(self, data: dict[str, Any], **_: Any) -> None:
        if unknown := set(data["query"]) - NARROWED_BY[data["list_name"]]:
            raise ma.ValidationError(f"这张列表不能按 {'、'.join(sorted(unknown))} 保存筛选。", "query")


class ViewSchema(Schema):
    id = ma.fields.UUID(required=True)
    name = ma.fields.String(required=True)
    query = ma.fields.Dict(keys=ma.fields.String(), values=ma.fields.String(), required=True)
    is_default = ma.fields.Boolean(required=True)


class ViewsSchema(Schema):
    items = ma.fields.List(ma.fields.Nested(ViewSchema), required=True)
