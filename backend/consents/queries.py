"""Reads of consents."""

from uuid import UUID

from sqlalchemy import Subquery, select
from sqlalchemy.orm import Session

from backend.consents.models import Consent, Decision


def has_consented(db: Session, resident_id: UUID, purpose: str) -> bool:
    """Whether the resident's consent to the purpose stands."""
    query = select(Consent.decision).where(Consent.resident_id == resident_id, Consent.purpose == purpose)
    return db.scalar(query) == Decision.GIVEN


def hold_consent(db: Session, resident_id: UUID, purpose: str) -> bool:
    """Whether the consent stands, and keeps standing until this transaction ends.

    Whatever rests on a consent asks this way: a withdrawal then comes before it or after it, and
    in the latter case finds and ends what was made.
    """
    query = select(Consent.decision).where(Consent.resident_id == resident_id, Consent.purpose == purpose)
    return db.scalar(query.with_for_update(read=True)) == Decision.GIVEN


def who_consented(purpose: str) -> Subquery:
    """The residents whose consent to the purpose stands, as a table to join: resident_id."""
    query = select(Consent.resident_id).where(Consent.purpose == purpose, Consent.decision == Decision.GIVEN)
    return query.subquery("consented")


def decisions_of(db: Session, resident_id: UUID) -> dict[str, Consent]:
    """The last decision on each purpose the resident ever decided on."""
    rows = db.scalars(select(Consent).where(Consent.resident_id == resident_id))
    return {row.purpose: row for row in rows}
