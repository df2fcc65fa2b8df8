"""A page of the catalogue, as the public sees it and as a resident's list starts from."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from backend.core.clock import day_in_china
from backend.incentives import queries
from backend.incentives.models import Form
from backend.incentives.schemas import as_listed
from backend.web.paging import Page, decode_cursor, page_of

CURSOR_TYPES: dict[str, tuple[type, ...]] = {
    "newest": (int,),
    "level": (int, int),
    "nearest": (float, int),
}


def list_catalogue(
    db: Session, query: dict[str, Any], *, now: datetime, at_most_milli: int | None = None
) -> Page[dict[str, Any]]:
    """The page a query asks for. `at_most_milli` keeps what a score opens."""
    today, limit = day_in_china(now), query["limit"]
    sort = query["sort"] or ("nearest" if query["near"] else "newest")
    kind = query["kind"]
    is_form = kind in set(Form)
    wanted = queries.Filter(
        text=query["q"],
        category=query["category"],
        level=query["level"],
        district=query["district"],
        form=query["form"] or (kind if is_form else None),
        benefit_kind=None if is_form else kind,
        at_most_milli=at_most_milli,
        near=query["near"],
    )
    after = decode_cursor(query["cursor"], *CURSOR_TYPES[sort])
    rows = queries.search(db, wanted, today=today, sort=sort, after=after, limit=limit + 1)
    page = page_of(rows, limit, key=lambda found: queries.sort_key(found, sort))
    left = queries.remaining(db, [found.incentive.id for found in page.items], today)
    items = [
        as_listed(found.incentive, left=left.get(found.incentive.id), distance_m=found.distance_m)
        for found in page.items
    ]
    return Page(items, page.next_cursor)
