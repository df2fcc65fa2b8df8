"""Refusals about vouchers, tickets and redemptions."""

from backend.core.errors import DomainError, Kind


class NotEntitled(DomainError):
    """The resident's score does not open it, or there is none; `missing` says what is lacking."""

    kind = Kind.FORBIDDEN
    code = "voucher.not_entitled"
    detail = "暂时还不能享受这项激励。"


class LimitReached(DomainError):
    """As often as one person may in this period."""

    kind = Kind.CONFLICT
    code = "voucher.limit_reached"
    detail = "本期可享次数已用完。"
    constraint = "ck_personal_counts_within_limit"


class NotReturnable(DomainError):
    """Only a voucher that was not used at all and has not ended can be given back."""

    kind = Kind.CONFLICT
    code = "voucher.not_returnable"
    detail = "这张券已使用或已结束，不能退回。"


class NotHeld(DomainError):
    """The voucher has ended, so no code can be shown for it."""

    kind = Kind.CONFLICT
    code = "voucher.ended"
    detail = "这张券已使用或已结束，不能出示。"


class TicketIdUsed(DomainError):
    """The phone's random id was seen before; it draws a new one."""

    kind = Kind.CONFLICT
    code = "ticket.id_used"
    detail = "请刷新二维码后再试。"
    constraint = "pk_tickets"


class NotValid(DomainError):
    """One answer for unknown, forged, expired, other shop, not entitled: a shop learns no more. To a typed
    code it also says `tries_left`."""

    kind = Kind.INVALID
    code = "voucher.not_valid"
    detail = "此码无效或不能在本店使用，请让顾客刷新二维码。"


class AlreadyRedeemed(DomainError):
    """It was honoured before; `redeemed_at` tells when, to the shop that did it."""

    kind = Kind.CONFLICT
    code = "voucher.already_redeemed"
    detail = "这张券已经使用过了。"
    constraint = "uq_redemptions_ticket_id"


class NotAtThisHour(DomainError):
    """The offer does not hold on this day of the week or at this hour."""

    kind = Kind.CONFLICT
    code = "voucher.not_at_this_hour"
    detail = "现在不在可使用的时段内。"


class NotAtThisShop(DomainError):
    """The offer is not honoured at the shop a typed code was asked for."""

    kind = Kind.INVALID
    code = "voucher.not_at_this_shop"
    detail = "这家门店不能使用此项优惠，请另选一家。"


class TooManyWrongCodes(DomainError):
    """This till typed wrong codes too often; after `retry_after` seconds it may try again."""

    kind = Kind.TOO_MANY
    code = "voucher.too_many_wrong_codes"
    detail = "数字码连续输错，请稍后再试，或扫顾客的二维码。"


class NeedsMatch(DomainError):
    """The resident must say the two digits shown on the phone."""

    kind = Kind.NEEDS_MORE
    code = "voucher.needs_match"
    detail = "请让顾客报出手机上的两位数字。"


class WrongMatch(NeedsMatch):
    """The digits were wrong; after three times the code is dead."""

    keeps_changes = True
    detail = "两位数字不对，请再核对一次。"


class ScanIdReused(DomainError):
    """The same scan id came with another code."""

    kind = Kind.INVALID
    code = "idempotency.mismatch"
    detail = "同一扫码编号被用于不同的二维码。"
    constraint = "uq_redemptions_shop_id_scan_id"


class AlreadyReversed(DomainError):
    """The redemption was undone before."""

    kind = Kind.CONFLICT
    code = "redemption.already_reversed"
    detail = "这次使用已经撤销过了。"


class TooLateToReverse(DomainError):
    """More than 24 hours have passed."""

    kind = Kind.CONFLICT
    code = "redemption.too_late"
    detail = "已超过 24 小时，不能撤销。如有需要请联系信用办。"
