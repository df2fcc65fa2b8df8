"""Shapes of the settings."""

import marshmallow as ma

from backend.web.validation import Schema, check_printable

REASON = (
    ma.validate.Length(2, 100, error="长度应为 {min} 至 {max} 个字符。"),
    ma.validate.Regexp(r"^(?!.*\d{11})", error="请不要填身份证号或手机号。"),
    check_printable,
)


class SettingSchema(Schema):
    name = ma.fields.String(required=True)
    title = ma.fields.String(required=True)
    help = ma.fields.String(required=True)
    kind = ma.fields.String(required=True, validate=ma.validate.OneOf(["number", "text", "residents"]))
    least = ma.fields.Integer(required=True, allow_none=True)
    most = ma.fields.Integer(required=True, allow_none=True, metadata={"description": "最大值，或最多字数"})
    default = ma.fields.Raw(required=True, allow_none=True, metadata={"description": "城市资料里的值"})
    value = ma.fields.Raw(required=True, allow_none=True)
    is_default = ma.fields.Boolean(required=True)
    number = ma.fields.Integer(required=True, metadata={"description": "第几版，0 为从未改过"})
    changed_at = ma.fields.AwareDateTime(required=True, allow_none=True)
    changed_by = ma.fields.String(required=True, allow_none=True)


class SettingsSchema(Schema):
    items = ma.fields.List(ma.fields.Nested(SettingSchema), required=True)


class SettingChangeSchema(Schema):
    number = ma.fields.Integer(required=True, validate=ma.validate.Range(min=0, max=2**31))
    value = ma.fields.Raw(load_default=None, allow_none=True)
    is_default = ma.fields.Boolean(
        load_default=False, metadata={"description": "改回城市资料里的值，不看 value"}
    )
    reason = ma.fields.String(required=True, validate=REASON)


class SettingVersionSchema(Schema):
    number = ma.fields.Integer(required=True)
    value = ma.fields.Raw(required=True, allow_none=True)
    is_default = ma.fields.Boolean(required=True)
    reason = ma.fields.String(required=True)
    changed_at = ma.fields.AwareDateTime(required=True)
    changed_by = ma.fields.String(required=True)


class SettingVersionsSchema(Schema):
    items = ma.fields.List(ma.fields.Nested(SettingVersionSchema), required=True)
