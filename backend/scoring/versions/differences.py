"""What a version changes in the model before it, figure by figure."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from backend.city.fields import CityData, file_name_of
from backend.city.score_files import ScoreModelData
from backend.core.points import format_exactly


@dataclass(frozen=True)
class Change:
    """`place` names an indicator or a dimension, and is empty for the model itself. None is nothing there."""

    place: str
    field: str
    before: str | None
    after: str | None


def differences(before: ScoreModelData, after: ScoreModelData) -> list[Change]:
    """In the order of the model."""
    return [
        *_fields("", before, after),
        *_parts({one.code: one for one in before.dimensions}, {one.code: one for one in after.dimensions}),
        *_parts({one.code: one for one in before.indicators}, {one.code: one for one in after.indicators}),
    ]


def _parts(before: dict[str, Any], after: dict[str, Any]) -> Iterator[Change]:
    for code, part in after.items():
        if code in before:
            yield from _fields(part.name, before[code], part)
        else:
            yield Change(part.name, "added", None, code)
    for code, part in before.items():
        if code not in after:
            yield Change(part.name, "removed", code, None)


def _fields(place: str, before: CityData, after: CityData) -> Iterator[Change]:
    for name in type(after).model_fields:
        old, new = getattr(before, name), getattr(after, name)
        if name not in ("dimensions", "indicators", "code") and old != new:
            yield Change(place, file_name_of(name), _said(name, old), _said(name, new))


def _said(name: str, value: Any) -> str | None:
    if name.endswith("_milli"):
        return format_exactly(value)
    if isinstance(value, tuple):
        return "\n".join(value)
    return None if value is None else str(value)
