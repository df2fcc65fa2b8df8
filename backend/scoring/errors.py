"""The reasons for having no score, of which none closes anything but its advantages; what is asked amiss."""

from backend.core.errors import DomainError, Kind


class NoScore(DomainError):
    """A reason for having no score; each kind of reason is a class of its own."""

    kind = Kind.CONFLICT


class NotAuthorised(NoScore):
    """The resident has not agreed to be scored, or no longer does."""

    code = "score.not_authorised"
    detail = "您还没有同意计算信用分。不同意也不影响您使用其他服务。"


class UnderAge(NoScore):
    """Not yet 18, by the ID number as it stands now."""

    code = "score.under_age"
    detail = "信用分只面向年满 18 周岁的市民。"


class NoResidence(NoScore):
    """No department has reported a residence in this city."""

    code = "score.no_residence"
    detail = "还没有查到您在本市的居住登记，所以暂时没有信用分。"


class DataPending(NoScore):
    """The departments' first delivery for this person is still on its way."""

    code = "score.data_pending"
    detail = "您的信用记录正在汇集，到齐后就会生成信用分。"


class TargetOutOfRange(DomainError):
    """A score above the highest that the model gives."""

    kind = Kind.INVALID
    code = "score.target_out_of_range"
    detail = "没有人能得到这么高的分数。"
