"""Why a file as a whole cannot be taken."""

from enum import StrEnum

from backend.core.sheets.verdicts import Verdict


class BatchVerdict(StrEnum):
    """Those of sheets, and a file of lines that is cut off or too wide to be one."""

    WRONG_TYPE = Verdict.WRONG_TYPE
    OLD_OR_LOCKED = Verdict.OLD_OR_LOCKED
    UNREADABLE = Verdict.UNREADABLE
    TOO_COMPLEX = Verdict.TOO_COMPLEX
    ACTIVE = Verdict.ACTIVE
    LINKED = Verdict.LINKED
    ENCODING = Verdict.ENCODING
    EMPTY = Verdict.EMPTY
    TOO_MANY_ROWS = Verdict.TOO_MANY_ROWS
    TOO_WIDE = Verdict.TOO_WIDE
    NO_HEADING = Verdict.NO_HEADING
    WRONG_HEADING = "wrong_heading"


class BatchRefused(Exception):
    def __init__(self, verdict: BatchVerdict) -> None:
        super().__init__(verdict)
        self.verdict = verdict
