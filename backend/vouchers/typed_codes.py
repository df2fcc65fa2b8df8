"""Typed codes: for a screen that cannot be scanned, or a till without camera.

A typed code stands for a ticket as a QR code does, so that using, undoing and ending it go the same
ways. But it is online only, for one shop and a few minutes, and it can be guessed: `wrong_tries`.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row, delete, select, update
from sqlalchemy.orm import Session

from backend.audit import service as audit
from backend.city import City
from backend.core.actor import Actor
from backend.core.indexes import reserve_index
from backend.core.readable_codes import draw_code
from backend.identity.queries import lock_resident
from backend.incentives.queries import find_open_shop, shops_of
from backend.incentives.versions import shops_promised
from backend.vouchers.errors import NotAtThisShop
from backend.vouchers.models import Ticket, TypedCode
from backend.vouchers.showing import Showable, draw_match_number, find_showable
from backend.vouchers.ticket.layout import TICKET_ID_BYTES

LIFE = timedelta(minutes=10)
# For a till that sends the use of a code again.
KEPT = timedelta(days=1)


@dataclass(frozen=True)
class DrawnCode:
    """What the phone shows; the characters are told this once and kept as a fingerprint only."""

    code: str
    shop: Row[Any]
    expires_at: datetime
    match_number: str | None


def draw_typed_code(
    db: Session,
    *,
    city: City,
    resident_id: UUID,
    voucher_id: UUID | None,
    incentive_id: UUID | None,
    shop_id: UUID,
    actor: Actor,
    now: datetime,
) -> DrawnCode:
    """A code for a held voucher or an open standing entitlement at one shop; an earlier one ends."""
    # First of all locks, like those who end what a resident has: two phones take turns here.
    lock_resident(db, resident_id)
    showable = find_showable(
        db,
        city=city,
        resident_id=resident_id,
        voucher_id=voucher_id,
        incentive_id=incentive_id,
        actor=actor,
        now=now,
    )
    incentive = showable.incentive
    shop = _find_shop(db, showable, shop_id)
    if shop is None:
        raise NotAtThisShop(errors={"shop_id": [NotAtThisShop.detail]})
    db.execute(
        update(TypedCode)
        .where(TypedCode.resident_id == resident_id, TypedCode.incentive_id == incentive.id)
        .where(TypedCode.voucher_id.is_not_distinct_from(showable.voucher_id))
        .where(TypedCode.replaced_at.is_(None))
        .values(replaced_at=now)
    )
    code = draw_code()
    ticket = Ticket(
        ticket_id=secrets.token_bytes(TICKET_ID_BYTES),
        resident_id=resident_id,
        incentive_id=incentive.id,
        voucher_id=showable.voucher_id,
        not_before=now,
        expires_at=min(now + LIFE, showable.ends_at or now + LIFE),
        match_number=draw_match_number(incentive),
    )
    db.add(ticket)
    db.flush()
    db.add(
        TypedCode(
            ticket_id=ticket.ticket_id,
            code_index=reserve_index(db, TypedCode.code_index, code),
            resident_id=resident_id,
            incentive_id=incentive.id,
            voucher_id=showable.voucher_id,
            shop_id=shop_id,
        )
    )
    subject = ("incentive", incentive.id)
    audit.record(db, "typed_code.drawn", subject=subject, actor=actor, now=now, shop=str(shop_id))
    return DrawnCode(code, shop, ticket.expires_at, ticket.match_number)


def _find_shop(db: Session, showable: Showable, shop_id: UUID) -> Row[Any] | None:
    """Where it holds today, or where the version of a voucher promised it."""
    incentive = showable.incentive
    today = next((shop for shop in shops_of(db, incentive.id, None) if shop.id == shop_id), None)
    if today or showable.voucher_id is None:
        return today
    is_promised = shop_id in shops_promised(db, incentive.id, incentive.version)
    return find_open_shop(db, shop_id) if is_promised else None


def forget_typed_codes(db: Session, *, now: datetime) -> None:
    """Delete the codes that ended a while ago. What was used keeps its ticket."""
    ended = select(Ticket.ticket_id).where(Ticket.anchor.is_(None), Ticket.expires_at < now - KEPT)
    db.execute(delete(TypedCode).where(TypedCode.ticket_id.in_(ended)))
