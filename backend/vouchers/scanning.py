"""What a code, scanned or typed, is worth at this shop now, without using it.

A shop learns the offer and "entitled or not". Whatever is wrong with a code, other than that it was
used, asks for more or comes at the wrong hour, gets the same one answer.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from backend.audit import service as audit
from backend.city import City
from backend.consents.models import SCORING
from backend.consents.queries import hold_consent
from backend.core.actor import Actor
from backend.core.clock import day_in_china
from backend.core.errors import DomainError
from backend.core.keys import KeyRing
from backend.core.readable_codes import read_code
from backend.incentives import quotas
from backend.incentives.models import Incentive, QuotaScope
from backend.incentives.queries import find_by_id, holds_at
from backend.incentives.rules import check_open, is_honoured_at
from backend.incentives.versions import as_promised, shops_promised
from backend.partners.queries import get_shop
from backend.vouchers import queries
from backend.vouchers.counts import times_left
from backend.vouchers.entitlement import standing_of
from backend.vouchers.errors import AlreadyRedeemed, LimitReached, NotAtThisHour, NotValid
from backend.vouchers.models import Redemption, RedemptionState, Ticket, Voucher, VoucherState
from backend.vouchers.ticket.judge import Outcome, PublicTicketKey, judge
from backend.vouchers.ticket.layout import Algorithm
from backend.vouchers.ticket.malformed import MalformedTicket
from backend.vouchers.ticket.text import decode
from backend.vouchers.wrong_tries import counting_wrong_tries

MOST_WRONG_MATCHES = 3


@dataclass(frozen=True)
class Presented:
    """The ticket that a code stands for. `is_fresh` is false for a code that is forged, stale or over;
    `offer` is None where the code does not say it."""

    ticket_id: bytes
    offer: int | None
    is_fresh: bool


@dataclass(frozen=True)
class Genuine:
    """A code of ours that is fresh, and whose it is. Whether it is good for anything is not yet known."""

    ticket_id: bytes
    offer: int | None
    resident_id: UUID
    incentive_id: UUID


@dataclass(frozen=True)
class Scan:
    """A genuine code for something that may be honoured here; `voucher` is None for a standing one."""

    ticket: Ticket
    incentive: Incentive
    voucher: Voucher | None

    @property
    def valid_until(self) -> datetime:
        return self.voucher.expires_at if self.voucher else self.ticket.expires_at


@dataclass(frozen=True)
class Verdict:
    """Entitled or not. `reason` is a refusal's code; the offer is told only for codes that are valid, and
    `tries_left` only for typed ones that are not."""

    entitled: bool
    reason: str | None
    scan: Scan | None
    tries_left: int | None = None


def check_code(
    db: Session, *, city: City, code: str, shop_id: UUID, ring: KeyRing, actor: Actor, now: datetime
) -> Verdict:
    """Entitled or not, without using it. The resident can read that this shop looked."""
    try:
        with counting_wrong_tries(db, code=code, actor=actor, shop_id=shop_id, now=now):
            return _check(db, city, code, shop_id, ring, actor, now)
    except NotValid as refusal:
        return Verdict(False, refusal.code, None, refusal.data.get("tries_left"))


def _check(
    db: Session, city: City, code: str, shop_id: UUID, ring: KeyRing, actor: Actor, now: datetime
) -> Verdict:
    genuine = find_genuine(db, read_presented(db, code=code, shop_id=shop_id, ring=ring, now=now))
    refused: DomainError | None = None
    scan: Scan | None = None
    try:
        scan = find_scan(db, genuine, city=city, shop_id=shop_id, now=now)
        check_usable(db, scan, shop_id=shop_id, now=now)
    except DomainError as refusal:
        refused = refusal
    record_look(db, genuine, shop_id=shop_id, refused=refused, actor=actor, now=now)
    if isinstance(refused, NotValid):
        raise refused
    return Verdict(refused is None, refused.code if refused else None, scan)


def record_look(
    db: Session,
    genuine: Genuine,
    *,
    shop_id: UUID,
    refused: DomainError | None,
    actor: Actor,
    now: datetime,
) -> None:
    """That a shop looked at a person through a genuine code, whatever it was told."""
    incentive = find_by_id(db, genuine.incentive_id)
    audit.record(
        db,
        "code.checked",
        subject=("incentive", incentive.id),
        actor=actor,
        now=now,
        shop=str(shop_id),
        refusal=refused.code if refused else None,
    )
    audit.record_access(
        db,
        resident_id=genuine.resident_id,
        actor=actor,
        looked_by=get_shop(db, shop_id).name,
        purpose=f"核验能否享受“{incentive.title}”",
        shown="不可享受" if refused else "可享受",
        now=now,
    )


def read_presented(db: Session, *, code: str, shop_id: UUID, ring: KeyRing, now: datetime) -> Presented:
    """What a code says it is; NotValid for what is no code."""
    typed = read_code(code)
    if typed is not None:
        found = queries.find_typed_ticket(db, code=typed, shop_id=shop_id, now=now)
        if found is None:
            raise NotValid
        ticket_id, is_live = found
        return Presented(ticket_id, None, is_live)
    try:
        scanned = decode(code)
    except MalformedTicket:
        raise NotValid from None
    is_valid = judge(scanned, public_keys=public_keys(ring), now=now) is Outcome.VALID
    return Presented(scanned.body.ticket_id, scanned.body.offer, is_valid)


def find_genuine(db: Session, presented: Presented) -> Genuine:
    """Whose a fresh code is; NotValid otherwise, and nobody was looked at."""
    found = queries.find_ticket_holder(db, presented.ticket_id) if presented.is_fresh else None
    if found is None:
        raise NotValid
    return Genuine(presented.ticket_id, presented.offer, *found)


def find_scan(db: Session, genuine: Genuine, *, city: City, shop_id: UUID, now: datetime) -> Scan:
    """What the code stands for, its ticket locked; NotValid for whatever may not be told apart."""
    # The consent before the ticket: a withdrawal takes its locks in the same order.
    if not hold_consent(db, genuine.resident_id, SCORING):
        raise NotValid
    ticket = queries.lock_ticket(db, genuine.ticket_id)
    if ticket is None or ticket.revoked_at is not None:
        raise NotValid
    voucher = db.get(Voucher, ticket.voucher_id, populate_existing=True) if ticket.voucher_id else None
    incentive = find_by_id(db, ticket.incentive_id)
    if voucher:
        incentive = as_promised(db, incentive, voucher.incentive_version)
    if genuine.offer not in (None, incentive.number) or not _holds_at(db, incentive, shop_id, voucher):
        raise NotValid
    if voucher is None:
        _check_still_open(db, city, incentive, ticket.resident_id, now)
    return Scan(ticket, incentive, voucher)


def check_usable(db: Session, scan: Scan, *, shop_id: UUID, now: datetime) -> None:
    """Raise why a genuine code cannot be used now: used before, ended, limit reached, wrong hour."""
    used = queries.find_redemption_of_ticket(db, scan.ticket.ticket_id)
    if used and used.state == RedemptionState.ACCEPTED:
        raise already_redeemed(used, shop_id)
    # After an undone use the phone shows a new code; the old one stays dead.
    if used:
        raise NotValid
    if scan.ticket.match_failures >= MOST_WRONG_MATCHES:
        raise NotValid
    if scan.voucher:
        check_voucher(db, scan.voucher, shop_id=shop_id, now=now)
    else:
        left = times_left(db, [scan.incentive], scan.ticket.resident_id, day_in_china(now))
        if left[scan.incentive.id] <= 0:
            raise LimitReached
    if not is_honoured_at(scan.incentive, now):
        raise NotAtThisHour
    quotas.check_left(db, scan.incentive.id, QuotaScope.SHOP, str(shop_id))


def check_voucher(db: Session, voucher: Voucher, *, shop_id: UUID, now: datetime) -> None:
    if voucher.state == VoucherState.REDEEMED:
        used = queries.find_last_redemption(db, voucher.id)
        raise already_redeemed(used, shop_id) if used else NotValid()
    if voucher.state != VoucherState.ISSUED or voucher.expires_at <= now:
        raise NotValid


def already_redeemed(used: Redemption, shop_id: UUID) -> AlreadyRedeemed:
    """With the time for the shop that honoured it, without for any other."""
    if used.shop_id != shop_id:
        return AlreadyRedeemed()
    return AlreadyRedeemed(redeemed_at=used.accepted_at.isoformat())


def public_keys(ring: KeyRing) -> dict[int, PublicTicketKey]:
    """The public halves of the ticket keys, by key id."""
    return {
        key.key_id: PublicTicketKey(
            key.key_id, Algorithm.ED25519, key.public_bytes, key.valid_from, key.valid_until
        )
        for key in ring.ticket
    }


def _holds_at(db: Session, incentive: Incentive, shop_id: UUID, voucher: Voucher | None) -> bool:
    """At today's shops, and for a voucher also at those that its version promised."""
    if holds_at(db, incentive.id, shop_id):
        return True
    return voucher is not None and shop_id in shops_promised(db, incentive.id, voucher.incentive_version)


def _check_still_open(
    db: Session, city: City, incentive: Incentive, resident_id: UUID, now: datetime
) -> None:
    """A standing entitlement is judged at each use; what is held as a voucher is not."""
    try:
        check_open(incentive, now=now)
        standing_of(db, city, resident_id, day_in_china(now)).check_entitled(incentive)
    except DomainError:
        raise NotValid from None
