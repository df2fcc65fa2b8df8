"""What WeChat takes in the fields of a message template, by the type that a field's name begins with."""

import re

ELLIPSIS = "…"
# Characters that a field of the type holds at most.
LONGEST = {
    "thing": 20,
    "phrase": 5,
    "name": 10,
    "number": 32,
    "letter": 32,
    "symbol": 5,
    "character_string": 32,
}
NOTHING = "无"

_TYPE = re.compile(r"[a-z_]+")
_BREAKS = re.compile(r"[\x00-\x1f\x7f\u2028\u2029]+")


def fit(field: str, text: str) -> str:
    """`text` as the field takes it: on one line, cut where it is too long, never empty."""
    line = _BREAKS.sub(" ", text).strip() or NOTHING
    kind = _TYPE.match(field)
    longest = LONGEST.get(kind[0]) if kind else None
    if longest is None or len(line) <= longest:
        return line
    return line[: longest - 1] + ELLIPSIS if kind and kind[0] == "thing" else line[:longest]
