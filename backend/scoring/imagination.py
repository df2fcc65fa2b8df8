"""What the score would be with other records or on another day: the real engine, nothing stored."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from backend.city import City
from backend.core.errors import DomainError, Kind
from backend.core.points import format_points
from backend.scoring import queries
from backend.scoring.city_model import model_in_force
from backend.scoring.engine.compute import compute_score
from backend.scoring.engine.model import Record
from backend.scoring.engine.whatif import what_if
from backend.scoring.explanation import explain

FARTHEST_DAYS = 5 * 366


class DayOutOfRange(DomainError):
    """The day lies in the past or too far ahead."""

    kind = Kind.INVALID
    code = "score.day_out_of_range"
    detail = "日期应在今天至五年之内。"


def imagine(
    db: Session,
    city: City,
    resident_id: UUID,
    *,
    add: Sequence[dict[str, Any]],
    remove: frozenset[str],
    on: date,
    today: date,
) -> dict[str, Any]:
    """The imagined score, explained, and how far it is from today's.

    `add` holds `indicator`, `quantity` and `occurred_on` (null: on that day).
    """
    queries.check_may_be_scored(db, resident_id, today)
    records = queries.records_of(db, resident_id)
    imagined = [
        Record(f"imagined-{number}", item["indicator"], item["occurred_on"] or on, item["quantity"])
        for number, item in enumerate(add, start=1)
    ]
    model = model_in_force(db, city, on)
    result = what_if(model, records, add=imagined, remove=remove, on=on)
    present = compute_score(model_in_force(db, city, today), records, today)
    difference = result.score_milli - present.score_milli
    return {
        **explain(model, city.sentences, result, [*records, *imagined]),
        "difference": format_points(difference),
        "difference_milli": difference,
    }
