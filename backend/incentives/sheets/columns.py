"""The columns of a sheet: the same out and in, so that what is taken out and put in again changes nothing."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field

from backend.core.sheets.cells import Cell, Row
from backend.core.sheets.verdicts import Refused, Verdict
from backend.incentives.content import NAMES

SHEET = "激励项目"
# Below the heading.
MOST_ROWS = 50_000
NUMBER, UNIT, LINE = "number", "unit", "line"
# What stands in the heading; `LINE` only in the file of bad rows, and is not read.
TITLES: dict[str, str] = {LINE: "原来的行", NUMBER: "编号", UNIT: "成员单位", **NAMES}
KEYS = (NUMBER, UNIT, *NAMES)
MUST_HAVE = (NUMBER, "title")


def plain(text: str) -> str:
    """Full-width digits, letters and signs as half-width ones, nothing around it."""
    return unicodedata.normalize("NFKC", text).strip()


@dataclass(frozen=True)
class HeadingFault:
    place: int
    code: str
    sentence: str
    value: str


@dataclass
class Heading:
    """Which column stands where in somebody's sheet, and what is wrong with the titles."""

    places: dict[str, int] = field(default_factory=dict)
    faults: list[HeadingFault] = field(default_factory=list)

    def told(self) -> list[tuple[int, str, str, str, str]]:
        """Place, title, code, sentence and value of each fault."""
        return [(each.place, "标题行", each.code, each.sentence, each.value[:200]) for each in self.faults]

    def cells_of(self, row: Row) -> Mapping[str, Cell]:
        return {key: row.cells[place] for key, place in self.places.items() if place in row.cells}


def read_heading(row: Row) -> Heading:
    """Refused when not one title is ours: then it is no sheet of incentives."""
    keys = {title: key for key, title in TITLES.items()}
    heading = Heading()
    for place, cell in row.cells.items():
        key = keys.get(plain(cell.text))
        if key is None:
            sentence = "没有这一列，请用模板里的标题，或删掉这一列。"
            heading.faults.append(HeadingFault(place, "sheet.unknown_column", sentence, cell.text))
        elif key in heading.places:
            sentence = "这一列出现了两次，请删掉一列。"
            heading.faults.append(HeadingFault(place, "sheet.repeated_column", sentence, cell.text))
        else:
            heading.places[key] = place
    if not heading.places:
        raise Refused(Verdict.NO_HEADING)
    for key in MUST_HAVE:
        if key not in heading.places:
            sentence = f"缺少“{TITLES[key]}”这一列。"
            heading.faults.append(HeadingFault(1, "sheet.missing_column", sentence, ""))
    return heading
