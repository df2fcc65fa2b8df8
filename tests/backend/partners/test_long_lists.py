"""Lists of units, of shops and of applications come by an index, however long they are."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import event, text
from sqlalchemy.orm import Session

from backend.core.actor import OFFICE
from backend.core.scopes import act_as_owner
from backend.main import Parts
from backend.partners import queries, shop_queries
from backend.partners.queries import Narrowed
from backend.partners.shop_queries import WantedShops
from scripts.demonstration.long_lists import add_units

MANY = 20_000
PAGE = 21
CLOSED = """
UPDATE shops SET closed_at = :now WHERE id IN (
    SELECT id FROM shops WHERE closed_at IS NULL ORDER BY id DESC LIMIT 100
)
"""
NOW = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass
class Full:
    db: Session
    asked: list[tuple[str, Any]]


@pytest.fixture(scope="module")
def full(parts: Parts) -> Iterator[Full]:
    """Units with a shop each and as many applications, which nobody else ever sees."""
    with parts.sessions() as db:
        add_units(db, parts.city, MANY, seed=1, now=NOW)
        db.execute(text(CLOSED), {"now": NOW})
        act_as_owner(db)
        db.execute(text("ANALYZE units, shops, unit_applications"))
        asked: list[tuple[str, Any]] = []

        def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_more: Any) -> None:
            asked.append((statement, parameters))

        event.listen(db.connection(), "before_cursor_execute", note)
        yield Full(db, asked)
        db.rollback()


def units(db: Session, state: str | None) -> Sequence[Any]:
    return queries.list_units_of_office(db, Narrowed(state=state), actor=OFFICE, after=None, limit=PAGE)


def applications(db: Session, state: str | None) -> Sequence[Any]:
    return queries.list_applications(db, Narrowed(state=state), actor=OFFICE, after=None, limit=PAGE)


def shops(db: Session, state: str | None) -> Sequence[Any]:
    wanted = WantedShops(is_open=None if state is None else state == "open")
    return shop_queries.list_shops(db, wanted, actor=OFFICE, after=None, limit=PAGE)


@pytest.mark.parametrize(
    ("read", "state"),
    [
        (units, None),
        (units, "suspended"),
        (applications, None),
        (applications, "submitted"),
        (shops, None),
        (shops, "open"),
        (shops, "closed"),
    ],
)
def test_a_page_is_read_in_the_order_of_an_index(
    full: Full, read: Callable[[Session, str | None], Sequence[Any]], state: str | None
) -> None:
    full.asked.clear()
    assert len(read(full.db, state)) == PAGE
    statement, parameters = full.asked[0]
    plan = full.db.connection().exec_driver_sql("EXPLAIN " + statement, parameters).scalars().all()
    assert not [line for line in plan if "Seq Scan" in line or "Sort Key" in line], plan
