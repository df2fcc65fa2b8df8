"""Shapes of vouchers, tickets and redemptions."""

from typing import Any

import marshmallow as ma

from backend.core.readable_codes import CHARACTERS, LENGTH
from backend.incentives.schemas import IncentiveDetailSchema, IncentiveQuery, IncentiveSchema
from backend.vouchers.models import VoucherState
from backend.vouchers.ticket.base64url import from_base64url, to_base64url
from backend.web.paging import PageQuery
from backend.web.validation import Schema, text_field

TICKETS_AT_ONCE = 5
LONGEST_CODE = 300


class BytesField(ma.fields.Field[bytes]):
    """Bytes of a fixed length as base64url without padding."""

    default_error_messages = {"invalid": "不是有效的编码内容。"}

    def __init__(self, *, length: int, **options: Any) -> None:
        super().__init__(metadata={"type": "string", "description": f"{length} bytes, base64url"}, **options)
        self.length = length

    def _deserialize(self, value: Any, *_args: Any, **_kwargs: Any) -> bytes:
        try:
            return from_base64url(value, length=self.length)
        except (ValueError, TypeError, AttributeError):
            raise self.make_error("invalid") from None

    def _serialize(self, value: Any, *_args: Any, **_kwargs: Any) -> str:
        return to_base64url(value)


def check_two_digits(text: str) -> None:
    if not (len(text) == 2 and text.isascii() and text.isdigit()):
        raise ma.ValidationError("请填写两位数字。")


class MissingSchema(Schema):
    """What stands between a resident and an incentive: identity, consent, score or points."""

    kind = ma.fields.String(required=True)
    points = ma.fields.String(required=True, allow_none=True)
    points_milli = ma.fields.Integer(required=True, allow_none=True)


class ForMeSchema(Schema):
    eligible = ma.fields.Boolean(required=True)
    missing = ma.fields.Nested(MissingSchema, required=True, allow_none=True)
    remaining_for_me = ma.fields.Integer(
        required=True, metadata={"description": "本期我还可领取（券）或使用（常享权益）的次数"}
    )


class IncentiveForMeSchema(IncentiveSchema, ForMeSchema):
    pass


class IncentiveDetailForMeSchema(IncentiveDetailSchema, ForMeSchema):
    pass


class IncentiveForMeQuery(IncentiveQuery):
    entitled = ma.fields.Boolean(load_default=False, metadata={"description": "只看我现在能享受的"})


class ClaimSchema(Schema):
    incentive_id = ma.fields.UUID(required=True)


class OfferSchema(Schema):
    """What a shop may know of what it honours."""

    number = ma.fields.Integer(required=True)
    title = ma.fields.String(required=True)
    benefit = ma.fields.String(required=True)
    terms = ma.fields.List(ma.fields.String(), required=True)


class VoucherSchema(Schema):
    id = ma.fields.UUID(required=True)
    incentive_id = ma.fields.UUID(required=True)
    offer = ma.fields.Nested(OfferSchema, required=True)
    state = ma.fields.String(required=True)
    uses = ma.fields.Integer(required=True)
    uses_left = ma.fields.Integer(required=True)
    issued_at = ma.fields.AwareDateTime(required=True)
    expires_at = ma.fields.AwareDateTime(required=True)
    ended_at = ma.fields.AwareDateTime(required=True, allow_none=True)
    last_redeemed_at = ma.fields.AwareDateTime(required=True, allow_none=True)


class VoucherQuery(PageQuery):
    state = ma.fields.List(
        ma.fields.Enum(VoucherState, by_value=True),
        load_default=list,
        metadata={"description": "可重复；不给则全部"},
    )


class TicketDraftSchema(Schema):
    ticket_id = BytesField(length=12, required=True)
    anchor = BytesField(length=16, required=True)


class ShownSchema(Schema):
    """A voucher or a standing entitlement, as it is to be shown at a till."""

    voucher_id = ma.fields.UUID(load_default=None)
    incentive_id = ma.fields.UUID(load_default=None)

    @ma.validates_schema
    def check_one_thing_is_shown(self, data: dict[str, Any], **_kwargs: Any) -> None:
        if (data["voucher_id"] is None) == (data["incentive_id"] is None):
            raise ma.ValidationError("voucher_id 与 incentive_id 请只给一个。", "voucher_id")


class TicketsSchema(ShownSchema):
    tickets = ma.fields.List(
        ma.fields.Nested(TicketDraftSchema), required=True, validate=ma.validate.Length(1, TICKETS_AT_ONCE)
    )

    @ma.validates_schema
    def check_ids_differ(self, data: dict[str, Any], **_kwargs: Any) -> None:
        drawn = [draft["ticket_id"] for draft in data["tickets"]]
        if len(set(drawn)) != len(drawn):
            raise ma.ValidationError("ticket_id 不能重复。", "tickets")


class SignedTicketSchema(Schema):
    ticket_id = BytesField(length=12, required=True)
    signed = BytesField(length=106, required=True)
    match_number = ma.fields.String(
        required=True, allow_none=True, metadata={"description": "需要顾客报出的两位数字"}
    )


class SignedTicketsSchema(Schema):
    items = ma.fields.List(ma.fields.Nested(SignedTicketSchema), required=True)
    server_time = ma.fields.AwareDateTime(required=True)


class TypedCodeForSchema(ShownSchema):
    shop_id = ma.fields.UUID(required=True)


class CodeShopSchema(Schema):
    id = ma.fields.UUID(required=True)
    name = ma.fields.String(required=True)


class TypedCodeSchema(Schema):
    code = ma.fields.String(
        required=True, metadata={"pattern": f"^[{CHARACTERS}]{{{LENGTH}}}$", "description": "只告知这一次"}
    )
    shop = ma.fields.Nested(CodeShopSchema, required=True)
    expires_at = ma.fields.AwareDateTime(required=True)
    match_number = ma.fields.String(
        required=True, allow_none=True, metadata={"description": "需要顾客报出的两位数字"}
    )
    server_time = ma.fields.AwareDateTime(required=True)


class CodeSchema(Schema):
    code = text_field(
        LONGEST_CODE,
        metadata={"description": "扫到的内容（HS1:…），或顾客报出的 8 位数字码，大小写、空格和短横线不限"},
    )


class VerdictSchema(Schema):
    entitled = ma.fields.Boolean(required=True)
    reason = ma.fields.String(required=True, allow_none=True)
    offer = ma.fields.Nested(OfferSchema, required=True, allow_none=True)
    valid_until = ma.fields.AwareDateTime(required=True, allow_none=True)
    tries_left = ma.fields.Integer(
        required=True, allow_none=True, metadata={"description": "数字码不对时，本收银台还可试几次"}
    )


class RedeemSchema(CodeSchema):
    scan_id = text_field(64, metadata={"description": "本次扫码的随机编号；重发时不变"})
    order_ref = text_field(64, required=False, load_default=None)
    amount_fen = ma.fields.Integer(
        load_default=None, strict=True, allow_none=True, validate=ma.validate.Range(0, 10**11)
    )
    match = ma.fields.String(
        load_default=None,
        allow_none=True,
        validate=check_two_digits,
        metadata={"pattern": "^[0-9]{2}$", "description": "顾客报出的两位数字"},
    )


class RedemptionSchema(Schema):
    id = ma.fields.UUID(required=True)
    offer = ma.fields.Nested(OfferSchema, required=True)
    state = ma.fields.String(required=True)
    accepted_at = ma.fields.AwareDateTime(required=True)
    reversed_at = ma.fields.AwareDateTime(required=True, allow_none=True)
    order_ref = ma.fields.String(required=True, allow_none=True)
    amount_fen = ma.fields.Integer(required=True, allow_none=True)


class RedemptionQuery(PageQuery):
    on = ma.fields.Date(load_default=None)


class ReversalSchema(Schema):
    reason = text_field(200)


class DayQuery(Schema):
    on = ma.fields.Date(load_default=None)


class OfferSummarySchema(Schema):
    number = ma.fields.Integer(required=True)
    title = ma.fields.String(required=True)
    accepted = ma.fields.Integer(required=True)
    reversed = ma.fields.Integer(required=True)
    amount_fen = ma.fields.Integer(required=True)


class SummarySchema(Schema):
    on = ma.fields.Date(required=True)
    accepted = ma.fields.Integer(required=True)
    reversed = ma.fields.Integer(required=True)
    amount_fen = ma.fields.Integer(required=True)
    offers = ma.fields.List(ma.fields.Nested(OfferSummarySchema), required=True)
