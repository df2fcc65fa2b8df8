"""Claiming a voucher from its quota."""

from datetime import UTC, datetime, time, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from backend.audit import service as audit
from backend.city import City
from backend.core.actor import Actor
from backend.core.clock import CHINA, day_in_china, last_day_before
from backend.core.ids import new_id
from backend.incentives import quotas
from backend.incentives.errors import IncentiveNotClaimable
from backend.incentives.models import Form, Incentive, QuotaScope
from backend.incentives.queries import find_by_id
from backend.incentives.rules import check_open
from backend.notices.models import NoticeKind
from backend.notices.service import notify
from backend.vouchers.counts import count_one
from backend.vouchers.entitlement import check_consent_held, standing_of
from backend.vouchers.models import Counted, Voucher, VoucherState


def claim_voucher(
    db: Session, *, city: City, resident_id: UUID, incentive_id: UUID, actor: Actor, now: datetime
) -> Voucher:
    """Take one voucher out of the quota for a resident who is entitled to it.

    The counters decide, under their row locks: the personal one first, the shared one last, since
    everybody waits for that one.
    """
    today = day_in_china(now)
    incentive = find_by_id(db, incentive_id)
    check_open(incentive, now=now)
    if incentive.form != Form.VOUCHER:
        raise IncentiveNotClaimable
    standing_of(db, city, resident_id, today).check_entitled(incentive)
    check_consent_held(db, resident_id)
    count_one(db, incentive, resident_id, Counted.CLAIM, today)
    quotas.take_one(db, incentive.id, QuotaScope.DAY, today.isoformat())
    quotas.take_one(db, incentive.id, QuotaScope.TOTAL)

    voucher = Voucher(
        id=new_id(),
        resident_id=resident_id,
        incentive_id=incentive.id,
        incentive_version=incentive.version,
        state=VoucherState.ISSUED,
        uses=incentive.uses,
        uses_left=incentive.uses,
        issued_at=now,
        expires_at=end_of_voucher(incentive, now),
    )
    db.add(voucher)
    subject = ("voucher", voucher.id)
    audit.record(db, "voucher.issued", subject=subject, actor=actor, now=now, incentive=str(incentive.id))
    until = last_day_before(voucher.expires_at)
    notify(db, resident_id, NoticeKind.VOUCHER_CLAIMED, now=now, offer=incentive.title, until=until)
    return voucher


def end_of_voucher(incentive: Incentive, now: datetime) -> datetime:
    """Midnight in China after its days are over, and never after the incentive's own end."""
    assert incentive.voucher_days is not None
    last = min(day_in_china(now) + timedelta(days=incentive.voucher_days), incentive.valid_until)
    return datetime.combine(last + timedelta(days=1), time(), CHINA).astimezone(UTC)
