"""Accounts looked up."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select, true
from sqlalchemy.orm import Session

from backend.accounts.models import (
    Account,
    AccountRole,
    Passkey,
    RecoveryCode,
    StaffInvitation,
)
from backend.accounts.roles import ROLES, UNIT_MANAGER, Permission
from backend.accounts.tries import locked_until
from backend.core.actor import Actor, ActorKind
from backend.core.encryption import blind_indexes
from backend.core.errors import NotFound

ROWS_AT_ONCE = 100


class SecondFactors(NamedTuple):
    totp: bool
    passkeys: int
    recovery_codes_left: int

    @property
    def is_any(self) -> bool:
        return self.totp or self.passkeys > 0

    @property
    def methods(self) -> list[str]:
        """Those with which one may sign in, the best first."""
        known = {
            "passkey": self.passkeys > 0,
            "totp": self.totp,
            "recovery": self.is_any and self.recovery_codes_left > 0,
        }
        return [name for name, is_there in known.items() if is_there]


@dataclass(frozen=True)
class StaffQuery:
    """What a list of people is narrowed to; `text` stands in a name or is a whole address."""

    text: str | None = None
    role: str | None = None
    district: str | None = None
    unit_id: UUID | None = None
    kind: str | None = None
    state: str | None = None


def is_there_any(db: Session) -> bool:
    return db.scalar(select(Account.id).limit(1)) is not None


def find_by_email(db: Session, email: str) -> Account | None:
    query = select(Account).where(Account.email_index.in_(blind_indexes("accounts.email", email)))
    return db.scalars(query).one_or_none()


def looked_after_by(actor: Actor, table: type[Account] | type[StaffInvitation]) -> ColumnElement[bool]:
    """Whom an administrator looks after: of the own unit, of the own district, or everybody."""
    if actor.unit_id:
        return table.unit_id == actor.unit_id
    return table.district == actor.district if actor.district else true()


def get_account(db: Session, account_id: UUID, *conditions: ColumnElement[bool]) -> Account:
    account = db.scalars(select(Account).where(Account.id == account_id, *conditions)).one_or_none()
    if account is None:
        raise NotFound
    return account


def lock_account(db: Session, account_id: UUID, *conditions: ColumnElement[bool]) -> Account:
    query = select(Account).where(Account.id == account_id, *conditions).with_for_update()
    account = db.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if account is None:
        raise NotFound
    return account


def find_name(db: Session, account_id: UUID) -> str | None:
    """The name of somebody of one's own house; of others the database shows nothing."""
    account = db.get(Account, account_id)
    return account.name if account else None


def account_names(db: Session, account_ids: Collection[UUID]) -> dict[UUID, str]:
    """The names of accounts, as far as one may see them."""
    found = db.scalars(select(Account).where(Account.id.in_(account_ids))) if account_ids else ()
    return {account.id: account.name or "" for account in found}


def second_factors(db: Session, account: Account) -> SecondFactors:
    keys = db.scalar(select(func.count()).select_from(Passkey).where(Passkey.account_id == account.id))
    codes = db.scalar(
        select(func.count())
        .select_from(RecoveryCode)
        .where(RecoveryCode.account_id == account.id, RecoveryCode.used_at.is_(None))
    )
    return SecondFactors(account.totp_secret_cipher is not None, keys or 0, codes or 0)


def list_passkeys(db: Session, account_id: UUID) -> list[Passkey]:
    query = select(Passkey).where(Passkey.account_id == account_id)
    return list(db.scalars(query.order_by(Passkey.id)))


def list_staff(
    db: Session, wanted: StaffQuery, *, actor: Actor, before: UUID | None, limit: int, now: datetime
) -> list[Account]:
    """Up to `limit` people, the newest first.

    Names and addresses are sealed, so they are opened one after the other; there are some hundreds.
    """
    query = _narrowed(wanted).where(looked_after_by(actor, Account)).order_by(Account.id.desc())
    found: list[Account] = []
    while len(found) < limit:
        earlier = query.where(Account.id < before) if before else query
        batch = db.scalars(earlier.limit(ROWS_AT_ONCE)).all()
        found += [account for account in batch if _is_wanted(db, account, wanted, now)]
        if len(batch) < ROWS_AT_ONCE:
            break
        before = batch[-1].id
    return found[:limit]


def list_invitations(db: Session, *, actor: Actor, now: datetime) -> list[StaffInvitation]:
    """Those that may still be accepted."""
    query = select(StaffInvitation).where(
        StaffInvitation.accepted_at.is_(None),
        StaffInvitation.withdrawn_at.is_(None),
        StaffInvitation.expires_at > now,
        looked_after_by(actor, StaffInvitation),
    )
    return list(db.scalars(query.order_by(StaffInvitation.id.desc())))


def managers_of_unit(db: Session, unit_id: UUID) -> Sequence[Account]:
    """Who may be written to about the unit."""
    query = select(Account).where(Account.unit_id == unit_id, Account.suspended_at.is_(None))
    return db.scalars(query.where(Account.role_rows.any(AccountRole.role == UNIT_MANAGER))).all()


def list_office(db: Session, permission: Permission) -> Sequence[Account]:
    """Who of the whole city's office may do this, and may be written to about it."""
    roles = [role.code for role in ROLES if role.kind is ActorKind.OFFICE and permission in role.permissions]
    query = select(Account).where(Account.district.is_(None), Account.suspended_at.is_(None))
    return db.scalars(query.where(Account.role_rows.any(AccountRole.role.in_(roles)))).all()


def _narrowed(wanted: StaffQuery) -> Select[Account]:
    """By what stands in clear."""
    query = select(Account)
    if wanted.role:
        query = query.where(Account.role_rows.any(AccountRole.role == wanted.role))
    for name in ("district", "unit_id", "kind"):
        if getattr(wanted, name) is not None:
            query = query.where(getattr(Account, name) == getattr(wanted, name))
    if wanted.state:
        is_suspended = Account.suspended_at.is_not(None)
        query = query.where(is_suspended if wanted.state == "suspended" else ~is_suspended)
    return query


def _is_wanted(db: Session, account: Account, wanted: StaffQuery, now: datetime) -> bool:
    if wanted.text and wanted.text not in (account.name or "") and wanted.text.lower() != account.email:
        return False
    if wanted.state not in ("active", "locked"):
        return True
    is_locked = locked_until(db, account.email or "", now=now) is not None
    return is_locked == (wanted.state == "locked")
