"""Refusals of the office's pages."""

from backend.core.errors import DomainError, Kind


class BadRange(DomainError):
    """The range of days ends before it begins, or is longer than a year."""

    kind = Kind.INVALID
    code = "figures.bad_range"
    detail = "请选择不超过一年的日期范围，结束日期不早于开始日期。"


class NobodyFound(DomainError):
    """Nobody with this ID number has an account, or the person lives in another district. The search is
    kept in the audit trail."""

    kind = Kind.NOT_FOUND
    code = "look_up.nobody"
    detail = "没有找到这位市民，请核对身份证号。"
    keeps_changes = True


class LookUpOver(DomainError):
    """The look-up is over; who still needs the resident's data looks up anew."""

    kind = Kind.GONE
    code = "look_up.over"
    detail = "这次查询已经结束，请重新查询。"


class ExportNotReady(DomainError):
    """The file is still being made, or became too large to be one."""

    kind = Kind.CONFLICT
    code = "export.not_ready"
    detail = "文件还没有做好，请稍后再试。"
