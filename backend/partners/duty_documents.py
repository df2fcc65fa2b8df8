"""The documents that a member unit hands in for its duties."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.city import City
from backend.city.membership_files import RECHECK
from backend.core.actor import Actor
from backend.core.errors import NotFound
from backend.partners import documents, duties
from backend.partners.document_checks import CleanDocument
from backend.partners.document_errors import DocumentNotAskedFor
from backend.partners.document_storage import DocumentStore
from backend.partners.models import UnitDocument, UnitDuty


def check_wanted(db: Session, *, unit_id: UUID, requirement: str, city: City) -> UnitDuty:
    """Refuse a document that could not be kept, before anybody looks into it."""
    yearly = {each.code for each in city.membership.asked_at("yearly") if each.kind == "document"}
    duty = duties.find_open(db, unit_id, RECHECK if requirement in yearly else requirement)
    if duty is None or requirement == RECHECK:
        raise DocumentNotAskedFor(errors={"requirement": [DocumentNotAskedFor.detail]})
    documents.check_room(duty.documents, requirement=requirement)
    return duty


def keep_document(
    db: Session,
    *,
    unit_id: UUID,
    requirement: str,
    city: City,
    clean: CleanDocument,
    store: DocumentStore,
    actor: Actor,
    now: datetime,
) -> UnitDocument:
    duty = check_wanted(db, unit_id=unit_id, requirement=requirement, city=city)
    what: dict[str, Any] = {"requirement": requirement, "clean": clean, "store": store}
    return documents.keep(db, duty, **what, actor=actor, now=now)


def remove_document(db: Session, document_id: UUID, *, unit_id: UUID, actor: Actor, now: datetime) -> None:
    query = select(UnitDocument.duty_id).join(UnitDuty).where(UnitDuty.unit_id == unit_id)
    duty_id = db.scalar(query.where(UnitDocument.id == document_id))
    if duty_id is None:
        raise NotFound
    duty = duties.lock_open(db, duty_id, unit_id=unit_id)
    documents.remove(db, duty, document_id, actor=actor, now=now)
