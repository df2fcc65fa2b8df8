"""Refused rows are kept, sealed, until they are mended or their days are over."""

import json
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import insert
from sqlalchemy.orm import Session

from backend.core.encryption import place_of, vault
from backend.core.ids import new_id
from backend.sources.judging import LONGEST_CELL, Refused
from backend.sources.models import Batch, RefusedRow


def keep_refused(db: Session, batch: Batch, refused: Sequence[Refused]) -> None:
    """Add these rows to the batch's, many at once."""
    if not refused:
        return
    rows = []
    for each in refused:
        row_id = new_id()
        faults = [one.told() for one in each.faults]
        kept = {"id": row_id, "batch_id": batch.id, "row": each.given.number, "faults": faults}
        rows.append({**kept, "values_cipher": _sealed(row_id, each)})
    db.execute(insert(RefusedRow), rows)


def values_of(row: RefusedRow) -> dict[str, str]:
    """What stood in the row, by column; nothing when that was not kept."""
    kept: dict[str, str] = json.loads(row.values or "{}")
    return kept


def _sealed(row_id: UUID, refused: Refused) -> bytes | None:
    if not refused.may_be_kept:
        return None
    values = {name: text[:LONGEST_CELL] for name, text in refused.given.values.items() if text}
    # JSON writes what is no letter, such as half of a pair, as a number.
    return vault().seal(json.dumps(values), place_of("refused_rows", "values_cipher", row_id))
