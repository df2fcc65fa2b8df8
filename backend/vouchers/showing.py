"""Signing the tickets that a phone shows as rotating QR codes."""

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
class _Shown:
    incentive: Incentive
    voucher_id: UUID | None
    ends_at: datetime | None


def sign_tickets_for_voucher(
    db: Session,
    *,
    resident_id: UUID,
    voucher_id: UUID,
    drafts: Sequence[Draft],
    ring: KeyRing,
    actor: Actor,
    now: datetime,
) -> list[SignedTicket]:
    """Tickets for a voucher the resident holds. A held voucher needs no score any more, only consent."""
    hold_session(db, actor)
    voucher = queries.get_voucher(db, resident_id=resident_id, voucher_id=voucher_id)
    if voucher.state != VoucherState.ISSUED or voucher.expires_at <= now:
        raise NotHeld
    check_consent_held(db, resident_id)
    shown = _Shown(find_by_id(db, voucher.incentive_id), voucher.id, voucher.expires_at)
    return _sign(db, shown, resident_id, drafts, ring, actor, now)


def sign_tickets_for_standing(
    db: Session,
    *,
    city: City,
    resident_id: UUID,
    incentive_id: UUID,
    drafts: Sequence[Draft],
    ring: KeyRing,
    actor: Actor,
    now: datetime,
) -> list[SignedTicket]:
    """Tickets for a standing entitlement that is open to the resident today."""
    hold_session(db, actor)
    incentive = find_by_id(db, incentive_id)
    check_open(incentive, now=now)
    if incentive.form != Form.STANDING:
        raise IncentiveNotClaimable
    standing_of(db, city, resident_id, day_in_china(now)).check_entitled(incentive)
    check_consent_held(db, resident_id)
    return _sign(db, _Shown(incentive, None, None), resident_id, drafts, ring, actor, now)


def _sign(
    db: Session,
    shown: _Shown,
    resident_id: UUID,
    drafts: Sequence[Draft],
    ring: KeyRing,
    actor: Actor,
    now: datetime,
) -> list[SignedTicket]:
    key = ring.ticket_key(now)
    start, incentive = now.replace(microsecond=0), shown.incentive
    life = _life_minutes(shown.ends_at, start)
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
        match_number = f"{secrets.randbelow(100):02}" if incentive.needs_match else None
        signed.append(SignedTicket(draft.ticket_id, sign(body, key.private_key), match_number))
        rows.append(
            {
                "ticket_id": draft.ticket_id,
                "resident_id": resident_id,
                "incentive_id": incentive.id,
                "voucher_id": shown.voucher_id,
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
