"""Shapes of shops, clerks and their invitations as those see them who look after them."""

from enum import StrEnum
from typing import Any

import marshmallow as ma

from backend.partners.schemas import CODE_LONGEST, NAME_LONGEST, PHONE, optional_text
from backend.web.paging import PageQuery
from backend.web.validation import Schema, text_field

ADDRESS_LONGEST = 120
HOURS_LONGEST = 60
LABEL_LONGEST = 20


class InvitationState(StrEnum):
    OPEN = "open"
    USED = "used"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


class UnitShopsQuery(PageQuery):
    q = optional_text(NAME_LONGEST)
    state = ma.fields.String(load_default=None, validate=ma.validate.OneOf(["open", "closed"]))
    district = optional_text(CODE_LONGEST)


class ShopsQuery(UnitShopsQuery):
    unit_id = ma.fields.UUID(load_default=None)


class UnitOfShopSchema(Schema):
    id = ma.fields.UUID(required=True)
    name = ma.fields.String(required=True)


class ManagedShopSchema(Schema):
    id = ma.fields.UUID(required=True)
    unit = ma.fields.Nested(UnitOfShopSchema, required=True)
    name = ma.fields.String(required=True)
    address = ma.fields.String(required=True)
    district = ma.fields.String(required=True)
    phone = ma.fields.String(required=True, allow_none=True)
    hours = ma.fields.String(required=True, allow_none=True)
    latitude = ma.fields.Float(required=True, allow_none=True, metadata={"description": "GCJ-02"})
    longitude = ma.fields.Float(required=True, allow_none=True, metadata={"description": "GCJ-02"})
    closed_at = ma.fields.AwareDateTime(required=True, allow_none=True)
    version = ma.fields.Integer(required=True)
    clerks = ma.fields.Integer(required=True, metadata={"description": "店员人数"})


class IncentiveAtShopSchema(Schema):
    id = ma.fields.UUID(required=True)
    number = ma.fields.Integer(required=True)
    title = ma.fields.String(required=True)
    benefit = ma.fields.String(required=True)
    only_here = ma.fields.Boolean(
        required=True, metadata={"description": "没有别的营业门店可以使用，这家停业后就无处可用"}
    )


class ManagedShopDetailSchema(ManagedShopSchema):
    incentives = ma.fields.List(
        ma.fields.Nested(IncentiveAtShopSchema), required=True, metadata={"description": "正在进行的激励项目"}
    )


class ShopFactsSchema(Schema):
    name = text_field(NAME_LONGEST)
    address = text_field(ADDRESS_LONGEST)
    district = text_field(CODE_LONGEST)
    phone = ma.fields.String(allow_none=True, load_default=None, validate=PHONE)
    hours = optional_text(HOURS_LONGEST)
    latitude = ma.fields.Float(allow_none=True, load_default=None, validate=ma.validate.Range(-90, 90))
    longitude = ma.fields.Float(allow_none=True, load_default=None, validate=ma.validate.Range(-180, 180))

    @ma.validates_schema
    def check_place(self, body: dict[str, Any], **_: Any) -> None:
        if (body.get("latitude") is None) != (body.get("longitude") is None):
            raise ma.ValidationError("纬度和经度要一起填。", "latitude")


class NewShopSchema(ShopFactsSchema):
    unit_id = ma.fields.UUID(required=True)


class ShopChangeSchema(ShopFactsSchema):
    version = ma.fields.Integer(required=True, strict=True)


class ClerkOfShopSchema(Schema):
    id = ma.fields.UUID(required=True)
    label = ma.fields.String(required=True, allow_none=True)
    created_at = ma.fields.AwareDateTime(required=True)
    last_signed_in_at = ma.fields.AwareDateTime(required=True)
    paused_at = ma.fields.AwareDateTime(required=True, allow_none=True)


class ClerksSchema(Schema):
    items = ma.fields.List(ma.fields.Nested(ClerkOfShopSchema), required=True)


class NewClerkInvitationSchema(Schema):
    label = text_field(LABEL_LONGEST)


class ClerkInvitationSchema(Schema):
    id = ma.fields.UUID(required=True)
    label = ma.fields.String(required=True, allow_none=True)
    state = ma.fields.String(required=True, validate=ma.validate.OneOf(list(InvitationState)))
    created_at = ma.fields.AwareDateTime(required=True)
    expires_at = ma.fields.AwareDateTime(required=True)


class ClerkInvitationCodeSchema(ClerkInvitationSchema):
    code = ma.fields.String(required=True, metadata={"description": "只给这一次；只能用一次"})


class ClerkInvitationsSchema(Schema):
    items = ma.fields.List(ma.fields.Nested(ClerkInvitationSchema), required=True)
