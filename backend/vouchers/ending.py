"""How vouchers end: given back, run out of time, or with the resident's consent."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from backend.audit import service as audit
from backend.city import City
from backend.consents.models import SCORING
from backend.consents.service import ConsentChange, Effect
from backend.core.actor import SYSTEM, Actor
from backend.core.clock import day_in_china
from backend.identity.queries import lock_resident
from backend.incentives import quotas
from backend.incentives.models import QuotaScope
from backend.incentives.queries import find_by_id, find_by_ids
from backend.notices.models import NoticeKind
from backend.notices.service import notify
from backend.vouchers import queries
from backend.vouchers.counts import uncount_one
from backend.vouchers.errors import NotReturnable
from backend.vouchers.models import Counted, Ticket, Voucher, VoucherState


def give_back_voucher(
    db: Session, *, resident_id: UUID, voucher_id: UUID, actor: Actor, now: datetime
) -> Voucher:
    """Return an unused voucher to its quota. Giving back twice changes nothing the second time."""
    voucher = queries.get_voucher(db, resident_id=resident_id, voucher_id=voucher_id)
    if not _cancel_unused(db, voucher, actor, now):
        db.refresh(voucher)
        if voucher.state != VoucherState.CANCELLED:
            raise NotReturnable
        return voucher
    title = find_by_id(db, voucher.incentive_id).title
    notify(db, resident_id, NoticeKind.VOUCHER_GIVEN_BACK, now=now, offer=title)
    return voucher


def expire_vouchers(db: Session, *, now: datetime, limit: int) -> int:
    """End vouchers whose time is over; gives how many. Their place in the quota stays taken."""
    due = (
        select(Voucher.id)
        .where(Voucher.state == VoucherState.ISSUED, Voucher.expires_at <= now)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    ended = db.scalars(
        update(Voucher)
        .where(Voucher.id.in_(due))
        .values(state=VoucherState.EXPIRED, ended_at=now)
        .returning(Voucher)
    ).all()
    titles = find_by_ids(db, [voucher.incentive_id for voucher in ended])
    for voucher in ended:
        _record(db, "voucher.expired", voucher, SYSTEM, now)
        title = titles[voucher.incentive_id].title
        notify(db, voucher.resident_id, NoticeKind.VOUCHER_EXPIRED, now=now, offer=title)
    return len(ended)


def end_with_consent(db: Session, *, change: ConsentChange) -> None:
    """When the consent to scoring is withdrawn: open vouchers end, and no code is good any more."""
    if change.purpose == SCORING:
        _end_all(db, change.resident_id, SYSTEM, change.now)


def end_with_closing(db: Session, *, resident_id: UUID, city: City, actor: Actor, now: datetime) -> None:  # noqa: ARG001
    """When the office closes a resident, with whatever consent."""
    _end_all(db, resident_id, actor, now)


def revoke_tickets(db: Session, *, resident_id: UUID, actor: Actor, now: datetime) -> None:
    """Put every ticket that a phone may still show on the deny list; the vouchers stay."""
    # In one order, like everybody who locks several: two would else wait for each other.
    open_tickets = db.scalars(
        select(Ticket.ticket_id)
        .where(Ticket.resident_id == resident_id, Ticket.revoked_at.is_(None), Ticket.expires_at > now)
        .order_by(Ticket.ticket_id)
        .with_for_update()
    ).all()
    if open_tickets:
        db.execute(update(Ticket).where(Ticket.ticket_id.in_(open_tickets)).values(revoked_at=now))
        subject = ("resident", resident_id)
        audit.record(db, "tickets.revoked", subject=subject, actor=actor, now=now, count=len(open_tickets))


def list_revoked_tickets(db: Session, *, now: datetime) -> Sequence[bytes]:
    """The deny list: ids of tickets that were revoked and would still be good, in their own order."""
    query = select(Ticket.ticket_id).where(Ticket.revoked_at.is_not(None), Ticket.expires_at > now)
    return db.scalars(query.order_by(Ticket.ticket_id)).all()


def what_ends(db: Session, *, change: ConsentChange) -> list[Effect]:
    """What a withdrawal of the consent to scoring ends here."""
    if change.purpose != SCORING:
        return []
    query = select(func.count()).where(
        Voucher.resident_id == change.resident_id, Voucher.state == VoucherState.ISSUED
    )
    held = db.scalar(query) or 0
    entitlements = Effect("entitlements_end", "不能再领取和使用激励，已出示的二维码立即失效", 1)
    vouchers = Effect("vouchers_cancelled", "还没用完的券将被取消，名额让给其他人", held)
    return [vouchers, entitlements] if held else [entitlements]


def _end_all(db: Session, resident_id: UUID, actor: Actor, now: datetime) -> None:
    lock_resident(db, resident_id)
    held = queries.list_vouchers(db, resident_id, states=[VoucherState.ISSUED], before=None, limit=None)
    # In one order for everybody, so that two people leaving at once do not wait for each other's quotas.
    for voucher in sorted(held, key=lambda voucher: voucher.incentive_id):
        if not _cancel_unused(db, voucher, actor, now):
            _cancel_used(db, voucher, actor, now)
    revoke_tickets(db, resident_id=resident_id, actor=actor, now=now)


def _cancel_unused(db: Session, voucher: Voucher, actor: Actor, now: datetime) -> bool:
    """Cancel a voucher of which nothing was used and put its place back; False when used or over."""
    cancelled = db.execute(
        update(Voucher)
        .where(Voucher.id == voucher.id, Voucher.state == VoucherState.ISSUED)
        .where(Voucher.uses_left == Voucher.uses, Voucher.expires_at > now)
        .values(state=VoucherState.CANCELLED, ended_at=now)
        .returning(Voucher.id)
    ).scalar()
    if cancelled is None:
        return False
    incentive = find_by_id(db, voucher.incentive_id)
    claimed_on = day_in_china(voucher.issued_at)
    uncount_one(db, incentive, voucher.resident_id, Counted.CLAIM, claimed_on)
    quotas.give_one_back(db, incentive.id, QuotaScope.DAY, claimed_on.isoformat())
    quotas.give_one_back(db, incentive.id, QuotaScope.TOTAL)
    _record(db, "voucher.cancelled", voucher, actor, now)
    return True


def _cancel_used(db: Session, voucher: Voucher, actor: Actor, now: datetime) -> None:
    voucher.state, voucher.ended_at = VoucherState.CANCELLED, now
    _record(db, "voucher.cancelled", voucher, actor, now)


def _record(db: Session, action: str, voucher: Voucher, actor: Actor, now: datetime) -> None:
    subject = ("voucher", voucher.id)
    audit.record(db, action, subject=subject, actor=actor, now=now, incentive=str(voucher.incentive_id))
