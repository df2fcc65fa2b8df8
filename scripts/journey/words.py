"""Times, distances and amounts as people read them."""

from datetime import date, datetime

from backend.core.clock import CHINA


def clock_time(moment: str) -> str:
    return f"{datetime.fromisoformat(moment).astimezone(CHINA):%H:%M:%S}"


def day(value: str | None) -> str:
    """A day, or the day in China of a moment; nothing when there is none."""
    if value is None:
        return ""
    moment = (
        date.fromisoformat(value) if len(value) == 10 else datetime.fromisoformat(value).astimezone(CHINA)
    )
    return f"{moment.year}年{moment.month}月{moment.day}日"


def distance(metres: int) -> str:
    return f"{metres} 米" if metres < 1000 else f"{metres // 1000}.{metres % 1000 // 100} 公里"


def yuan(fen: int) -> str:
    return f"{fen // 100}.{fen % 100:02} 元"


def plain(points: str | None) -> str:
    """A threshold, without a decimal that says nothing."""
    return "—" if points is None else points.removesuffix(".0")


def signed(points: str) -> str:
    return points if points.startswith("-") or points == "0.0" else f"+{points}"
