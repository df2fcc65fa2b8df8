"""Refusals about incentives."""

from backend.core.errors import DomainError, Kind


class IncentiveEnded(DomainError):
    """Its last day has passed, or it was ended."""

    kind = Kind.GONE
    code = "incentive.ended"
    detail = "该激励已结束。"


class IncentivePaused(DomainError):
    """Taken off the list for a while; what people hold stays good."""

    kind = Kind.CONFLICT
    code = "incentive.paused"
    detail = "该激励暂停领取，请过些时候再来。"


class NotInThatState(DomainError):
    """The office asks for a step that does not follow from where the incentive stands."""

    kind = Kind.CONFLICT
    code = "incentive.not_in_that_state"
    detail = "该激励现在的情况不能这样操作。"


class IncentiveNotStarted(DomainError):
    """Its first day has not come."""

    kind = Kind.CONFLICT
    code = "incentive.not_started"
    detail = "该激励还未开始。"


class IncentiveNotClaimable(DomainError):
    """It is shown for information: the source names no unit or level, or it is not claimed but used."""

    kind = Kind.CONFLICT
    code = "incentive.not_claimable"
    detail = "该激励暂不能在这里领取。"


class QuotaUsedUp(DomainError):
    """All of the quota is taken."""

    kind = Kind.CONFLICT
    code = "voucher.sold_out"
    detail = "已经领完了。"
    constraint = "ck_quota_counts_within_quota"


class DraftStale(DomainError):
    """Somebody saved the draft meanwhile; `newer` is what stands there now, so that nothing is lost."""

    kind = Kind.CONFLICT
    code = "draft.stale"
    detail = "别人刚刚保存过这份草稿，请对照后再保存。"


class DraftNotInThatState(DomainError):
    """The step does not follow from where the draft stands; `state` says where."""

    kind = Kind.CONFLICT
    code = "draft.not_in_that_state"
    detail = "这份草稿现在的情况不能这样操作。"


class DraftOpenAlready(DomainError):
    """An incentive is changed by one draft at a time."""

    kind = Kind.CONFLICT
    code = "draft.open_already"
    detail = "这个激励项目已有一份没办完的修改，请先办完那一份。"
    constraint = "uq_incentive_drafts_open"


class DraftIncomplete(DomainError):
    """It lacks something, or parts of it do not fit together; `errors` names the fields."""

    kind = Kind.INVALID
    code = "draft.incomplete"
    detail = "还有内容没填好，请看标出的地方。"


class OwnDraft(DomainError):
    """Whoever wrote a draft does not decide on it."""

    kind = Kind.FORBIDDEN
    code = "draft.own"
    detail = "这份草稿是您写的或改的，要由别人审核。"
    constraint = "ck_incentive_drafts_four_eyes"


class PausedByOffice(DomainError):
    """The office paused it, so only the office resumes it."""

    kind = Kind.CONFLICT
    code = "incentive.paused_by_office"
    detail = "这个项目是信用办暂停的，要由信用办恢复。"


class DraftOutdated(DomainError):
    """The incentive was published anew since the draft was begun."""

    kind = Kind.CONFLICT
    code = "draft.outdated"
    detail = "这个项目已经发布了更新的版本，请重新开始修改。"
