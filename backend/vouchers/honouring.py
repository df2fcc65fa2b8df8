"""At the till: honour a code exactly once, and undo a mistake within a day."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import case, update
from sqlalchemy.orm import Session

from backend.audit import service as audit
from backend.city import City
from backend.core.actor import Actor
from backend.core.clock import day_in_china
from backend.core.errors import DomainError
from backend.core.ids import new_id
from backend.core.keys import KeyRing
from backend.incentives import quotas
from backend.incentives.models import QuotaScope
from backend.incentives.queries import find_by_id
from backend.notices.models import NoticeKind
from backend.notices.service import notify
from backend.partners.queries import get_shop
from backend.vouchers import queries, scanning
from backend.vouchers.counts import count_one, uncount_one
from backend.vouchers.errors import (
    AlreadyReversed,
    NeedsMatch,
    NotValid,
    ScanIdReused,
    TooLateToReverse,
    WrongMatch,
)
from backend.vouchers.models import (
    Counted,
    Redemption,
    RedemptionState,
    Ticket,
    Voucher,
    VoucherState,
)
from backend.vouchers.scanning import Presented, Scan
from backend.vouchers.wrong_tries import counting_wrong_tries

REVERSIBLE_FOR = timedelta(hours=24)


@dataclass(frozen=True)
class Till:
    """Who honours, and what the shop wants noted: its order, the amount in fen."""

    actor: Actor
    shop_id: UUID
    clerk_id: UUID
    order_ref: str | None = None
    amount_fen: int | None = None


def redeem(
    db: Session,
    *,
    city: City,
    code: str,
    scan_id: str,
    match: str | None,
    till: Till,
    ring: KeyRing,
    now: datetime,
) -> tuple[Redemption, bool]:
    """Honour a code once; gives the redemption, and whether it is new.

    A repeated scan (same `scan_id`, same code's ticket) gets the first redemption, even minutes
    later when the code itself is stale: a till on a weak network sends its request again.
    """
    with counting_wrong_tries(db, code=code, actor=till.actor, shop_id=till.shop_id, now=now):
        presented = scanning.read_presented(db, code=code, shop_id=till.shop_id, ring=ring, now=now)
        return _redeem(db, city, presented, scan_id, match, till, now)


def _redeem(
    db: Session,
    city: City,
    presented: Presented,
    scan_id: str,
    match: str | None,
    till: Till,
    now: datetime,
) -> tuple[Redemption, bool]:
    earlier = _find_earlier(db, till, scan_id, presented.ticket_id)
    if earlier:
        return earlier, False
    genuine = scanning.find_genuine(db, presented)
    try:
        scan = scanning.find_scan(db, genuine, city=city, shop_id=till.shop_id, now=now)
        # The ticket is locked from here on: the same scan sent twice in parallel waits above and then
        # finds what the first one did.
        earlier = _find_earlier(db, till, scan_id, presented.ticket_id)
        if earlier:
            return earlier, False
        scanning.check_usable(db, scan, shop_id=till.shop_id, now=now)
        _check_match(db, scan.ticket, match, till, now)
        with db.begin_nested():
            return _honour(db, scan, scan_id, till, now), True
    except DomainError as refusal:
        # Nothing was used, but the shop has looked at a person, and that stays written.
        scanning.record_look(db, genuine, shop_id=till.shop_id, refused=refusal, actor=till.actor, now=now)
        refusal.keeps_changes = True
        raise


def reverse_redemption(
    db: Session, *, redemption_id: UUID, reason: str, till: Till, now: datetime
) -> Redemption:
    """Undo a mistake: what was used is given back, to be used again while it is valid."""
    redemption = queries.lock_redemption_of_shop(db, shop_id=till.shop_id, redemption_id=redemption_id)
    if redemption.state == RedemptionState.REVERSED:
        raise AlreadyReversed
    if now - redemption.accepted_at > REVERSIBLE_FOR:
        raise TooLateToReverse
    redemption.state, redemption.reversed_at = RedemptionState.REVERSED, now
    redemption.reversed_by, redemption.reversal_reason = till.clerk_id, reason
    incentive = find_by_id(db, redemption.incentive_id)
    if redemption.voucher_id:
        _give_use_back(db, redemption.voucher_id, now)
    else:
        used_on = day_in_china(redemption.accepted_at)
        uncount_one(db, incentive, redemption.resident_id, Counted.USE, used_on)
    quotas.give_one_back(db, incentive.id, QuotaScope.SHOP, str(till.shop_id))
    audit.record(
        db,
        "redemption.reversed",
        subject=("redemption", redemption.id),
        actor=till.actor,
        now=now,
        shop=str(till.shop_id),
    )
    shop = get_shop(db, till.shop_id).name
    resident_id, offer = redemption.resident_id, incentive.title
    notify(db, resident_id, NoticeKind.VOUCHER_REVERSED, now=now, offer=offer, shop=shop)
    return redemption


def _find_earlier(db: Session, till: Till, scan_id: str, ticket_id: bytes) -> Redemption | None:
    earlier = queries.find_redemption_by_scan(db, shop_id=till.shop_id, scan_id=scan_id)
    if earlier and earlier.ticket_id != ticket_id:
        raise ScanIdReused
    return earlier


def _check_match(db: Session, ticket: Ticket, match: str | None, till: Till, now: datetime) -> None:
    if ticket.match_number is None:
        return
    if match is None:
        raise NeedsMatch
    if match != ticket.match_number:
        ticket.match_failures += 1
        subject = ("incentive", ticket.incentive_id)
        audit.record(db, "ticket.match_failed", subject=subject, actor=till.actor, now=now)
        raise WrongMatch(tries_left=scanning.MOST_WRONG_MATCHES - ticket.match_failures)


def _honour(db: Session, scan: Scan, scan_id: str, till: Till, now: datetime) -> Redemption:
    ticket, incentive = scan.ticket, scan.incentive
    use_number = None
    if scan.voucher:
        use_number = _use_voucher(db, scan.voucher, till, now)
    else:
        count_one(db, incentive, ticket.resident_id, Counted.USE, day_in_china(now))
    quotas.take_one(db, incentive.id, QuotaScope.SHOP, str(till.shop_id))
    redemption = Redemption(
        id=new_id(),
        ticket_id=ticket.ticket_id,
        voucher_id=ticket.voucher_id,
        use_number=use_number,
        incentive_id=incentive.id,
        incentive_version=incentive.version,
        resident_id=ticket.resident_id,
        shop_id=till.shop_id,
        clerk_id=till.clerk_id,
        scan_id=scan_id,
        order_ref=till.order_ref,
        amount_fen=till.amount_fen,
        state=RedemptionState.ACCEPTED,
        accepted_at=now,
    )
    db.add(redemption)
    _record_use(db, redemption, scan, till, now)
    return redemption


def _use_voucher(db: Session, voucher: Voucher, till: Till, now: datetime) -> int:
    """Take one use off, under the row lock; gives its number, from 1."""
    uses_left = db.execute(
        update(Voucher)
        .where(Voucher.id == voucher.id, Voucher.state == VoucherState.ISSUED)
        .where(Voucher.uses_left > 0, Voucher.expires_at > now)
        .values(
            uses_left=Voucher.uses_left - 1,
            state=case((Voucher.uses_left == 1, VoucherState.REDEEMED), else_=VoucherState.ISSUED),
        )
        .returning(Voucher.uses_left)
    ).scalar()
    if uses_left is None:
        # Another ticket of the same voucher was faster.
        db.refresh(voucher)
        scanning.check_voucher(db, voucher, shop_id=till.shop_id, now=now)
        raise NotValid
    return 1 if voucher.uses == 1 else queries.get_free_use_number(db, voucher)


def _give_use_back(db: Session, voucher_id: UUID, now: datetime) -> None:
    ended = case((Voucher.state == VoucherState.REDEEMED, VoucherState.REVERSED), else_=Voucher.state)
    db.execute(
        update(Voucher)
        .where(Voucher.id == voucher_id)
        .values(
            uses_left=Voucher.uses_left + 1,
            state=case(
                (Voucher.state.not_in([VoucherState.REDEEMED, VoucherState.ISSUED]), Voucher.state),
                (Voucher.expires_at > now, VoucherState.ISSUED),
                else_=ended,
            ),
        )
    )


def _record_use(db: Session, redemption: Redemption, scan: Scan, till: Till, now: datetime) -> None:
    subject = ("redemption", redemption.id)
    voucher = str(redemption.voucher_id) if redemption.voucher_id else None
    audit.record(
        db,
        "voucher.redeemed" if voucher else "entitlement.used",
        subject=subject,
        actor=till.actor,
        now=now,
        shop=str(till.shop_id),
        incentive=str(redemption.incentive_id),
        voucher=voucher,
    )
    shop, offer = get_shop(db, till.shop_id).name, scan.incentive.title
    audit.record_access(
        db,
        resident_id=redemption.resident_id,
        actor=till.actor,
        looked_by=shop,
        purpose=f"使用“{offer}”",
        shown="可享受",
        now=now,
    )
    notify(db, redemption.resident_id, NoticeKind.VOUCHER_REDEEMED, now=now, offer=offer, shop=shop)
