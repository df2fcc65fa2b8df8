"""Columns for a terminal, on which a Chinese character takes two places."""

from collections.abc import Iterator, Sequence
from unicodedata import combining, east_asian_width

GAP = "  "


def width(text: str) -> int:
    """How many places the text takes."""
    return sum(0 if combining(sign) else 1 + (east_asian_width(sign) in "WF") for sign in text)


def padded(text: str, places: int) -> str:
    return text + " " * (places - width(text))


def aligned(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """The rows as lines with their columns under each other."""
    widest = [max(map(width, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = (padded(text, places) for text, places in zip(row, widest, strict=True))
        yield GAP.join(cells).rstrip()
