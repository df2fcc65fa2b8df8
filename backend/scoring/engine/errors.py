"""What the engine refuses."""

from backend.core.errors import DomainError, Kind
from backend.core.points import MOST_QUANTITY


class ModelError(DomainError):
    """A score model contradicts itself; `place` names the entry, such as `indicators.blood.cap`."""

    kind = Kind.INVALID
    code = "score.model_invalid"
    detail = "评分模型的内容前后不一致，不能使用。"

    def __init__(self, place: str, reason: str) -> None:
        super().__init__(errors={place: [reason]})
        self.place = place
        self.reason = reason

    def __str__(self) -> str:
        return f"{self.place}: {self.reason}"


class UnknownIndicator(DomainError):
    """A record names an indicator the model does not have: wrong model or wrong record.

    It is refused rather than left out, because a score that silently misses a record is wrong.
    """

    kind = Kind.INVALID
    code = "score.unknown_indicator"
    detail = "评分模型中没有这项指标。"

    def __init__(self, indicator: str) -> None:
        super().__init__(indicator=indicator)


class UnknownRecord(DomainError):
    """A what-if wants to leave out a record that is not there."""

    kind = Kind.INVALID
    code = "score.unknown_record"
    detail = "没有找到要去掉的信用记录。"

    def __init__(self, record_id: str) -> None:
        super().__init__(record_id=record_id)


class DuplicateRecord(DomainError):
    """The same record was handed in twice and would have counted twice."""

    kind = Kind.INVALID
    code = "score.duplicate_record"
    detail = "同一条信用记录出现了两次。"

    def __init__(self, record_id: str) -> None:
        super().__init__(record_id=record_id)


class InvalidQuantity(DomainError):
    """A quantity below one would turn a good record into a bad one; one too large is a slip of the pen."""

    kind = Kind.INVALID
    code = "score.invalid_quantity"
    detail = f"数量必须是 1 到 {MOST_QUANTITY} 之间的整数。"

    def __init__(self, record_id: str) -> None:
        super().__init__(record_id=record_id)
