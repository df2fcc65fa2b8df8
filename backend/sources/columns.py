"""The columns of a batch: each has a title for people and a key for programs, and both are understood.

There is no column for a name: a record finds its person by the number alone.
"""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from backend.sources.verdicts import BatchRefused, BatchVerdict

SHEET = "信用记录"
ID_NUMBER, INDICATOR, OCCURRED_ON, QUANTITY, EXPIRES_ON, KEY = (
    "id_number",
    "indicator",
    "occurred_on",
    "quantity",
    "expires_on",
    "key",
)
# Only in the file of refused rows: where the row stood, and what is wrong with it.
LINE, FAULTS = "line", "faults"
TITLES = {
    LINE: "原来的行",
    ID_NUMBER: "身份证号",
    INDICATOR: "指标",
    OCCURRED_ON: "发生日期",
    QUANTITY: "数量",
    EXPIRES_ON: "截止日期",
    KEY: "记录编号",
    FAULTS: "问题",
}
FIELDS = (ID_NUMBER, INDICATOR, OCCURRED_ON, QUANTITY, EXPIRES_ON, KEY)
NEEDED = {ID_NUMBER, INDICATOR, OCCURRED_ON, KEY}
NAMED = {name: key for key, title in TITLES.items() for name in (key, title)}
# What concerns the whole row.
ROW = "row"


class Given(NamedTuple):
    """A row as it stands in a file. `odd` holds what is wrong with a cell before its text is looked at."""

    number: int
    values: dict[str, str]
    odd: dict[str, str]


@dataclass(frozen=True)
class Heading:
    """Which column stands where, counted from 0."""

    keys: tuple[str, ...]


def plain(text: str) -> str:
    """Full-width digits, letters and signs as half-width ones, nothing around it."""
    return text.strip() if text.isascii() else unicodedata.normalize("NFKC", text).strip()


def read_heading(titles: Iterable[str]) -> Heading:
    """Raises BatchRefused when columns are missing, unknown or there twice."""
    texts = [plain(title) for title in titles]
    keys = tuple(NAMED.get(text, text) for text in texts)
    known = [key for key in keys if key in TITLES]
    if not known:
        raise BatchRefused(BatchVerdict.NO_HEADING)
    if len(known) < len([text for text in texts if text]) or len(set(known)) < len(known):
        raise BatchRefused(BatchVerdict.WRONG_HEADING)
    if not set(known) >= NEEDED:
        raise BatchRefused(BatchVerdict.WRONG_HEADING)
    return Heading(keys)
