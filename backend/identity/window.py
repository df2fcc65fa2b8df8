"""The window: a clerk looks at the ID card of the person who shows a code, and confirms."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.audit import service as audit
from backend.core.actor import OFFICE, Actor
from backend.core.encryption import blind_indexes
from backend.core.readable_codes import read_code
from backend.identity.checks import LIVE
from backend.identity.claims import read_claim
from backend.identity.errors import WindowCodeInvalid, WindowMismatch
from backend.identity.models import CheckState, IdentityCheck

MOST_TRIES = 4


def confirm_at_window(
    db: Session, *, code: str, name: str, id_number: str, clerk: str, now: datetime, actor: Actor = OFFICE
) -> UUID:
    """Say that the card shown fits the person who took the code; gives the check's id.

    `clerk` is the number of who looked. Name and ID number must be those the code was taken for; the
    fourth time they are not, the check is over. Confirming twice changes nothing the second time.
    """
    claim = read_claim(name=name, id_number=id_number, now=now)
    check = db.scalars(
        select(IdentityCheck)
        .where(IdentityCheck.code_index.in_(blind_indexes("identity_checks.code", read_code(code) or "")))
        .with_for_update()
    ).one_or_none()
    if check is None or check.state not in LIVE or check.expires_at <= now:
        raise WindowCodeInvalid
    subject = ("identity_check", check.id)
    if not claim.is_behind(check.claim_index):
        check.wrong_tries += 1
        tries_left = MOST_TRIES - check.wrong_tries
        if not tries_left:
            check.state = CheckState.FAILED
        audit.record(db, "identity_check.mismatched", subject=subject, actor=actor, now=now)
        raise WindowMismatch(tries_left=tries_left)
    if check.state == CheckState.OPEN:
        check.state, check.confirmed_at, check.confirmed_by = CheckState.CONFIRMED, now, clerk
        audit.record(db, "identity_check.confirmed", subject=subject, actor=actor, now=now, clerk=clerk)
    return check.id
