"""Refusals about reports."""

from backend.core.errors import DomainError, Kind


class NotHeldThere(DomainError):
    """The incentive does not hold at that shop, so the shop need not honour it."""

    kind = Kind.INVALID
    code = "report.not_held_there"
    detail = "这个优惠不在这家门店使用，请看一下适用门店。"


class UnknownReason(DomainError):
    """The city has no such reason."""

    kind = Kind.INVALID
    code = "report.unknown_reason"
    detail = "请选择当时的情况。"


class ImpossibleDay(DomainError):
    """The day lies ahead, or too long ago."""

    kind = Kind.INVALID
    code = "report.impossible_day"
    detail = "日期应在最近 90 天内，不能晚于今天。"


class AlreadyReported(DomainError):
    """The resident's report about this incentive and shop is not closed yet."""

    kind = Kind.CONFLICT
    code = "report.already_made"
    detail = "您已经反映过这家门店的这个优惠，正在处理。"
    constraint = "uq_reports_open"


class NotOpen(DomainError):
    """It was answered or closed meanwhile."""

    kind = Kind.CONFLICT
    code = "report.not_open"
    detail = "这条反映刚刚有了变化，请刷新后再看。"
