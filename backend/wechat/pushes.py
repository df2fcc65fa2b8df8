"""What WeChat pushes: stored once as it came, answered, and worked on later."""

import json
import re
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

import structlog
from blinker import Signal
from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from backend.core.ids import new_id
from backend.core.jobs import defer
from backend.wechat import jobs
from backend.wechat.models import Push

KEPT = timedelta(days=30)

# Sent in a job's transaction with `message` (what WeChat wrote, as a dict) and `now`. Parts further
# left take what concerns them; what concerns nobody is kept and passed over.
push_received = Signal()

_EVENT = re.compile(r"[A-Za-z0-9_]{1,64}")
log = structlog.get_logger(__name__)


def keep_push(db: Session, message: dict[str, Any], *, now: datetime) -> bool:
    """Store a push and queue the work on it; False when it was there already.

    WeChat sends again what was not answered within five seconds, three times in all.
    """
    push = Push(id=new_id())
    push.body = json.dumps(message)
    kept = db.execute(
        insert(Push)
        .values(
            id=push.id,
            digest=digest_of(message),
            event=event_of(message),
            body_cipher=push.body_cipher,
            received_at=now,
        )
        .on_conflict_do_nothing(index_elements=["digest"])
        .returning(Push.id)
    ).scalar()
    if kept is None:
        return False
    defer(db, jobs.handle_push, push_id=str(push.id))
    return True


def handle_push(db: Session, push_id: UUID, *, now: datetime) -> None:
    """Tell everybody whom it may concern, once."""
    push = db.scalars(
        select(Push).where(Push.id == push_id, Push.handled_at.is_(None)).with_for_update()
    ).one_or_none()
    if push is None:
        return
    push_received.send(db, message=json.loads(push.body or "{}"), now=now)
    push.handled_at = now


def forget_old_pushes(db: Session, *, now: datetime) -> int:
    """Delete what was received longer ago than it is kept; gives how many."""
    return len(db.execute(delete(Push).where(Push.received_at < now - KEPT).returning(1)).all())


def event_of(message: dict[str, Any]) -> str:
    """WeChat's name of the event, or the type of a message."""
    name = message.get("Event") or message.get("MsgType")
    return name if isinstance(name, str) and _EVENT.fullmatch(name) else "unknown"


def digest_of(message: dict[str, Any]) -> bytes:
    """The same for the same push sent again, and for no other.

    Messages and checks have numbers. Events have not, and their time counts whole seconds, so
    two of one person in one second are told apart by all they say.
    """
    for name in ("MsgId", "trace_id"):
        if message.get(name):
            return _digest([name, message[name]])
    return _digest(message)


def _digest(content: object) -> bytes:
    return sha256(json.dumps(content, sort_keys=True).encode()).digest()
