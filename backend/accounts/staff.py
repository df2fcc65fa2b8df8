"""What administrators do with the accounts of others: roles, suspension, lost second factors, locks."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.orm import Session

from backend.accounts import queries, sessions
from backend.accounts.errors import OwnAccount, StaleAccount
from backend.accounts.joining import Place
from backend.accounts.models import Account, AccountRole, Passkey, RecoveryCode
from backend.accounts.tries import forget_tries
from backend.audit import service as audit
from backend.city.model import City
from backend.core.actor import Actor, ActorKind


def get_member(db: Session, account_id: UUID, *, actor: Actor) -> Account:
    """Somebody whom the actor may look after: of the own unit, or of the office's district."""
    return queries.get_account(db, account_id, queries.looked_after_by(actor, Account))


def change_roles(
    db: Session,
    account_id: UUID,
    *,
    roles: list[str],
    district: str | None,
    version: int,
    actor: Actor,
    city: City,
    now: datetime,
) -> Account:
    """Whoever is signed in has the new roles from the next request on."""
    account = _other(db, account_id, actor)
    if account.version != version:
        raise StaleAccount
    place = Place(ActorKind(account.kind), roles, account.unit_id, district)
    place.check(city, actor)
    before = account.roles
    account.role_rows = [row for row in account.role_rows if row.role in roles]
    # One administrator's role goes before another comes.
    db.flush()
    account.role_rows += [AccountRole(role=code, kind=account.kind) for code in roles if code not in before]
    account.district, account.version = district, version + 1
    _note(db, "account.roles_changed", account, actor, now, before=before, roles=account.roles)
    db.flush()
    return account


def suspend(db: Session, account_id: UUID, *, reason: str, actor: Actor, now: datetime) -> Account:
    account = _other(db, account_id, actor)
    if account.suspended_at is None:
        account.suspended_at, account.suspension_reason = now, reason
        _note(db, "account.suspended", account, actor, now)
        sessions.end_sessions(db, account.id, reason="suspended", actor=actor, now=now)
    return account


def lift_suspension(db: Session, account_id: UUID, *, actor: Actor, now: datetime) -> Account:
    account = _other(db, account_id, actor)
    if account.suspended_at is not None:
        account.suspended_at = account.suspension_reason = None
        _note(db, "account.suspension_lifted", account, actor, now)
    return account


def sign_out(db: Session, account_id: UUID, *, actor: Actor, now: datetime) -> None:
    account = get_member(db, account_id, actor=actor)
    sessions.end_sessions(db, account.id, reason="signed_out_by_administrator", actor=actor, now=now)


def unlock(db: Session, account_id: UUID, *, actor: Actor, now: datetime) -> None:
    account = _other(db, account_id, actor)
    forget_tries(db, account.email or "")
    _note(db, "account.unlocked", account, actor, now)


def remove_second_factors(db: Session, account_id: UUID, *, actor: Actor, now: datetime) -> None:
    """For who has lost the phone and the codes; the next sign-in sets a second factor up anew."""
    account = _other(db, account_id, actor)
    account.totp_secret = account.totp_draft = None
    for table in (Passkey, RecoveryCode):
        db.execute(delete(table).where(table.account_id == account.id))
    _note(db, "account.second_factors_removed", account, actor, now)
    sessions.end_sessions(db, account.id, reason="second_factors_removed", actor=actor, now=now)


def _other(db: Session, account_id: UUID, actor: Actor) -> Account:
    """Held until the transaction ends; not the actor."""
    account = queries.lock_account(db, account_id, queries.looked_after_by(actor, Account))
    if account.id == actor.id:
        raise OwnAccount
    return account


def _note(db: Session, action: str, account: Account, actor: Actor, now: datetime, **data: object) -> None:
    audit.record(db, action, subject=("account", account.id), actor=actor, now=now, **data)
