"""Saved views: how somebody likes to see the lists of the console.

Nothing is decided here, so nothing of it is in the audit trail.
"""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from backend.accounts.errors import TooManyViews
from backend.accounts.models import SavedView
from backend.accounts.queries import lock_account
from backend.core.errors import NotFound

MOST_OF_A_LIST = 20
# What each list of the console can be narrowed by and still be written down: no field into which a person's
# name is typed.
COMMON = frozenset({"state", "sort"})
DAYS = frozenset({"from", "to"})
NARROWED_BY: dict[str, frozenset[str]] = {
    "vouchers": COMMON | DAYS | {"incentive_id"},
    "redemptions": COMMON | DAYS | {"incentive_id"},
    "incentives": COMMON | {"q", "category", "district"},
    "incentive-drafts": COMMON | {"q", "category", "district"},
    "units": COMMON | {"q", "category", "district"},
    "unit-applications": COMMON | {"q", "category", "district"},
    "staff": COMMON | {"role", "district", "kind"},
    "audit-events": DAYS | {"action", "actor_kind", "account_id", "subject_kind", "subject_id", "sort"},
}


def list_views(db: Session, account_id: UUID, list_name: str) -> Sequence[SavedView]:
    query = select(SavedView).where(SavedView.account_id == account_id, SavedView.list_name == list_name)
    return db.scalars(query.order_by(SavedView.name)).all()


def save_view(
    db: Session, account_id: UUID, *, list_name: str, name: str, query: dict[str, str], is_default: bool
) -> SavedView:
    lock_account(db, account_id)
    own = (SavedView.account_id == account_id, SavedView.list_name == list_name)
    if (db.scalar(select(func.count()).where(*own)) or 0) >= MOST_OF_A_LIST:
        raise TooManyViews
    view = SavedView(account_id=account_id, list_name=list_name, name=name, query=query, is_default=False)
    db.add(view)
    _make_default(db, view, is_default)
    return view


def change_view(db: Session, account_id: UUID, view_id: UUID, *, name: str, is_default: bool) -> SavedView:
    """Give it another name, or let it open by itself, or no longer."""
    lock_account(db, account_id)
    view = get_own(db, account_id, view_id)
    view.name = name
    _make_default(db, view, is_default)
    return view


def delete_view(db: Session, account_id: UUID, view_id: UUID) -> None:
    db.delete(get_own(db, account_id, view_id))


def get_own(db: Session, account_id: UUID, view_id: UUID) -> SavedView:
    query = select(SavedView).where(SavedView.id == view_id, SavedView.account_id == account_id)
    view = db.scalars(query).one_or_none()
    if view is None:
        raise NotFound
    return view


def _make_default(db: Session, view: SavedView, is_default: bool) -> None:
    """The list's other default steps back first: UNIQUE allows one."""
    if is_default:
        others = (SavedView.account_id == view.account_id, SavedView.list_name == view.list_name)
        db.execute(update(SavedView).where(*others).values(is_default=False))
    view.is_default = is_default
    db.flush()
