"""Reading a list to its end, page by page."""

from typing import Any

from tests.factories.journey import Visitor


def all_items(visitor: Visitor, path: str, **query: Any) -> list[Any]:
    """The items of all pages, in order; checks that no page is longer than `limit`."""
    found: list[Any] = []
    cursor: str | None = None
    while True:
        answer = visitor.get(path, **query, **({"cursor": cursor} if cursor else {}))
        assert answer.status_code == 200, answer.text
        page: Any = answer.json
        assert len(page["items"]) <= query.get("limit", len(page["items"]))
        found += page["items"]
        cursor = page["next_cursor"]
        if cursor is None:
            return found
