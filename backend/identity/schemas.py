"""Shapes of sign-in and of binding an identity."""

from typing import Any

import marshmallow as ma

from backend.identity.models import CheckState
from backend.web.validation import Schema, TrueOrFalse, text_field

PROVIDERS = "身份核验方式：face 人脸核身，ncidas 国家网络身份认证，window 窗口，sandbox 仅演示"


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


class BoundSchema(ResidentSchema):
    session = ma.fields.Nested(
        TokenPairSchema, metadata={"description": "换绑后才有：此后用这一对令牌，原来的已失效"}
    )


class ClaimSchema(Schema):
    name = text_field(50)
    id_number = text_field(40)

    @ma.validates("name")
    def check_name(self, name: str, **_kwargs: Any) -> None:
        if not name.strip():
            raise ma.ValidationError("请填写姓名。")


class ProofSchema(Schema):
    provider = text_field(32, metadata={"description": PROVIDERS})
    ticket = text_field(
        512,
        required=False,
        load_default=None,
        metadata={"description": "身份核验的编号；只有 sandbox 可以不给"},
    )


class IdentitySchema(ClaimSchema):
    proof = ma.fields.Nested(ProofSchema, required=True)
    move = TrueOrFalse(load_default=False, metadata={"description": "身份绑定在另一个微信上时，换到现在这个"})


class CheckSchema(ClaimSchema):
    provider = text_field(32, metadata={"description": PROVIDERS})


class PlatformParametersSchema(Schema):
    orgID = ma.fields.String(required=True)
    businessID = ma.fields.String(required=True)
    bizSeq = ma.fields.String(required=True)
    type = ma.fields.String(required=True)


class OpenedCheckSchema(Schema):
    id = ma.fields.UUID(required=True)
    provider = ma.fields.String(required=True)
    expires_at = ma.fields.AwareDateTime(required=True)
    verify_id = ma.fields.String(metadata={"description": "face：交给 wx.requestFacialVerify"})
    code = ma.fields.String(metadata={"description": "window：在窗口出示的 8 位核验码"})
    parameters = ma.fields.Nested(
        PlatformParametersSchema, metadata={"description": "ncidas：交给 wx.ncidas"}
    )


class CheckStateSchema(Schema):
    id = ma.fields.UUID(required=True)
    provider = ma.fields.String(required=True)
    state = ma.fields.Enum(
        CheckState,
        by_value=True,
        required=True,
        metadata={
            "description": "open 进行中，confirmed 窗口已确认，used 已用，failed 没有通过，expired 已过期"
        },
    )
    expires_at = ma.fields.AwareDateTime(required=True)


class ProvidersSchema(Schema):
    items = ma.fields.List(ma.fields.String(), required=True, metadata={"description": PROVIDERS})


class PhoneCodeSchema(Schema):
    code = text_field(256, metadata={"description": "getPhoneNumber 按钮给出的 code"})


class PhoneSchema(Schema):
    phone = ma.fields.String(
        required=True, allow_none=True, metadata={"description": "中间四位隐去；没有则为 null"}
    )
