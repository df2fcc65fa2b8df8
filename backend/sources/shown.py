"""Batches and refused rows as the interface shows them."""

import re
from collections.abc import Mapping
from typing import Any

from openpyxl.utils import get_column_letter

from backend.identity.id_number import mask_id_number
from backend.sources.faults import sentence_of
from backend.sources.models import Batch, RefusedRow
from backend.sources.quarantine import values_of

# Also one with a digit too few or too many, and in full-width digits.
LONG_NUMBER = re.compile(r"\d{12,}[Xx]?")


def shown_row(batch: Batch, row: RefusedRow) -> dict[str, Any]:
    values = values_of(row)
    return {
        "id": row.id,
        "row": row.row,
        "values": values,
        "faults": [
            {
                "column": each["column"],
                "place": _place(batch, row.row, each["column"]),
                "code": each["code"],
                "sentence": sentence_of(each, values),
            }
            for each in row.faults
        ],
    }


def masked_row(batch: Batch, row: RefusedRow) -> dict[str, Any]:
    """As the console shows it: enough of an ID number to find the row, wherever one was typed."""
    shown = shown_row(batch, row)
    faults = [{**each, "sentence": masked(each["sentence"])} for each in shown["faults"]]
    values: Mapping[str, str] = shown["values"]
    return {**shown, "values": {name: masked(text) for name, text in values.items()}, "faults": faults}


def masked(text: str) -> str:
    return LONG_NUMBER.sub(lambda found: mask_id_number(found[0]), text)


def _place(batch: Batch, row: int, column: str) -> str:
    """As a spreadsheet names cells."""
    if column not in batch.columns:
        return f"第 {row} 行"
    return f"{get_column_letter(batch.columns.index(column) + 1)}{row}"
