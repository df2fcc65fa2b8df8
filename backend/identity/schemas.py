"""Shapes of sign-in and of binding an identity."""

from typing import Any

import marshmallow as ma

from backend.web.validation import Schema, text_field


class WeChatCodeSchema(Schema):
    code = text_field(128, metadata={"description": "wx.login 给出的 code"})


class RefreshSchema(Schema):
    refresh_token = text_field(128)


class TokenPairSchema(Schema):
    access_token = ma.fields.String(required=True)
    refresh_token = ma.fields.String(required=True)
    expires_in = ma.fields.Integer(required=True, metadata={"description": "秒"})


class ResidentSchema(Schema):
    id = ma.fields.UUID(required=True)
    bound = ma.fields.Boolean(required=True)
    masked_name = ma.fields.String(required=True, allow_none=True)


class ResidentSessionSchema(TokenPairSchema):
    resident = ma.fields.Nested(ResidentSchema, required=True)


class ProofSchema(Schema):
    provider = text_field(32, metadata={"description": "身份核验方式，如 sandbox（仅演示）"})
    ticket = text_field(512, required=False, load_default=None)


class IdentitySchema(Schema):
    name = text_field(50)
    id_number = text_field(40)
    proof = ma.fields.Nested(ProofSchema, required=True)

    @ma.validates("name")
    def check_name(self, name: str, **_kwargs: Any) -> None:
        if not name.strip():
            raise ma.ValidationError("请填写姓名。")
