"""Refusals about versions of the score model."""

from backend.core.errors import DomainError, Kind


class ModelFaulty(DomainError):
    """The model has mistakes; `errors` names fields, `problems` also the lines of a file."""

    kind = Kind.INVALID
    code = "score_model.faulty"
    detail = "这份评分规则有错误，请按提示修改。"


class ModelTooLate(DomainError):
    """The day of effect has come, or comes within the hour."""

    kind = Kind.CONFLICT
    code = "score_model.too_late"
    detail = "施行日期要晚于今天，请改期。"
    constraint = "ck_score_model_versions_approved_before_effect"


class VersionTaken(DomainError):
    """Another version that was not discarded has this name."""

    kind = Kind.CONFLICT
    code = "score_model.version_taken"
    detail = "已有同名的版本，请换一个版本号。"
    constraint = "uq_score_model_versions_version"


class VersionInForce(DomainError):
    """Its day has come: what people were scored by is not called off."""

    kind = Kind.CONFLICT
    code = "score_model.in_force"
    detail = "这个版本已经施行，不能撤销。要改，请起草新版本。"
    constraint = "ck_score_model_versions_cancelled_before_effect"


class VersionFollowed(DomainError):
    """A later version was approved on the strength of it, and would have to be called off first."""

    kind = Kind.CONFLICT
    code = "score_model.followed"
    detail = "在它之后还批准了别的版本，请先撤销后面的版本。"


class DayTaken(DomainError):
    """Another approved version takes effect on the same day."""

    kind = Kind.CONFLICT
    code = "score_model.day_taken"
    detail = "这一天已有另一个版本施行，请改期。"
    constraint = "uq_score_model_versions_effective_on"


class VersionStale(DomainError):
    """Somebody saved it meanwhile; whoever decides looks at what stands there now."""

    kind = Kind.CONFLICT
    code = "score_model.stale"
    detail = "别人刚刚改过这个版本，请刷新后再办。"


class VersionNotInThatState(DomainError):
    """The step does not follow from where the version stands; `state` says where."""

    kind = Kind.CONFLICT
    code = "score_model.not_in_that_state"
    detail = "这个版本现在的情况不能这样操作。"


class OwnVersion(DomainError):
    """Whoever wrote a version does not approve it, and nobody approves twice."""

    kind = Kind.FORBIDDEN
    code = "score_model.own"
    detail = "这个版本是您写的、改的或已经批准过的，要由另外两个人批准。"
    constraint = "ck_score_model_versions_two_others_approve"


class ShadowRunning(DomainError):
    """A shadow run of this version is under way."""

    kind = Kind.CONFLICT
    code = "score_model.shadow_running"
    detail = "正在预演，请等它结束，或者先停止。"
    constraint = "uq_score_shadow_runs_open"


class ReportOutdated(DomainError):
    """Another version was approved since the report was made, which compares with the one before."""

    kind = Kind.CONFLICT
    code = "score_model.report_outdated"
    detail = "预演以后又批准了别的版本，请重新预演。"


class ModelWholeCityOnly(DomainError):
    """The model holds for the whole city; people of a district read what is in force."""

    kind = Kind.FORBIDDEN
    code = "score_model.whole_city_only"
    detail = "评分规则适用于全市，只有全市的账号可以管理。"
