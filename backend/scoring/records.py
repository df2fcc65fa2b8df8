"""Records of a case: shown to the office for a reason, and marked when the case is decided."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.audit import service as audit
from backend.city import City
from backend.core.actor import OFFICE
from backend.core.errors import NotFound
from backend.core.jobs import defer
from backend.identity.queries import get_resident
from backend.scoring import queries
from backend.scoring.engine.model import RecordStatus
from backend.scoring.jobs import rescore
from backend.scoring.models import CreditRecord


def show_records_for_case(
    db: Session, *, city: City, resident_id: UUID, case_number: str, purpose: str, now: datetime
) -> Sequence[CreditRecord]:
    """A resident's records, for the office to work on a case. The resident reads that it looked, and why."""
    get_resident(db, resident_id)
    records = queries.list_records(db, resident_id)
    audit.record_access(
        db,
        resident_id=resident_id,
        actor=OFFICE,
        looked_by=city.office.name,
        purpose=f"{purpose}（事项 {case_number}）",
        shown=f"信用记录 {len(records)} 条",
        now=now,
    )
    subject = ("resident", resident_id)
    audit.record(db, "records.shown", subject=subject, actor=OFFICE, now=now, case_number=case_number)
    return records


def set_record_status(db: Session, *, record_id: UUID, status: RecordStatus, now: datetime) -> CreditRecord:
    """Mark a record objected, repaired, withdrawn or active again; the score follows by a job."""
    record = db.scalars(
        select(CreditRecord).where(CreditRecord.id == record_id).with_for_update()
    ).one_or_none()
    if record is None:
        raise NotFound
    record.status, record.changed_at = status, now
    subject = ("credit_record", record_id)
    audit.record(db, f"record.{status}", subject=subject, actor=OFFICE, now=now)
    defer(db, rescore, resident_id=str(record.resident_id))
    return record
