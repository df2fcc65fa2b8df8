"""Refusals of the office's pages."""

from backend.core.errors import DomainError, Kind


class BadRange(DomainError):
    """The range of days ends before it begins, or is longer than a year."""

    kind = Kind.INVALID
    code = "figures.bad_range"
    detail = "请选择不超过一年的日期范围，结束日期不早于开始日期。"
