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
