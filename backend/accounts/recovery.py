"""Recovery codes: ten on paper, each good once in place of a second factor."""

import secrets
from base64 import b32encode
from datetime import datetime

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from backend.accounts.models import Account, RecoveryCode
from backend.audit import service as audit
from backend.core.actor import SYSTEM, Actor
from backend.core.tokens import hash_token

HOW_MANY = 10
BYTES = 10
GROUP = 4


def renew_codes(db: Session, account: Account, *, actor: Actor, now: datetime) -> list[str]:
    """Ten new codes, told this once; those before are good no more."""
    db.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account.id))
    codes = [b32encode(secrets.token_bytes(BYTES)).decode() for _ in range(HOW_MANY)]
    db.add_all(
        RecoveryCode(code_hash=hash_token(code), account_id=account.id, created_at=now) for code in codes
    )
    audit.record(db, "account.recovery_codes_made", subject=("account", account.id), actor=actor, now=now)
    return ["-".join(code[start : start + GROUP] for start in range(0, len(code), GROUP)) for code in codes]


def use_code(db: Session, account: Account, code: str, *, now: datetime) -> bool:
    """Whether it was an unused code of this person; it is used now."""
    written = code.replace("-", "").replace(" ", "").upper()
    used = db.execute(
        update(RecoveryCode)
        .where(RecoveryCode.code_hash == hash_token(written), RecoveryCode.account_id == account.id)
        .where(RecoveryCode.used_at.is_(None))
        .values(used_at=now)
        .returning(RecoveryCode.account_id)
    ).one_or_none()
    if used:
        audit.record(db, "account.recovery_code_used", subject=("account", account.id), actor=SYSTEM, now=now)
    return used is not None
