"""What a resident may show at a till, and signing the tickets that a phone shows as QR codes."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import insert
from sqlalchemy.orm import Session

from backend.audit import service as audit
from backend.city import City
from backend.core.actor import Actor
from backend.core.clock import day_in_china
from backend.core.keys import KeyRing
from backend.identity.sessions import hold_session
from backend.incentives.errors import IncentiveNotClaimable
from backend.incentives.models import Form, Incentive
from backend.incentives.queries import find_by_id
from backend.incentives.rules import check_open
from backend.incentives.versions import as_promised
from backend.vouchers import queries
from backend.vouchers.entitlement import check_consent_held, standing_of
from backend.vouchers.errors import NotHeld
from backend.vouchers.models import Ticket, VoucherState
from backend.vouchers.ticket.layout import Flags, TicketBody
from backend.vouchers.ticket.signing import sign

LIFE_MINUTES = 240


@dataclass(frozen=True)
class SignedTicket:
    """The 106 signed bytes, and for offers that ask for it the digits the resident says aloud."""

    ticket_id: bytes
    signed: bytes
    match_number: str | None


@dataclass(frozen=True)
class Draft:
    """What the phone drew: an id never used before, and the anchor of its secret chain."""

    ticket_id: bytes
    anchor: bytes


@dataclass(frozen=True)
class Showable:
    """A voucher in hand, or with None an open standing entitlement."""

    incentive: Incentive
    voucher_id: UUID | None
    ends_at: datetime | None


def find_showable(
    db: Session,
    *,
    city: City,
    resident_id: UUID,
    voucher_id: UUID | None,
    incentive_id: UUID | None,
    actor: Actor,
    now: datetime,
) -> Showable:
    """What one of the two ids stands for, open to the resident. Session and consent are held, so that an
    end of either finds what is made of it."""
    hold_session(db, actor)
    if voucher_id:
        showable = _held_voucher(db, resident_id, voucher_id, now)
    else:
        assert incentive_id is not None
        showable = _open_standing(db, city, resident_id, incentive_id, now)
    check_consent_held(db, resident_id)
    return showable


def sign_tickets(
    db: Session,
    showable: Showable,
    *,
    resident_id: UUID,
    drafts: Sequence[Draft],
    ring: KeyRing,
    actor: Actor,
    now: datetime,
) -> list[SignedTicket]:
    key = ring.ticket_key(now)
    start, incentive = now.replace(microsecond=0), showable.incentive
    life = _life_minutes(showable.ends_at, start)
    rows, signed = [], []
    for draft in drafts:
        body = TicketBody(
            key_id=key.key_id,
            ticket_id=draft.ticket_id,
            offer=incentive.number,
            not_before=int(start.timestamp()),
            life_minutes=life,
            flags=_flags(incentive),
            anchor=draft.anchor,
        )
        match_number = draw_match_number(incentive)
        signed.append(SignedTicket(draft.ticket_id, sign(body, key.private_key), match_number))
        rows.append(
            {
                "ticket_id": draft.ticket_id,
                "resident_id": resident_id,
                "incentive_id": incentive.id,
                "voucher_id": showable.voucher_id,
                "anchor": draft.anchor,
                "not_before": start,
                "expires_at": body.expires_at,
                "match_number": match_number,
                "match_failures": 0,
            }
        )
    db.execute(insert(Ticket), rows)
    subject = ("incentive", incentive.id)
    audit.record(db, "ticket.signed", subject=subject, actor=actor, now=now, count=len(rows))
    return signed


def draw_match_number(incentive: Incentive) -> str | None:
    return f"{secrets.randbelow(100):02}" if incentive.needs_match else None


def _held_voucher(db: Session, resident_id: UUID, voucher_id: UUID, now: datetime) -> Showable:
    """A held voucher needs no score any more, only consent."""
    voucher = queries.get_voucher(db, resident_id=resident_id, voucher_id=voucher_id)
    if voucher.state != VoucherState.ISSUED or voucher.expires_at <= now:
        raise NotHeld
    incentive = as_promised(db, find_by_id(db, voucher.incentive_id), voucher.incentive_version)
    return Showable(incentive, voucher.id, voucher.expires_at)


def _open_standing(db: Session, city: City, resident_id: UUID, incentive_id: UUID, now: datetime) -> Showable:
    incentive = find_by_id(db, incentive_id)
    check_open(incentive, now=now)
    if incentive.form != Form.STANDING:
        raise IncentiveNotClaimable
    standing_of(db, city, resident_id, day_in_china(now)).check_entitled(incentive)
    return Showable(incentive, None, None)


def _life_minutes(ends_at: datetime | None, start: datetime) -> int:
    """The usual life, cut short where what is shown ends before; at least a minute."""
    if ends_at is None:
        return LIFE_MINUTES
    return max(1, min(LIFE_MINUTES, (ends_at - start) // timedelta(minutes=1)))


def _flags(incentive: Incentive) -> Flags:
    flags = Flags(0)
    if incentive.offline:
        flags |= Flags.OFFLINE
    if incentive.needs_match:
        flags |= Flags.NEEDS_MATCH
    return flags
