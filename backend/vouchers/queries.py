"""Reads of vouchers and redemptions."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Row, case, func, select
from sqlalchemy.orm import Session

from backend.core.clock import day_bounds
from backend.core.encryption import blind_indexes
from backend.core.errors import NotFound
from backend.core.scopes import serving
from backend.partners.queries import shops_of_unit
from backend.vouchers.models import (
    Redemption,
    RedemptionState,
    Ticket,
    TypedCode,
    Voucher,
    VoucherState,
)


def get_voucher(db: Session, *, resident_id: UUID, voucher_id: UUID) -> Voucher:
    """The resident's own voucher; another's is not found."""
    query = select(Voucher).where(Voucher.id == voucher_id, Voucher.resident_id == resident_id)
    voucher = db.scalars(query).one_or_none()
    if voucher is None:
        raise NotFound
    return voucher


def list_vouchers(
    db: Session, resident_id: UUID, *, states: Sequence[VoucherState], before: UUID | None, limit: int | None
) -> Sequence[Voucher]:
    """Newest first; ids are time-ordered, so `before` is the last id already shown."""
    query = select(Voucher).where(Voucher.resident_id == resident_id)
    if states:
        query = query.where(Voucher.state.in_(states))
    if before:
        query = query.where(Voucher.id < before)
    return db.scalars(query.order_by(Voucher.id.desc()).limit(limit)).all()


def last_redeemed_at(db: Session, voucher_ids: Sequence[UUID]) -> dict[UUID, datetime]:
    """When each voucher was last honoured, reversed uses left out."""
    rows = db.execute(
        select(Redemption.voucher_id, func.max(Redemption.accepted_at))
        .where(Redemption.voucher_id.in_(voucher_ids), Redemption.state == RedemptionState.ACCEPTED)
        .group_by(Redemption.voucher_id)
    )
    return {voucher_id: moment for voucher_id, moment in rows if voucher_id is not None}


def find_redemption_by_scan(db: Session, *, shop_id: UUID, scan_id: str) -> Redemption | None:
    query = select(Redemption).where(Redemption.shop_id == shop_id, Redemption.scan_id == scan_id)
    return db.scalars(query).one_or_none()


def find_redemption_of_ticket(db: Session, ticket_id: bytes) -> Redemption | None:
    return db.scalars(select(Redemption).where(Redemption.ticket_id == ticket_id)).one_or_none()


def find_last_redemption(db: Session, voucher_id: UUID) -> Redemption | None:
    """The latest use of a voucher that stands."""
    query = select(Redemption).where(
        Redemption.voucher_id == voucher_id, Redemption.state == RedemptionState.ACCEPTED
    )
    return db.scalars(query.order_by(Redemption.accepted_at.desc()).limit(1)).one_or_none()


def get_free_use_number(db: Session, voucher: Voucher) -> int:
    """The lowest number that no standing use has: an earlier use may have been undone."""
    taken = db.scalars(
        select(Redemption.use_number).where(
            Redemption.voucher_id == voucher.id, Redemption.state == RedemptionState.ACCEPTED
        )
    ).all()
    return min(set(range(1, voucher.uses + 1)).difference(taken))


def find_ticket_holder(db: Session, ticket_id: bytes) -> tuple[UUID, UUID] | None:
    """Whose ticket it is, and for which incentive; the shop's transaction may see that customer's rows
    from here on."""
    query = select(Ticket.resident_id, Ticket.incentive_id, serving(Ticket.resident_id))
    found = db.execute(query.where(Ticket.ticket_id == ticket_id)).one_or_none()
    return (found.resident_id, found.incentive_id) if found else None


def find_typed_ticket(db: Session, *, code: str, shop_id: UUID, now: datetime) -> tuple[bytes, bool] | None:
    """The id of the ticket that a typed code stands for at this shop, and whether the code is live."""
    is_live = TypedCode.replaced_at.is_(None) & (Ticket.expires_at > now)
    query = select(TypedCode.ticket_id, is_live).join(Ticket, Ticket.ticket_id == TypedCode.ticket_id)
    typed = TypedCode.code_index.in_(blind_indexes("typed_codes.code", code))
    found = db.execute(query.where(typed, TypedCode.shop_id == shop_id)).one_or_none()
    return (found[0], found[1]) if found else None


def lock_ticket(db: Session, ticket_id: bytes) -> Ticket | None:
    """The ticket, kept to this transaction: two scans of one code are judged one after the other."""
    query = select(Ticket).where(Ticket.ticket_id == ticket_id).with_for_update()
    return db.scalars(query.execution_options(populate_existing=True)).one_or_none()


def lock_redemption_of_shop(db: Session, *, shop_id: UUID, redemption_id: UUID) -> Redemption:
    """A redemption of the shop, whose transaction may see that customer's rows from here on."""
    query = select(Redemption, serving(Redemption.resident_id)).where(
        Redemption.id == redemption_id, Redemption.shop_id == shop_id
    )
    redemption: Redemption | None = db.scalars(query.with_for_update()).one_or_none()
    if redemption is None:
        raise NotFound
    return redemption


def list_redemptions(
    db: Session, shop_id: UUID, *, on: date | None, before: UUID | None, limit: int
) -> Sequence[Redemption]:
    """The shop's redemptions, newest first, of one day in China or of all."""
    query = select(Redemption).where(Redemption.shop_id == shop_id)
    if on:
        start, end = day_bounds(on)
        query = query.where(Redemption.accepted_at >= start, Redemption.accepted_at < end)
    if before:
        query = query.where(Redemption.id < before)
    return db.scalars(query.order_by(Redemption.id.desc()).limit(limit)).all()


def summarise_day(db: Session, shop_id: UUID, on: date) -> Sequence[Row[UUID, int, int, int]]:
    """Per incentive of that day in China: (incentive id, accepted, reversed, amount of accepted in fen)."""
    start, end = day_bounds(on)
    accepted = Redemption.state == RedemptionState.ACCEPTED
    query = (
        select(
            Redemption.incentive_id,
            func.count().filter(accepted),
            func.count().filter(~accepted),
            func.coalesce(func.sum(case((accepted, Redemption.amount_fen))), 0),
        )
        .where(Redemption.shop_id == shop_id)
        .where(Redemption.accepted_at >= start, Redemption.accepted_at < end)
        .group_by(Redemption.incentive_id)
        .order_by(func.count().desc(), Redemption.incentive_id)
    )
    return db.execute(query).all()


def count_uses(db: Session, incentive_ids: Sequence[UUID], unit_id: UUID) -> dict[UUID, int]:
    """How often each was honoured at the shops of its unit."""
    query = select(Redemption.incentive_id, func.count()).where(
        Redemption.shop_id.in_(shops_of_unit(unit_id)),
        Redemption.state == RedemptionState.ACCEPTED,
        Redemption.incentive_id.in_(incentive_ids),
    )
    return dict(db.execute(query.group_by(Redemption.incentive_id)).all())
