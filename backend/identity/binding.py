"""Binding a proven person to a WeChat account: the first time, under a new name, or from another account."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from backend.audit import service as audit
from backend.core.actor import Actor
from backend.core.indexes import reserve_index
from backend.identity import checks, queries
from backend.identity.checks import Proof
from backend.identity.claims import Claim, read_claim
from backend.identity.errors import (
    AlreadyBound,
    BoundElsewhere,
    MovedMeanwhile,
    ResidentClosed,
    UnderAge,
)
from backend.identity.models import Resident
from backend.identity.providers import Verdict
from backend.identity.sessions import end_sessions_of_resident, hand_over_session
from backend.identity.signals import identity_bound, signed_out
from backend.notices import credits
from backend.notices.models import NoticeKind
from backend.notices.service import empty_inboxes, notify


@dataclass(frozen=True)
class Bound:
    """Whose account it is now; when they came over from another one, `has_moved`."""

    resident: Resident
    has_moved: bool = False


def hear_claim(
    db: Session, *, resident_id: UUID, name: str, id_number: str, actor: Actor, now: datetime
) -> Claim:
    """Read what somebody says of themselves.

    Someone under 18 is turned away before anything is stored or asked elsewhere, and their account
    goes at once when it is nobody's.
    """
    try:
        return read_claim(name=name, id_number=id_number, now=now)
    except UnderAge:
        account = queries.lock_resident(db, resident_id)
        if not account.is_bound:
            _remove_account(db, account, "turned_away", actor, now)
        raise


def find_bound_before(db: Session, proof: Proof) -> Resident | None:
    """The resident, when this very proof bound them: the phone repeats a request it got no answer to."""
    resident = queries.get_resident(db, proof.resident_id)
    fits = queries.is_same_person(resident, proof.claim.id_number) and resident.name == proof.claim.name
    return resident if fits and checks.was_used_for(db, proof) else None


def bind_identity(
    db: Session, proof: Proof, verdict: Verdict, *, move: bool, actor: Actor, now: datetime
) -> Bound:
    """Make the account the proven person's, after the provider gave its verdict.

    A person who has another account is refused, unless they want to `move` to this one. The same
    person again changes nothing but, perhaps, the name.
    """
    account = queries.lock_resident(db, proof.resident_id)
    claim = proof.claim
    if account.is_bound and not queries.is_same_person(account, claim.id_number):
        raise AlreadyBound
    begun_at = checks.use_check(db, proof, verdict, actor=actor, now=now)
    if account.is_bound:
        _change_name(db, account, proof, actor, now)
        return Bound(account)
    person = queries.lock_person(db, claim.id_number)
    if person is None:
        _bind_first(db, account, proof, actor, now)
        return Bound(account)
    if person.is_closed:
        raise ResidentClosed
    if not move:
        raise BoundElsewhere
    if person.moved_at and begun_at <= person.moved_at:
        raise MovedMeanwhile
    _move(db, account, person, proof, actor, now)
    return Bound(person, has_moved=True)


def _bind_first(db: Session, account: Resident, proof: Proof, actor: Actor, now: datetime) -> None:
    claim = proof.claim
    account.name, account.id_number = claim.name, claim.id_number
    account.id_number_index = reserve_index(db, Resident.id_number_index, claim.id_number)
    account.identity_provider, account.bound_at = proof.provider, now
    # Another account of the same person is refused by the unique index, here and not at the commit.
    db.flush()
    _record(db, "identity.bound", account, actor, now, provider=proof.provider)
    notify(db, account.id, NoticeKind.IDENTITY_BOUND, now=now)
    identity_bound.send(db, resident=account, id_number=claim.id_number)


def _change_name(db: Session, person: Resident, proof: Proof, actor: Actor, now: datetime) -> None:
    """A name may change in a life, an ID number does not."""
    if person.name == proof.claim.name:
        return
    person.name = proof.claim.name
    _record(db, "identity.name_changed", person, actor, now, provider=proof.provider)
    notify(db, person.id, NoticeKind.NAME_CHANGED, now=now)


def _move(
    db: Session, account: Resident, person: Resident, proof: Proof, actor: Actor, now: datetime
) -> None:
    """The person comes over to this account with everything that is theirs.

    Whoever holds the old phone is signed out. The calling session goes on, now as the person's.
    """
    assert actor.session_id is not None
    openid, openid_index = account.openid, account.openid_index
    end_sessions_of_resident(db, person.id, reason="moved", actor=actor, now=now)
    hand_over_session(db, actor.session_id, to_resident=person.id)
    checks.hand_over_checks(db, from_account=account.id, to_resident=person.id)
    _remove_account(db, account, "moved", actor, now)
    person.openid, person.openid_index = openid, openid_index
    person.identity_provider, person.moved_at = proof.provider, now
    db.flush()
    _record(db, "identity.moved", person, actor, now, provider=proof.provider, account=str(account.id))
    # Agreed to in the old WeChat account, which alone they reached.
    credits.clear(db, person.id)
    _change_name(db, person, proof, actor, now)
    notify(db, person.id, NoticeKind.IDENTITY_MOVED, now=now)
    signed_out.send(db, resident_id=person.id, actor=actor, now=now)


def _remove_account(db: Session, account: Resident, reason: str, actor: Actor, now: datetime) -> None:
    """Forget an account that is nobody's, with its sessions."""
    _record(db, "account.removed", account, actor, now, reason=reason)
    db.flush()
    db.expunge(account)
    is_nobody = Resident.id == account.id, Resident.bound_at.is_(None)
    empty_inboxes(db, select(Resident.id).where(*is_nobody))
    db.execute(delete(Resident).where(*is_nobody))


def _record(db: Session, action: str, resident: Resident, actor: Actor, now: datetime, **data: str) -> None:
    audit.record(db, action, subject=("resident", resident.id), actor=actor, now=now, **data)
