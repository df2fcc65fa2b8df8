"""The office's lists of a hundred thousand read little of them: any page, every order, every filter."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Select, text
from sqlalchemy.orm import Session

from backend.audit.queries import EventFilter, events
from backend.core.scopes import WHOLE_CITY, Scope, act_as_owner, act_as_request
from backend.incentives.models import Incentive
from backend.main import Parts
from backend.office.lists import REDEMPTIONS, VOUCHERS, OfficeList
from backend.partners.models import Shop
from backend.vouchers.lists import Narrowing
from scripts.demonstration.long_lists import add_deeds
from tests.factories.catalogue import new_incentive, new_shop
from tests.factories.plans import blocks_read

MANY = 100_000
# Each of the tables has thousands.
MOST_BLOCKS = 500
# Where nothing is the district's, the whole list is walked to know it.
MOST_BLOCKS_IN_VAIN = 5_000
# PostgreSQL before 18 cannot skip within an index, and reads one whole.
SKIPS_SINCE = 18
MOST_BLOCKS_OF_INDEX = 2_000
PAGE = 21
# The shop and its unit are of the first.
FULL, EMPTY = "420202", "420203"
LAST = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass
class Full:
    db: Session
    shop: Shop
    incentive: Incentive


@pytest.fixture(scope="module")
def full(parts: Parts) -> Iterator[Full]:
    """A year of a city of a hundred thousand, which nobody else ever sees."""
    with parts.sessions() as db:
        shop = new_shop(db)
        incentive, other = (new_incentive(db, shops=[shop]) for _ in range(2))
        db.commit()
        act_as_owner(db)
        db.execute(text("SET LOCAL statement_timeout = 0"))
        add_deeds(db, incentive.id, other.id, shop=shop.id, last=LAST, many=MANY)
        db.execute(text("ANALYZE vouchers, redemptions, audit_events"))
        yield Full(db, shop, incentive)
        db.rollback()


def read_page(db: Session, query: Select[Any], most_blocks: int = MOST_BLOCKS) -> int:
    page = query.limit(PAGE)
    assert blocks_read(db, page) <= most_blocks, str(query)
    return len(db.execute(page).all())


def narrowings(incentive: Incentive, states: list[str]) -> Iterator[Narrowing]:
    since = LAST - timedelta(days=30)
    for state, of, first in product([None, *states], [None, incentive.id], [None, since]):
        yield Narrowing(state=state, incentive_id=of, since=first, until=LAST if first else None)


@pytest.mark.parametrize("whose", [WHOLE_CITY, FULL, EMPTY])
@pytest.mark.parametrize("oldest_first", [False, True])
@pytest.mark.parametrize(
    ("wanted", "states"),
    [(VOUCHERS, ["issued", "cancelled"]), (REDEMPTIONS, ["accepted", "reversed"])],
    ids=["vouchers", "redemptions"],
)
def test_any_page_of_a_long_list_reads_little_of_it(
    full: Full, wanted: OfficeList, states: list[str], oldest_first: bool, whose: str
) -> None:
    act_as_owner(full.db)
    act_as_request(full.db, Scope(account_id=uuid4(), office=whose))
    most_blocks = MOST_BLOCKS_IN_VAIN if whose == EMPTY else MOST_BLOCKS
    middle = (LAST - timedelta(minutes=MANY // 2), UUID(int=0))
    found = 0
    for narrowed, after in product(narrowings(full.incentive, states), (None, middle)):
        query = wanted.query(narrowed, oldest_first=oldest_first, after=after)
        found += read_page(full.db, query, most_blocks)
    assert (found == 0) == (whose == EMPTY)


EVENTS: dict[str, Callable[[Full], EventFilter]] = {
    "all": lambda _full: EventFilter(),
    "days": lambda _full: EventFilter(since=LAST - timedelta(days=30), until=LAST),
    "action": lambda _full: EventFilter(action="export.made"),
    "kind of actor": lambda _full: EventFilter(actor_kind="office"),
    "colleague": lambda full: EventFilter(colleague_id=full.incentive.id),
    "subject": lambda _full: EventFilter(subject_kind="voucher", subject_id="77777"),
    "number of a subject": lambda _full: EventFilter(subject_id="77777"),
    "kind of subject": lambda _full: EventFilter(subject_kind="voucher"),
    "kind of subject that is not there": lambda _full: EventFilter(subject_kind="notice-none"),
}


@pytest.mark.parametrize("oldest_first", [False, True])
@pytest.mark.parametrize("name", EVENTS)
def test_any_page_of_the_audit_trail_reads_little_of_it(full: Full, name: str, oldest_first: bool) -> None:
    act_as_owner(full.db)
    skips = (full.db.connection().dialect.server_version_info or (0,))[0] >= SKIPS_SINCE
    most_blocks = MOST_BLOCKS if skips else MOST_BLOCKS_OF_INDEX
    for after in (None, (LAST - timedelta(minutes=MANY // 2), 0)):
        query = events(EVENTS[name](full), oldest_first=oldest_first, after=after)
        read_page(full.db, query, most_blocks)
