"""Why a file as a whole cannot be taken; the program that opens it and the page share these words."""

from enum import StrEnum


class Verdict(StrEnum):
    WRONG_TYPE = "wrong_type"
    OLD_OR_LOCKED = "old_or_locked"
    UNREADABLE = "unreadable"
    TOO_COMPLEX = "too_complex"
    ACTIVE = "active"
    LINKED = "linked"
    ENCODING = "encoding"
    EMPTY = "empty"
    TOO_MANY_ROWS = "too_many_rows"
    TOO_WIDE = "too_wide"
    NO_HEADING = "no_heading"


class Refused(Exception):
    def __init__(self, verdict: Verdict) -> None:
        super().__init__(verdict)
        self.verdict = verdict
