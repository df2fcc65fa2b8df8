"""Records and residences waiting for somebody who has not joined yet."""

from datetime import UTC, date, datetime, timedelta

from sqlalchemy.orm import Session

from backend.core.encryption import blind_index
from backend.scoring.engine.model import RecordStatus
from backend.scoring.models import HeldRecord, HeldResidence
from backend.scoring.service import SUBJECT_COLUMN


def hold_residence(
    db: Session, id_number: str, *, district: str = "420202", expected_on: date | None = None
) -> None:
    """Let a residence wait for the person of that ID number. Commits."""
    db.add(
        HeldResidence(
            subject_index=blind_index(SUBJECT_COLUMN, id_number),
            district=district,
            records_expected_on=expected_on,
            held_until=datetime.now(UTC) + timedelta(days=30),
        )
    )
    db.commit()


def hold_record(
    db: Session,
    id_number: str,
    indicator: str,
    *,
    occurred_on: date,
    quantity: int = 1,
    expires_on: date | None = None,
    status: RecordStatus = RecordStatus.ACTIVE,
) -> None:
    """Let a credit record wait for the person of that ID number. Commits."""
    now = datetime.now(UTC)
    db.add(
        HeldRecord(
            subject_index=blind_index(SUBJECT_COLUMN, id_number),
            indicator=indicator,
            occurred_on=occurred_on,
            quantity=quantity,
            expires_on=expires_on,
            status=status,
            received_at=now,
            held_until=now + timedelta(days=30),
        )
    )
    db.commit()
