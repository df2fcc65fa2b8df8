"""How often a till may type a wrong code. Counted in the database, so that it holds across processes."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import any_, delete, func, literal, select, update
from sqlalchemy.dialects.postgresql import ARRAY, aggregate_order_by, insert
from sqlalchemy.orm import Session
from sqlalchemy.types import DateTime

from backend.audit import service as audit
from backend.core.actor import Actor
from backend.core.readable_codes import read_code
from backend.vouchers.errors import NotValid, TooManyWrongCodes
from backend.vouchers.models import WrongTries

MOST_WRONG_CODES = 5
WITHIN = timedelta(minutes=10)


@contextmanager
def counting_wrong_tries(
    db: Session, *, code: str, actor: Actor, shop_id: UUID, now: datetime
) -> Iterator[None]:
    """Around judging a code at a till: NotValid for a typed one is counted and told how many tries are
    left, and after too many nothing typed is looked at. Scanned codes cannot be guessed."""
    if read_code(code) is None:
        yield
        return
    assert actor.id is not None
    tried_at = _lock_tries(db, actor.id, shop_id, now)
    if len(tried_at) >= MOST_WRONG_CODES:
        raise TooManyWrongCodes(retry_after=_seconds_until(tried_at[0] + WITHIN, now))
    try:
        yield
    except NotValid as refusal:
        left = _note_wrong(db, actor, [*tried_at, now])
        refusal.data["tries_left"] = left
        refusal.keeps_changes = True
        raise


def forget_wrong_tries(db: Session, *, now: datetime) -> None:
    """Delete what counts no more."""
    since = literal(now - WITHIN, DateTime(timezone=True))
    db.execute(delete(WrongTries).where(~(since < any_(WrongTries.tried_at))))


def _lock_tries(db: Session, clerk_id: UUID, shop_id: UUID, now: datetime) -> list[datetime]:
    """The till's wrong tries that still count, oldest first. Its next try waits until this one is over."""
    tried = func.unnest(WrongTries.tried_at).column_valued("tried")
    recent = select(func.array_agg(aggregate_order_by(tried, tried))).where(tried > now - WITHIN)
    none: list[datetime] = []
    row = insert(WrongTries).values(clerk_id=clerk_id, shop_id=shop_id, tried_at=none)
    kept = func.coalesce(recent.scalar_subquery(), literal(none, ARRAY(DateTime(timezone=True))))
    return db.scalars(
        row.on_conflict_do_update(index_elements=[WrongTries.clerk_id], set_={"tried_at": kept}).returning(
            WrongTries.tried_at
        )
    ).one()


def _note_wrong(db: Session, actor: Actor, tried_at: list[datetime]) -> int:
    """Count a wrong try; gives how many are left."""
    db.execute(update(WrongTries).where(WrongTries.clerk_id == actor.id).values(tried_at=tried_at))
    left = MOST_WRONG_CODES - len(tried_at)
    if not left:
        assert actor.id is not None
        subject = ("clerk", actor.id)
        audit.record(db, "typed_code.tries_used_up", subject=subject, actor=actor, now=tried_at[-1])
    return left


def _seconds_until(moment: datetime, now: datetime) -> int:
    return max(1, -((now - moment) // timedelta(seconds=1)))
