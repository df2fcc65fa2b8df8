"""Lists a page at a time."""

import json
from base64 import urlsafe_b64encode
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from backend.notices.models import NoticeKind
from backend.notices.service import notify
from backend.web.paging import decode_cursor, encode_cursor
from tests.factories.answers import refusal
from tests.factories.catalogue import new_shop
from tests.factories.journey import Visitor
from tests.factories.people import new_person

NewVisitor = Callable[[], Visitor]


def cursor_of(content: Any) -> str:
    return urlsafe_b64encode(json.dumps(content).encode()).decode().rstrip("=")


BAD_CURSORS = {
    "not base64": "***",
    "letters beyond": "编号",
    "not json": urlsafe_b64encode(b"{]").decode(),
    "no list": cursor_of({"id": 1}),
    "too few parts": cursor_of([]),
    "too many parts": cursor_of([1, 2, 3, 4]),
    "numbers for texts": cursor_of([5, 5]),
    "nothing for a number": cursor_of([None]),
    "lists inside": cursor_of([[1], [2]]),
    "no id": cursor_of(["市图书馆", "not-an-id"]),
    "text with nul": cursor_of(["\0", "018f0000-0000-7000-8000-000000000000"]),
    "half a surrogate pair": cursor_of(["\ud800", "018f0000-0000-7000-8000-000000000000"]),
    "deeper than sense": urlsafe_b64encode(b"[" * 300).decode(),
    "endless number": cursor_of([float("inf")]),
    "number beyond the database": cursor_of([10**30]),
    "empty": "",
    "too long": "A" * 401,
}
LISTS = [
    "/public/units",
    "/public/incentives",
    "/resident/incentives",
    "/resident/vouchers",
    "/resident/notices",
    "/resident/access-log",
    "/resident/score/history",
]


@pytest.fixture
def reader(visitor: NewVisitor) -> Visitor:
    """Somebody with one notice in the inbox: that the identity was bound."""
    reader = visitor()
    reader.sign_in()
    assert reader.bind(new_person()).status_code == 200
    return reader


def read_all(reader: Visitor, path: str, limit: int) -> list[list[dict[str, Any]]]:
    """All pages of a list, as a client reads them."""
    pages: list[list[dict[str, Any]]] = []
    cursor = None
    while not pages or cursor:
        query = {"limit": limit, "cursor": cursor} if cursor else {"limit": limit}
        body = reader.get(path, **query).json
        pages.append(body["items"])
        assert body["next_cursor"] is None or body["next_cursor"] != cursor, "the list goes round in circles"
        cursor = body["next_cursor"]
    return pages


@pytest.mark.parametrize("limit", [1, 2, 3, 5, 6, 200])
def test_all_pages_together_hold_everything_once(reader: Visitor, db: Session, limit: int) -> None:
    leave_notices(db, reader, 5)
    pages = read_all(reader, "/resident/notices", limit)
    read = [item["id"] for page in pages for item in page]
    assert read == sorted(set(read), reverse=True)
    assert len(read) == 6
    assert all(len(page) == limit for page in pages[:-1])
    assert 0 < len(pages[-1]) <= limit


def test_units_of_the_same_name_are_all_listed_once(reader: Visitor, db: Session) -> None:
    units = [new_shop(db).unit for _ in range(5)]
    for unit in units:
        unit.name = "同名单位"
    db.commit()
    pages = read_all(reader, "/public/units", 2)
    listed = [item["id"] for page in pages for item in page if item["name"] == "同名单位"]
    assert sorted(listed) == sorted(str(unit.id) for unit in units)


def test_what_comes_while_reading_does_not_move_the_pages(reader: Visitor, db: Session) -> None:
    leave_notices(db, reader, 3)
    first = reader.get("/resident/notices", limit=2).json
    leave_notices(db, reader, 3)
    second = reader.get("/resident/notices", limit=2, cursor=first["next_cursor"]).json
    ids = [item["id"] for page in (first, second) for item in page["items"]]
    assert ids == sorted(set(ids), reverse=True)
    assert second["next_cursor"] is None


def test_a_list_of_nothing_is_one_empty_page(reader: Visitor) -> None:
    assert read_all(reader, "/resident/vouchers", 20) == [[]]


@pytest.mark.parametrize("cursor", BAD_CURSORS.values(), ids=BAD_CURSORS)
def test_a_cursor_that_no_list_gave_is_refused(reader: Visitor, cursor: str) -> None:
    wrong_length = not 1 <= len(cursor) <= 400
    for path in LISTS:
        refusal(
            reader.get(path, cursor=cursor), 422, "request.invalid" if wrong_length else "paging.bad_cursor"
        )


@pytest.mark.parametrize("limit", ["0", "-1", "201", "", "ten", "1.5", "1e2", "9" * 30])
def test_a_page_holds_between_one_and_two_hundred(reader: Visitor, limit: str) -> None:
    for path in LISTS:
        errors = refusal(reader.get(path, limit=limit), 422, "request.invalid")["errors"]
        assert set(errors) == {"limit"}


@pytest.mark.parametrize("limit", [1, 200])
def test_the_bounds_of_a_page_are_allowed(reader: Visitor, limit: int) -> None:
    assert reader.get("/resident/notices", limit=limit).status_code == 200


def test_a_page_holds_twenty_unless_asked_otherwise(reader: Visitor, db: Session) -> None:
    leave_notices(db, reader, 20)
    assert len(reader.get("/resident/notices").json["items"]) == 20


def test_a_cursor_reads_back_what_it_was_made_of() -> None:
    key = ["市图书馆", UUID(int=7), 82_500, 0.5]
    assert decode_cursor(encode_cursor(key), str, UUID, int, float) == tuple(key)


def leave_notices(db: Session, reader: Visitor, count: int) -> None:
    for _ in range(count):
        resident_id = UUID(reader.tokens["resident"]["id"])
        notify(db, resident_id, NoticeKind.SCORE_READY, now=datetime.now(UTC))
        db.flush()
    db.commit()
