"""What stands in a cell of somebody's sheet, and the lines in which `opener` hands rows over."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NamedTuple


class Kind(StrEnum):
    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    TIME = "time"
    BOOLEAN = "boolean"
    # These have no value that may be taken.
    FORMULA = "formula"
    ERROR = "error"
    MERGED = "merged"


class Cell(NamedTuple):
    """`text` is the value as people would write it; of a merged cell the range it belongs to."""

    kind: Kind
    text: str


@dataclass(frozen=True)
class Row:
    """`number` is the row's in the sheet; `cells` are by column, counted from 1, empty ones left out."""

    number: int
    cells: Mapping[int, Cell]

    def to_line(self) -> str:
        return json.dumps([self.number, [[place, *cell] for place, cell in self.cells.items()]])

    @staticmethod
    def from_parts(parts: list[Any]) -> "Row":
        number, cells = parts
        return Row(number, {place: Cell(Kind(kind), text) for place, kind, text in cells})
