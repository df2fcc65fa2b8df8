"""Identity checks: begun for one person by one account, finished by both, and good for one use.

A provider may take seconds to answer, so it is asked between two transactions: before it a check is
read, after it the check is locked and everything is looked at again. When the provider does not
answer, nothing has changed and the check can be finished later.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, select, update
from sqlalchemy.orm import Session

from backend.audit import service as audit
from backend.core.actor import Actor
from backend.core.encryption import blind_index
from backend.core.errors import NotFound
from backend.core.ids import new_id
from backend.core.indexes import reserve_index
from backend.identity import queries
from backend.identity.claims import Claim
from backend.identity.errors import AlreadyBound, CheckExpired, CheckFailed, CheckOfAnother, CheckUsed
from backend.identity.models import CheckState, IdentityCheck
from backend.identity.providers import Asked, Begun, Verdict

LIVE = (CheckState.OPEN, CheckState.CONFIRMED)


@dataclass(frozen=True)
class Proof:
    """What the account brings: a check of its own, or with None the bare word of the provider."""

    resident_id: UUID
    provider: str
    claim: Claim
    check_id: UUID | None


def new_number() -> str:
    """Our name for a check at its provider, never used before or again."""
    return secrets.token_hex(16)


def check_may_begin(db: Session, *, resident_id: UUID, claim: Claim) -> str:
    """The openid of the account that wants to prove this; AlreadyBound when it is somebody else's."""
    resident = queries.get_resident(db, resident_id)
    if resident.is_bound and not queries.is_same_person(resident, claim.id_number):
        raise AlreadyBound
    assert resident.openid is not None
    return resident.openid


def open_check(
    db: Session,
    *,
    resident_id: UUID,
    provider: str,
    claim: Claim,
    number: str,
    begun: Begun,
    actor: Actor,
    now: datetime,
) -> IdentityCheck:
    """Keep what the provider began. An earlier check of the account that still ran is over."""
    queries.lock_resident(db, resident_id)
    db.execute(
        update(IdentityCheck)
        .where(IdentityCheck.resident_id == resident_id, IdentityCheck.state.in_(LIVE))
        .values(state=CheckState.EXPIRED)
    )
    check = IdentityCheck(
        id=new_id(),
        resident_id=resident_id,
        provider=provider,
        number=number,
        claim_index=claim.fingerprint(),
        code_index=reserve_index(db, IdentityCheck.code_index, begun.code) if begun.code else None,
        state=CheckState.OPEN,
        created_at=now,
        expires_at=now + begun.life,
    )
    check.handle = begun.handle
    db.add(check)
    _record(db, "identity_check.opened", check, actor, now)
    return check


def read_check(db: Session, proof: Proof, *, now: datetime) -> Asked | None:
    """What to ask the provider about this proof; raises why it can prove nothing."""
    if proof.check_id is None:
        return None
    check = db.scalars(_own_check(proof.check_id, proof.resident_id)).one_or_none()
    _check_usable(check, proof, now)
    assert check is not None
    openid = queries.get_resident(db, proof.resident_id).openid
    assert openid is not None
    return Asked(openid, check.number, check.handle, check.state == CheckState.CONFIRMED)


def get_check(db: Session, check_id: UUID, *, resident_id: UUID) -> IdentityCheck:
    """One of the resident's own checks."""
    check = db.scalars(_own_check(check_id, resident_id)).one_or_none()
    if check is None:
        raise NotFound
    return check


def state_at(check: IdentityCheck, now: datetime) -> CheckState:
    """How far the check is; one whose time ran out unused is expired, though nobody has written it down."""
    is_over = check.state in LIVE and check.expires_at <= now
    return CheckState.EXPIRED if is_over else CheckState(check.state)


def use_check(db: Session, proof: Proof, verdict: Verdict, *, actor: Actor, now: datetime) -> datetime:
    """Use the check up, or end it when the provider said no; gives when the proof was begun."""
    if proof.check_id is None:
        if not verdict.passed:
            raise CheckFailed
        return now
    check = db.scalars(
        _own_check(proof.check_id, proof.resident_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
    _check_usable(check, proof, now)
    assert check is not None
    if not verdict.passed:
        check.state = CheckState.FAILED
        _record(db, "identity_check.failed", check, actor, now)
        raise CheckFailed(provider_code=verdict.code)
    check.state, check.used_at = CheckState.USED, now
    if verdict.scoped_id:
        check.scoped_index = blind_index("identity_checks.scoped_id", verdict.scoped_id)
    _record(db, "identity_check.used", check, actor, now)
    return check.created_at


def was_used_for(db: Session, proof: Proof) -> bool:
    """Whether this very check has proven this claim before: a phone repeats its requests."""
    check = (
        db.scalars(_own_check(proof.check_id, proof.resident_id)).one_or_none() if proof.check_id else None
    )
    return check is not None and check.state == CheckState.USED and _is_about(check, proof)


def hand_over_checks(db: Session, *, from_account: UUID, to_resident: UUID) -> None:
    """The proofs that brought a person over stay with the person."""
    db.execute(
        update(IdentityCheck)
        .where(IdentityCheck.resident_id == from_account)
        .where(IdentityCheck.state == CheckState.USED)
        .values(resident_id=to_resident)
    )


def _own_check(check_id: UUID | None, resident_id: UUID) -> Select[IdentityCheck]:
    return select(IdentityCheck).where(IdentityCheck.id == check_id, IdentityCheck.resident_id == resident_id)


def _check_usable(check: IdentityCheck | None, proof: Proof, now: datetime) -> None:
    if check is None:
        raise NotFound
    if not _is_about(check, proof):
        raise CheckOfAnother
    if check.state == CheckState.USED:
        raise CheckUsed
    if check.state == CheckState.FAILED:
        raise CheckFailed
    if check.state == CheckState.EXPIRED or check.expires_at <= now:
        raise CheckExpired


def _is_about(check: IdentityCheck, proof: Proof) -> bool:
    return check.provider == proof.provider and proof.claim.is_behind(check.claim_index)


def _record(db: Session, action: str, check: IdentityCheck, actor: Actor, now: datetime) -> None:
    subject = ("identity_check", check.id)
    audit.record(db, action, subject=subject, actor=actor, now=now, provider=check.provider)
