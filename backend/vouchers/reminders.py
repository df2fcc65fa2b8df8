"""A notice some days before a voucher ends unused."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.audit import service as audit
from backend.core.actor import SYSTEM
from backend.core.clock import last_day_before
from backend.incentives.queries import find_by_ids
from backend.notices.models import NoticeKind
from backend.notices.service import notify
from backend.vouchers.models import Voucher, VoucherState

DAYS_BEFORE = 3


def remind_of_ending(db: Session, *, now: datetime) -> int:
    """Tell holders of vouchers that end on the third day from now; run once a day. Gives how many."""
    first = now + timedelta(days=DAYS_BEFORE - 1)
    ending = db.scalars(
        select(Voucher)
        .where(Voucher.state == VoucherState.ISSUED)
        .where(Voucher.expires_at > first, Voucher.expires_at <= first + timedelta(days=1))
    ).all()
    offers = find_by_ids(db, [voucher.incentive_id for voucher in ending])
    for voucher in ending:
        until = last_day_before(voucher.expires_at)
        offer = offers[voucher.incentive_id].title
        notify(db, voucher.resident_id, NoticeKind.VOUCHER_ENDS_SOON, now=now, offer=offer, until=until)
    subject = ("vouchers", "ending")
    audit.record(db, "vouchers.reminded", subject=subject, actor=SYSTEM, now=now, count=len(ending))
    return len(ending)
