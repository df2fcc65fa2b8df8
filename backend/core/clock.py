"""The time, as something that is handed in: services take `now`, only the edges ask a clock."""

from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Protocol

# Without summer time since 1991, and counted in on nearly every request: an offset is several times as
# quick as the rules of a zone.
CHINA = timezone(timedelta(hours=8), "Asia/Shanghai")


class Clock(Protocol):
    def now(self) -> datetime:
        """The present moment, aware, in UTC."""


class SystemClock:
    def now(self) -> datetime:
        return datetime.now(UTC)


class ShiftedClock:
    """A clock that runs ahead of the system's; the double that tests and the demonstration use."""

    def __init__(self, ahead: timedelta = timedelta()) -> None:
        self.ahead = ahead

    def now(self) -> datetime:
        return datetime.now(UTC) + self.ahead


def last_day_before(end: datetime) -> str:
    """The day that is over when a moment comes, as people write it: for "valid until"."""
    return day_in_words(day_in_china(end - timedelta(microseconds=1)))


def day_in_words(day: date) -> str:
    return f"{month_in_words(day)}{day.day}日"


def month_in_words(day: date) -> str:
    return f"{day.year}年{day.month}月"


def day_in_china(moment: datetime) -> date:
    """The calendar day a resident would say it is: quotas, limits and scores go by this day."""
    return moment.astimezone(CHINA).date()


def moment(text: str) -> datetime:
    """An aware moment written as in ISO 8601; ValueError for anything else."""
    read = datetime.fromisoformat(text)
    if read.tzinfo is None:
        raise ValueError("a moment without an offset")
    return read


def day_bounds(day: date) -> tuple[datetime, datetime]:
    """When a day in China begins, and when the next one does."""
    start = datetime.combine(day, time(), CHINA)
    return start, start + timedelta(days=1)
