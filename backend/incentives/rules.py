"""Checks on an incentive that need no database."""

from datetime import date, datetime, timedelta

from backend.core.clock import CHINA, day_in_china
from backend.incentives.errors import (
    IncentiveEnded,
    IncentiveNotClaimable,
    IncentiveNotStarted,
    IncentivePaused,
)
from backend.incentives.models import Incentive, IncentiveState, Period

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
EVER = date(1970, 1, 1)


def check_open(incentive: Incentive, *, now: datetime) -> None:
    """Refuse what has ended, has not started, or is only shown for information."""
    today = day_in_china(now)
    if incentive.state == IncentiveState.ENDED or incentive.valid_until < today:
        raise IncentiveEnded
    if incentive.state == IncentiveState.PAUSED:
        raise IncentivePaused
    if today < incentive.valid_from:
        raise IncentiveNotStarted(valid_from=incentive.valid_from.isoformat())
    if not incentive.claimable:
        raise IncentiveNotClaimable(reason=incentive.unavailable_reason)


def is_honoured_at(incentive: Incentive, now: datetime) -> bool:
    """Whether day of the week and hour are among those it holds on."""
    local = now.astimezone(CHINA)
    if incentive.weekdays and WEEKDAYS[local.weekday()] not in incentive.weekdays:
        return False
    if incentive.opens_at is None or incentive.closes_at is None:
        return True
    return incentive.opens_at <= local.time() < incentive.closes_at


def period_start(period: str, on: date) -> date:
    """The first day of the period a day lies in; weeks begin on Monday."""
    match Period(period):
        case Period.DAY:
            return on
        case Period.WEEK:
            return on - timedelta(days=on.weekday())
        case Period.MONTH:
            return on.replace(day=1)
        case Period.YEAR:
            return on.replace(month=1, day=1)
        case Period.EVER:
            return EVER
