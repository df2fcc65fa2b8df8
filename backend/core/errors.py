"""Refusals: a stable code for programs, data for details, a Chinese sentence for people.

Domain code raises these; `backend.web.problems` alone turns a kind into an HTTP status.
"""

from enum import Enum
from typing import Any, ClassVar


class Kind(Enum):
    """What sort of refusal it is; the web layer maps each to one status."""

    INVALID = "invalid"
    UNAUTHENTICATED = "unauthenticated"
    FORBIDDEN = "forbidden"
    NOT_FOUND = "not_found"
    CONFLICT = "conflict"
    GONE = "gone"
    NEEDS_MORE = "needs_more"
    TOO_MANY = "too_many"
    UNAVAILABLE = "unavailable"


class DomainError(Exception):
    """A refusal that is part of the service.

    `errors` names fields and what is wrong with each. `data` is shown to the caller, so it never
    holds anything about another person. `constraint` names the database constraint whose
    violation means this refusal. `keeps_changes` is for refusals that are themselves a change,
    such as ending a session whose refresh token was used twice: the transaction is then
    committed although the answer is a refusal. It may also be set on a single refusal.
    """

    kind: ClassVar[Kind]
    code: ClassVar[str]
    detail: ClassVar[str]
    constraint: ClassVar[str | None] = None
    keeps_changes: bool = False

    _by_constraint: ClassVar[dict[str, type["DomainError"]]] = {}

    def __init_subclass__(cls) -> None:
        if cls.constraint:
            DomainError._by_constraint[cls.constraint] = cls

    def __init__(self, *, errors: dict[str, list[str]] | None = None, **data: Any) -> None:
        super().__init__(self.code)
        self.errors = errors
        self.data = data

    @staticmethod
    def for_constraint(name: str | None) -> type["DomainError"] | None:
        """The refusal that a violated constraint stands for, or None for a programming error."""
        return DomainError._by_constraint.get(name or "")


class NotFound(DomainError):
    """There is no such object, or it is another person's."""

    kind = Kind.NOT_FOUND
    code = "not_found"
    detail = "没有找到您要的内容。"
