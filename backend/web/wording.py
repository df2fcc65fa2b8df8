"""What marshmallow says of a wrong field, in Chinese: these sentences reach people."""

from typing import Any

import marshmallow as ma

FIELDS: dict[type[ma.fields.Field[Any]], dict[str, str]] = {
    ma.fields.Field: {"required": "必须填写。", "null": "不能为空。", "validator_failed": "内容不正确。"},
    ma.fields.String: {"invalid": "应为文字。", "invalid_utf8": "文字编码不正确。"},
    ma.fields.Number: {"invalid": "应为数字。", "too_large": "数字太大。"},
    ma.fields.Integer: {"invalid": "应为整数。"},
    ma.fields.Boolean: {"invalid": "应为 true 或 false。"},
    ma.fields.Date: {"invalid": "应为日期，如 2026-07-01。"},
    ma.fields.UUID: {"invalid_uuid": "不是有效的编号。"},
    ma.fields.List: {"invalid": "应为列表。"},
    ma.fields.Nested: {"type": "格式不正确。"},
    ma.fields.Enum: {"unknown": "应为其中之一：{choices}。"},
}
SCHEMA = {"unknown": "没有这个字段。", "type": "格式不正确。"}


def speak_chinese() -> None:
    """Change marshmallow's sentences for this process."""
    for field, sentences in FIELDS.items():
        field.default_error_messages = {**field.default_error_messages, **sentences}
    ma.validate.Length.message_min = "至少 {min} 个。"
    ma.validate.Length.message_max = "至多 {max} 个。"
    ma.validate.Length.message_all = "应有 {min} 至 {max} 个。"
    ma.validate.Range.message_all = "应在 {{min}} 与 {{max}} 之间。"
    ma.validate.OneOf.default_message = "应为其中之一：{choices}。"
