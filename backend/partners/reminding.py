"""Letters that remind a unit of what it has to do, and tell it when the day is over."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.accounts.mail import PostDesk
from backend.accounts.queries import get_account, managers_of_unit
from backend.city import City
from backend.core.clock import day_in_china
from backend.core.jobs import defer
from backend.partners import duties, jobs
from backend.partners.answers import name_of_duty
from backend.partners.duties import MEMBERS
from backend.partners.models import Unit, UnitDuty

DAY_IS_OVER = -1


def remind(db: Session, city: City, *, now: datetime) -> int:
    """Queue the letters that are due today, and give for how many duties. Each is told of once, also when
    days were missed."""
    duties.begin_missing_rechecks(db, city=city, now=now)
    today, told = day_in_china(now), 0
    query = select(UnitDuty).join(Unit).where(UnitDuty.handed_in_at.is_(None), Unit.state.in_(MEMBERS))
    for duty in db.scalars(query.with_for_update(of=UnitDuty)):
        mark = mark_of((duty.due_on - today).days, city.membership.remind_days_before)
        if mark is None or (duty.told_days is not None and duty.told_days <= mark):
            continue
        duty.told_days = mark
        for account in managers_of_unit(db, duty.unit_id):
            defer(db, jobs.send_duty_letter, duty_id=str(duty.id), account_id=str(account.id))
        told += 1
    return told


def mark_of(days_left: int, remind_days_before: Sequence[int]) -> int | None:
    """How many days before the day a unit is reminded now at the latest; None while it is too early."""
    if days_left < 0:
        return DAY_IS_OVER
    return min((days for days in remind_days_before if days_left <= days), default=None)


def send_duty_letter(
    db: Session, desk: PostDesk, city: City, duty_id: UUID, account_id: UUID, *, now: datetime
) -> None:
    """Nothing is sent for what was handed in meanwhile."""
    duty = db.get(UnitDuty, duty_id)
    if duty is None or duty.handed_in_at:
        return
    account = get_account(db, account_id)
    what, day = name_of_duty(city, duty.what), duty.due_on
    is_over = day < day_in_china(now)
    until = f"{day.year}年{day.month}月{day.day}日"
    desk.write(
        to=account.email or "",
        subject=f"{what}已经逾期" if is_over else f"请办理：{what}",
        paragraphs=[
            f"{account.name}，您好：",
            f"{duty.unit.name}的“{what}”应在{until}以前办理，现在还没有收到。"
            if is_over
            else f"{duty.unit.name}的“{what}”请在{until}以前办理。",
            "请登录管理后台，在“本单位”里办理：",
            desk.address.page("unit"),
            f"有困难的，请联系{city.office.name}。",
        ],
    )
