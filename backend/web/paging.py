"""Lists a page at a time: `?limit=&cursor=` in, `{items, next_cursor}` out.

A cursor is the sort key of the last row shown, so a page stays right while rows are added. It is
opaque to callers and holds nothing they have not just been shown.
"""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import marshmallow as ma

from backend.core.errors import DomainError, Kind
from backend.web.validation import UNPRINTABLE, Schema

DEFAULT_LIMIT = 20
LARGEST_LIMIT = 200
LONGEST_CURSOR = 400
# What the database holds.
LARGEST_NUMBER = 2**63 - 1

Row = TypeVar("Row")


class BadCursor(DomainError):
    """The cursor was not made by this list, or was changed."""

    kind = Kind.INVALID
    code = "paging.bad_cursor"
    detail = "翻页位置无效，请从头查看列表。"


class PageQuery(Schema):
    """The query of every list."""

    limit = ma.fields.Integer(
        load_default=DEFAULT_LIMIT, validate=ma.validate.Range(1, LARGEST_LIMIT), strict=False
    )
    cursor = ma.fields.String(load_default=None, validate=ma.validate.Length(1, LONGEST_CURSOR))


@dataclass(frozen=True)
class Page(Generic[Row]):
    items: Sequence[Row]
    next_cursor: str | None


def page_of(rows: Sequence[Row], limit: int, key: Callable[[Row], Sequence[Any]]) -> Page[Row]:
    """Cut a page from rows fetched with `limit + 1`; `key` gives the sort key of a row."""
    shown = rows[:limit]
    more = len(rows) > limit
    return Page(shown, encode_cursor(key(shown[-1])) if more else None)


def encode_cursor(key: Sequence[Any]) -> str:
    text = json.dumps([str(part) if not isinstance(part, int | float) else part for part in key])
    return urlsafe_b64encode(text.encode()).decode().rstrip("=")


def decode_cursor(cursor: str | None, *types: Callable[[Any], Any]) -> tuple[Any, ...] | None:
    """The sort key in a cursor, each part read by its type; None at the start of the list."""
    if cursor is None:
        return None
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        parts = json.loads(urlsafe_b64decode(padded))
        if not isinstance(parts, list) or len(parts) != len(types):
            raise ValueError
        if any(isinstance(part, str) and UNPRINTABLE.search(part) for part in parts):
            raise ValueError
        key = tuple(read(part) for read, part in zip(types, parts, strict=True))
        if any(isinstance(part, int) and not -LARGEST_NUMBER <= part <= LARGEST_NUMBER for part in key):
            raise ValueError
        return key
    except (ValueError, TypeError, AttributeError, RecursionError, OverflowError):
        raise BadCursor from None


def page_schema(item: type[Schema]) -> type[Schema]:
    """The answer shape of a list of `item`."""
    return type(
        f"{item.__name__.removesuffix('Schema')}PageSchema",
        (Schema,),
        {
            "items": ma.fields.List(ma.fields.Nested(item), required=True),
            "next_cursor": ma.fields.String(allow_none=True, required=True),
        },
    )
