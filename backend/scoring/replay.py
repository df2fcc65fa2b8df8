"""A score of the past computed again: by the model of its version, from the records as they stood then."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from backend.city import City
from backend.scoring.city_model import model_of_version
from backend.scoring.engine.compute import ScoreResult, compute_score
from backend.scoring.engine.model import Record, RecordStatus
from backend.scoring.models import ScoreMonth

# The first version that lasted beyond the moment is what there was; without one, what there is now.
RECORDS_AT = text(
    """
    SELECT record.id, stood.indicator, stood.occurred_on, stood.quantity, stood.expires_on, stood.status
    FROM credit_records AS record
    CROSS JOIN LATERAL (
        SELECT until, indicator, occurred_on, quantity, expires_on, status
        FROM credit_record_versions WHERE record_id = record.id AND until > :moment
        UNION ALL SELECT 'infinity', record.indicator, record.occurred_on, record.quantity,
            record.expires_on, record.status
        ORDER BY until LIMIT 1
    ) AS stood
    WHERE record.resident_id = :resident_id AND record.received_at <= :moment
    """
)


def replay_month(db: Session, city: City, month: ScoreMonth) -> ScoreResult:
    """What the last score of that month must have been; the month must say when it was computed."""
    assert month.as_of is not None
    assert month.computed_at is not None
    model = model_of_version(db, city, month.model_version)
    return compute_score(model, records_at(db, month.resident_id, month.computed_at), month.as_of)


def records_at(db: Session, resident_id: UUID, moment: datetime) -> list[Record]:
    """All records of a resident as they stood at that moment, those since withdrawn or changed included."""
    rows = db.execute(RECORDS_AT, {"resident_id": resident_id, "moment": moment})
    return [
        Record(str(row_id), indicator, occurred_on, quantity, expires_on, RecordStatus(status))
        for row_id, indicator, occurred_on, quantity, expires_on, status in rows
    ]
