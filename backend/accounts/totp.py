"""Codes of an authenticator app (RFC 6238): six digits, a new one every 30 seconds, none taken twice."""

import hmac
from dataclasses import dataclass
from datetime import datetime

import pyotp
from sqlalchemy import or_, update
from sqlalchemy.orm import Session

from backend.accounts.errors import WrongCode
from backend.accounts.models import Account
from backend.audit import service as audit
from backend.core.actor import Actor

# Of the person's clock and ours, one may be half a minute ahead.
STEPS_ASIDE = (-1, 0, 1)


@dataclass(frozen=True)
class Enrolment:
    """What an authenticator app needs to know; `uri` is the same as a QR code."""

    secret: str
    uri: str


def begin_totp(account: Account, *, issuer: str) -> Enrolment:
    """Draw a new secret. The one in use stays in use until a code of the new one has been shown."""
    secret = pyotp.random_base32()
    account.totp_draft = secret
    return Enrolment(secret, pyotp.TOTP(secret).provisioning_uri(name=account.email, issuer_name=issuer))


def confirm_totp(db: Session, account: Account, code: str, *, actor: Actor, now: datetime) -> None:
    """Put the new secret into use; WrongCode when the device does not have it."""
    draft = account.totp_draft
    step = _step_of(draft, code, now) if draft else None
    if step is None:
        raise WrongCode(errors={"code": [WrongCode.detail]})
    account.totp_secret, account.totp_draft, account.totp_last_step = draft, None, step
    audit.record(db, "account.totp_enrolled", subject=("account", account.id), actor=actor, now=now)


def remove_totp(db: Session, account: Account, *, actor: Actor, now: datetime) -> None:
    account.totp_secret = account.totp_draft = None
    audit.record(db, "account.totp_removed", subject=("account", account.id), actor=actor, now=now)


def use_totp(db: Session, account: Account, code: str, *, now: datetime) -> bool:
    """Whether the code is good now. It is used up by that, and so are those before it."""
    step = _step_of(account.totp_secret, code, now) if account.totp_secret_cipher else None
    if step is None:
        return False
    unused = or_(Account.totp_last_step.is_(None), Account.totp_last_step < step)
    taken = update(Account).where(Account.id == account.id, unused).values(totp_last_step=step)
    return db.execute(taken.returning(Account.id)).one_or_none() is not None


def _step_of(secret: str | None, code: str, now: datetime) -> int | None:
    """The time step whose code it is, of those that count as now."""
    totp = pyotp.TOTP(secret or "")
    present = totp.timecode(now)
    steps = [present + aside for aside in STEPS_ASIDE]
    good = [step for step in steps if hmac.compare_digest(totp.generate_otp(step).encode(), code.encode())]
    return max(good, default=None)
