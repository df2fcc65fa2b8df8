"""How routes show applications and commitments."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from backend.city import City
from backend.city.membership_files import RECHECK
from backend.city.serving import current_city
from backend.core.clock import day_in_china
from backend.partners import documents, duties
from backend.partners.applying import is_code_right
from backend.partners.models import Commitment, UnitApplication, UnitDocument, UnitDuty, UnitRecheck
from backend.partners.seal import to_base64url

ALGORITHM = "Ed25519"
UNIT_SHOWN = ("id", "name", "unified_code", "category", "district", "example", "state", "joined_at")


def shown_application(application: UnitApplication) -> dict[str, Any]:
    names = (
        *("id", "state", "version", "unit_name", "unified_code", "code_explanation", "category"),
        *("district", "submitted_at", "email", "contact", "phone", "answers", "reviews", "unit_id"),
    )
    return {
        **{name: getattr(application, name) for name in names},
        "code_is_right": is_code_right(application.unified_code),
        "requirements": current_city().membership.asked_at("application"),
        "documents": [shown_document(each) for each in application.documents],
    }


def shown_document(document: UnitDocument) -> dict[str, Any]:
    names = ("id", "requirement", "media_type", "size", "uploaded_at")
    return {**{name: getattr(document, name) for name in names}, "sha256": document.sha256.hex()}


def handed_in(db: Session, unit_id: UUID, *, now: datetime) -> dict[str, Any]:
    """What a unit has to do and has handed in, with what the city asks."""
    today = day_in_china(now)
    return {
        "duties": [shown_duty(each, today=today) for each in duties.list_duties(db, unit_id)],
        "documents": [shown_document(each) for each in documents.list_documents_of_unit(db, unit_id)],
        "requirements": current_city().membership.requirements,
    }


def shown_duty(duty: UnitDuty, *, today: date) -> dict[str, Any]:
    asked = current_city().membership.requirement(duty.what)
    return {
        **{name: getattr(duty, name) for name in ("id", "what", "due_on", "reason", "handed_in_at")},
        "name": name_of_duty(current_city(), duty.what),
        "help": asked.help if asked else "",
        "state": _state_of(duty, today),
        "documents": [shown_document(each) for each in duty.documents],
    }


def _state_of(duty: UnitDuty, today: date) -> str:
    if duty.handed_in_at:
        return "handed_in"
    if duty.due_on < today:
        return "overdue"
    return "open" if duties.opens_on(duty, current_city()) <= today else "later"


def name_of_duty(city: City, what: str) -> str:
    """A requirement that the city no longer has goes by its code."""
    if what == RECHECK:
        return "年审"
    asked = city.membership.requirement(what)
    return asked.name if asked else what


def shown_recheck(recheck: UnitRecheck) -> dict[str, Any]:
    names = (
        *("id", "state", "unit_name", "category", "contact", "phone", "answers"),
        *("changed", "reasons", "submitted_at", "decided_at"),
    )
    return {name: getattr(recheck, name) for name in names}


def shown_commitment(commitment: Commitment) -> dict[str, Any]:
    names = ("id", "text_version", "text_title", "text", "statement", "key_id", "signed_at", "ended_at")
    return {
        **{name: getattr(commitment, name) for name in names},
        "algorithm": ALGORITHM,
        "seal": to_base64url(commitment.seal),
        "in_force": commitment.ended_at is None,
    }
