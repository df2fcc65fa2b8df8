"""The console's lists come by an index when there are a hundred thousand, in every order offered."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import event, text
from sqlalchemy.orm import Session

from backend.core.actor import OFFICE, Actor, ActorKind
from backend.core.scopes import act_as_owner
from backend.incentives import draft_queries
from backend.incentives.draft_queries import Wanted
from tests.factories.catalogue import new_incentive, new_shop
from tests.factories.console import new_account

MANY = 100_000
COPIED = """
INSERT INTO incentives
SELECT (copy).* FROM (
    SELECT jsonb_populate_record(made, jsonb_build_object(
        'id', gen_random_uuid(), 'number', 20000000 + place, 'title', '第' || place || '个',
        'valid_until', date '2030-01-01' + place % 3000
    )) AS copy
    FROM incentives AS made, generate_series(1, :many) AS place
    WHERE made.id = :id
) AS copies
"""
DRAFTED = """
INSERT INTO incentive_drafts (
    id, unit_id, content, state, revision, author_id, edited_by, reasons, created_at, edited_at, submitted_at
)
SELECT gen_random_uuid(), :unit, jsonb_build_object('title', '第' || place || '个'), 'submitted', 1, :author,
    :author, '[]', now(), now(), now() - make_interval(secs => place)
FROM generate_series(1, :many) AS place
"""


@dataclass
class Full:
    db: Session
    unit: Actor
    statements: list[tuple[str, Any]]


@pytest.fixture(scope="module")
def full(parts: Any) -> Iterator[Full]:
    """A catalogue of one unit with 100 000 entries and as many drafts, which nobody else ever sees."""
    with parts.sessions() as db:
        shop = new_shop(db)
        incentive = new_incentive(db, shops=[shop])
        author = new_account(db, "long-lists@example.cn", "unit_editor", unit_id=shop.unit_id)
        db.commit()
        act_as_owner(db)
        db.execute(text("SET LOCAL statement_timeout = 0"))
        db.execute(text(COPIED), {"many": MANY, "id": incentive.id})
        db.execute(text(DRAFTED), {"many": MANY, "unit": shop.unit_id, "author": author.id})
        db.execute(text("ANALYZE incentives, incentive_drafts"))
        statements: list[tuple[str, Any]] = []

        def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_more: Any) -> None:
            statements.append((statement, parameters))

        event.listen(db.connection(), "before_cursor_execute", note)
        yield Full(db, Actor(ActorKind.PARTNER, author.id, unit_id=shop.unit_id), statements)
        db.rollback()


LISTS = {
    "newest": (draft_queries.list_incentives, "newest", (20_050_000,)),
    "ends": (draft_queries.list_incentives, "ends", (date(2033, 1, 1), 20_000_500)),
    "newest drafts": (draft_queries.list_drafts, "newest", (UUID(int=2**127),)),
    "waiting drafts": (
        draft_queries.list_drafts,
        "waiting",
        (datetime(2020, 1, 1, tzinfo=UTC), UUID(int=0)),
    ),
}


@pytest.mark.parametrize("state", ["submitted", None])
@pytest.mark.parametrize("whose", ["unit", "office"])
@pytest.mark.parametrize("name", LISTS)
def test_a_page_of_a_long_list_comes_by_an_index(
    full: Full, name: str, whose: str, state: str | None
) -> None:
    query, sort, after = LISTS[name]
    actor = full.unit if whose == "unit" else OFFICE
    wanted = Wanted(state=state if query is draft_queries.list_drafts else None)
    for place in (None, after):
        full.statements.clear()
        rows = query(full.db, wanted, actor=actor, sort=sort, after=place, limit=21)
        assert len(rows) == 21
        statement, parameters = full.statements[-1]
        plan = full.db.connection().exec_driver_sql("EXPLAIN " + statement, parameters).scalars().all()
        assert not [line for line in plan if "Seq Scan" in line or "Sort" in line.split("->")[-1][:8]], plan


def test_words_that_hardly_occur_are_found(full: Full) -> None:
    found = draft_queries.list_incentives(
        full.db, Wanted(text="第99999个"), actor=full.unit, sort="newest", after=None, limit=21
    )
    assert [incentive.number for incentive in found] == [20_099_999]
