"""Refusals about consents."""

from backend.core.errors import DomainError, Kind


class OutdatedVersion(DomainError):
    """The text changed since the page was loaded; agree to what is in force, or not at all."""

    kind = Kind.CONFLICT
    code = "consent.outdated_version"
    detail = "协议文本已更新，请阅读新版本后再决定。"


class NotGiven(DomainError):
    """There is no consent to this purpose that could be withdrawn."""

    kind = Kind.CONFLICT
    code = "consent.not_given"
    detail = "您尚未同意此项，无需撤回。"
