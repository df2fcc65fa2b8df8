"""Moments as the city's clocks show them, and moving the application's clock there."""

from datetime import UTC, datetime, time, timedelta

from backend.core.clock import CHINA, ShiftedClock, day_in_china


def in_china(days: int, hour: int, minute: int = 0, second: int = 0) -> datetime:
    """A time of day in China, so many days from today."""
    day = day_in_china(datetime.now(UTC)) + timedelta(days=days)
    return datetime.combine(day, time(hour, minute, second), CHINA)


def move_to(clock: ShiftedClock, moment: datetime) -> None:
    """Let the application believe it is that moment now. Access tokens live 15 minutes: sign in again."""
    clock.ahead = moment - datetime.now(UTC)
