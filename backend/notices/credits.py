"""How many messages of which template a resident has agreed to.

WeChat's pushes count; what the phone says is a hint that serves until WeChat's word arrives.
"""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import case, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from backend.audit import service as audit
from backend.city.message_files import MessageTemplate
from backend.city.serving import current_city
from backend.core.actor import SYSTEM, Actor
from backend.notices.models import MessageCredit

# The answers of wx.requestSubscribeMessage that mean yes, with a mere line, with an alert, with a sound.
ACCEPTED = {"accept", "acceptWithAlert", "acceptWithAudio"}
# The phone's word on a dialog and WeChat's usually come within seconds of each other, in any order.
SAME_DIALOG = timedelta(minutes=5)


def hint(db: Session, *, resident_id: UUID, results: Mapping[str, str], actor: Actor, now: datetime) -> None:
    """Take in what the phone says of a dialog. Templates this city does not have are passed over,
    since an older version of the mini-program may still ask for them."""
    known = {key: result for key, result in results.items() if current_city().messages.with_id(key)}
    for template_id, result in sorted(known.items()):
        if result in ACCEPTED:
            _hint_acceptance(db, resident_id, template_id, now)
        else:
            clear(db, resident_id, [template_id])
    accepted = sum(result in ACCEPTED for result in known.values())
    subject = ("resident", resident_id)
    audit.record(
        db, "messages.answered", subject=subject, actor=actor, now=now, asked=len(known), accepted=accepted
    )


def count_acceptance(db: Session, resident_id: UUID, template: MessageTemplate, *, now: datetime) -> None:
    """WeChat says that the resident agreed: one more message, or with a long-term template all."""
    fresh: Any = insert(MessageCredit).values(
        resident_id=resident_id, template_id=template.id, credits=1, hinted=False, counted_at=now
    )
    more = 1 if template.is_long_term else MessageCredit.credits + 1
    db.execute(
        fresh.on_conflict_do_update(
            index_elements=["resident_id", "template_id"],
            set_={"credits": more, "hinted": False, "counted_at": now},
        )
    )
    _record(db, resident_id, template.id, now, agreed=True)


def count_refusal(db: Session, resident_id: UUID, template: MessageTemplate, *, now: datetime) -> None:
    """WeChat says that the resident refused, or switched the template off."""
    clear(db, resident_id, [template.id], counted_at=now)
    _record(db, resident_id, template.id, now, agreed=False)


def take(db: Session, resident_id: UUID, template: MessageTemplate) -> bool:
    """Use up one credit; False when there is none. A long-term agreement is not used up."""
    has_one = or_(MessageCredit.credits > 0, MessageCredit.hinted)
    mine = (MessageCredit.resident_id == resident_id) & (MessageCredit.template_id == template.id)
    if template.is_long_term:
        return db.scalar(select(has_one).where(mine)) is True
    taken = db.execute(
        update(MessageCredit)
        .where(mine, has_one)
        .values(
            credits=case((MessageCredit.credits > 0, MessageCredit.credits - 1), else_=0),
            hinted=case((MessageCredit.credits > 0, MessageCredit.hinted), else_=False),
        )
        .returning(1)
    )
    return taken.scalar() is not None


def give_back(db: Session, resident_id: UUID, template: MessageTemplate) -> None:
    """Nothing was sent, so nothing is used up."""
    if template.is_long_term:
        return
    db.execute(
        update(MessageCredit)
        .where(MessageCredit.resident_id == resident_id, MessageCredit.template_id == template.id)
        .values(credits=MessageCredit.credits + 1)
    )


def clear(
    db: Session,
    resident_id: UUID,
    template_ids: Collection[str] | None = None,
    *,
    counted_at: datetime | None = None,
) -> None:
    """No more messages of these templates (of any, without `template_ids`) until the resident agrees anew."""
    mine = MessageCredit.resident_id == resident_id
    if template_ids is not None:
        mine &= MessageCredit.template_id.in_(template_ids)
    told = {"counted_at": counted_at} if counted_at else {}
    db.execute(update(MessageCredit).where(mine).values(credits=0, hinted=False, **told))


def _hint_acceptance(db: Session, resident_id: UUID, template_id: str, now: datetime) -> None:
    fresh: Any = insert(MessageCredit).values(
        resident_id=resident_id, template_id=template_id, credits=0, hinted=True
    )
    not_told_yet = or_(MessageCredit.counted_at.is_(None), MessageCredit.counted_at < now - SAME_DIALOG)
    db.execute(
        fresh.on_conflict_do_update(
            index_elements=["resident_id", "template_id"], set_={"hinted": True}, where=not_told_yet
        )
    )


def _record(db: Session, resident_id: UUID, template_id: str, now: datetime, *, agreed: bool) -> None:
    action = "messages.agreed" if agreed else "messages.refused"
    subject = ("resident", resident_id)
    audit.record(db, action, subject=subject, actor=SYSTEM, now=now, template_id=template_id)
