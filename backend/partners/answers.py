"""How routes show applications and commitments."""

from typing import Any

from backend.city.serving import current_city
from backend.partners.applying import is_code_right
from backend.partners.models import Commitment, UnitApplication, UnitDocument
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


def shown_commitment(commitment: Commitment) -> dict[str, Any]:
    names = ("id", "text_version", "text_title", "text", "statement", "key_id", "signed_at", "ended_at")
    return {
        **{name: getattr(commitment, name) for name in names},
        "algorithm": ALGORITHM,
        "seal": to_base64url(commitment.seal),
        "in_force": commitment.ended_at is None,
    }
