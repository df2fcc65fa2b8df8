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


class SettingNotFitting(DomainError):
    """The value is not one that this setting can have; `errors` says why."""

    kind = Kind.INVALID
    code = "setting.not_fitting"
    detail = "这个值不能用，请看下面的说明。"


class SettingStale(DomainError):
    """Somebody else has set it meanwhile."""

    kind = Kind.CONFLICT
    code = "setting.stale"
    detail = "这项设置刚被别人改过，请看过新的值再改。"
    constraint = "pk_setting_versions"


class SettingsWholeCityOnly(DomainError):
    """Whose work is limited to a district sets nothing for the whole city."""

    kind = Kind.FORBIDDEN
    code = "setting.whole_city_only"
    detail = "设置对全市生效，只有负责全市的人员可以查看和修改。"
