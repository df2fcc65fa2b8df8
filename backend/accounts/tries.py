"""Wrong tries to sign in: counted by e-mail address, known or not, until somebody signs in wholly."""

from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from backend.accounts.errors import Locked
from backend.accounts.models import SignInTries
from backend.core.encryption import blind_indexes
from backend.core.errors import DomainError
from backend.core.indexes import reserve_index

MOST_FAILURES = 5
LOCKED_FOR = timedelta(minutes=15)
REMEMBERED = timedelta(days=1)
COLUMN = "sign_in_tries.email"


def lock_tries(db: Session, email: str, *, now: datetime) -> SignInTries:
    """The count for an address, held until the transaction ends, so that tries come one after another.

    Locked while there were too many.
    """
    index = reserve_index(db, SignInTries.email_index, email)
    # Written even where it stands, since that locks the row in the same breath.
    begun = insert(SignInTries).values(email_index=index, failures=0, last_failed_at=now)
    held = begun.on_conflict_do_update(
        index_elements=[SignInTries.email_index], set_={"failures": SignInTries.failures}
    )
    tries = db.scalars(held.returning(SignInTries), execution_options={"populate_existing": True}).one()
    if tries.last_failed_at < now - REMEMBERED:
        tries.failures = 0
    if tries.locked_until and tries.locked_until > now:
        raise _locked(tries.locked_until)
    return tries


def note_failure(tries: SignInTries, refusal: DomainError, *, now: datetime) -> DomainError:
    """Count a wrong try; gives what is to be raised: the refusal, or Locked when this was one too many.

    After a lock every further wrong try locks again at once, until the person has signed in.
    """
    tries.failures += 1
    tries.last_failed_at = now
    if tries.failures < MOST_FAILURES:
        return refusal
    tries.locked_until = now + LOCKED_FOR
    return _locked(tries.locked_until)


def forget_tries(db: Session, email: str) -> None:
    """The person has signed in, has a new password, or was unlocked."""
    db.execute(delete(SignInTries).where(SignInTries.email_index.in_(blind_indexes(COLUMN, email))))


def locked_until(db: Session, email: str, *, now: datetime) -> datetime | None:
    query = select(SignInTries.locked_until).where(
        SignInTries.email_index.in_(blind_indexes(COLUMN, email)), SignInTries.locked_until > now
    )
    return db.scalar(query.limit(1))


def _locked(until: datetime) -> Locked:
    return Locked(locked_until=until.isoformat().replace("+00:00", "Z"))
