"""People of the console whom nobody is, for tests and measurements."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from backend.accounts.models import Account, AccountRole
from backend.core.actor import ActorKind
from backend.core.encryption import blind_index
from backend.core.ids import new_id


def add_account(
    db: Session,
    *roles: str,
    email: str | None = None,
    name: str = "测速",
    unit_id: UUID | None = None,
    district: str | None = None,
    now: datetime,
) -> Account:
    """Of the office, of a district or of a unit. Nobody knows its password."""
    kind = ActorKind.PARTNER if unit_id else ActorKind.OFFICE
    account = Account(
        id=new_id(),
        kind=kind,
        unit_id=unit_id,
        district=district,
        password_hash="none that anybody knows",  # noqa: S106
        version=1,
        created_at=now,
    )
    account.email, account.name = email or f"{account.id.hex}@example.cn", name
    account.email_index = blind_index("accounts.email", account.email)
    account.role_rows = [AccountRole(role=role, kind=kind) for role in roles]
    db.add(account)
    db.flush()
    return account
