"""The refusal of everything that is no ticket at all, before any question of trust."""

from enum import StrEnum


class Malformation(StrEnum):
    """What is wrong with the form; one member per check."""

    WRONG_LENGTH = "wrong_length"
    WRONG_PREFIX = "wrong_prefix"
    WRONG_ALPHABET = "wrong_alphabet"
    NOT_CANONICAL = "not_canonical"
    UNKNOWN_VERSION = "unknown_version"
    UNKNOWN_ALGORITHM = "unknown_algorithm"
    UNKNOWN_FLAG = "unknown_flag"
    LIFE_OUT_OF_RANGE = "life_out_of_range"
    WRONG_STEP_LENGTH = "wrong_step_length"
    STEP_OUT_OF_RANGE = "step_out_of_range"


class MalformedTicket(ValueError):
    """This is not the form of a ticket; `reason` says which rule it breaks first.

    Nothing secret: a caller may log the reason, but shows people one answer for all of them.
    """

    def __init__(self, reason: Malformation) -> None:
        super().__init__(reason.value)
        self.reason = reason
