"""What is said of an uploaded file, by the program that takes it apart to the one that asked."""

from enum import StrEnum

PDF = "application/pdf"
PICTURES = ("image/jpeg", "image/png")


class Verdict(StrEnum):
    """What may be kept, by its media type, or why nothing is."""

    JPEG = "image/jpeg"
    PDF = "application/pdf"
    WRONG_TYPE = "wrong_type"
    UNREADABLE = "unreadable"
    TOO_COMPLEX = "too_complex"
    LOCKED = "locked"
    ACTIVE = "active"
    SMUGGLED = "smuggled"


MEDIA_TYPES = (Verdict.JPEG, Verdict.PDF)


class Refused(Exception):
    def __init__(self, verdict: Verdict) -> None:
        super().__init__(verdict)
        self.verdict = verdict
