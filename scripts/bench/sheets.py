"""How long a large sheet of incentives takes to be looked through and taken, and how much memory."""

import resource
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from io import BytesIO
from typing import Any
from uuid import UUID

from openpyxl import Workbook
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.core.actor import Actor, ActorKind
from backend.core.ids import new_id
from backend.incentives.sheets import importing
from backend.incentives.sheets.columns import TITLES
from backend.incentives.sheets.models import SheetImport
from backend.incentives.sheets.passing import check_sheet, take_sheet
from backend.incentives.sheets.storage import sheet_store
from backend.main import Parts
from backend.partners.models import Shop
from scripts.demonstration.accounts import add_account

KILOBYTES = 1024
# Of the job; the program that opens the file is held to its own limit by the kernel.
MOST_MEMORY_MB = 700


class SheetFailed(Exception):
    """The sheet was not taken whole, or took too much memory."""


def measure(parts: Parts, *, rows: int) -> Iterator[str]:
    """Every row is good and new; a second look finds all of them unchanged. Gives lines to print."""
    content = sheet_of(rows)
    with parts.sessions.begin() as db:
        actor = _editor(db)
        sheet = _received(db, content, actor)
    yield f"sheet_size {len(content) / 1024**2:.1f} MB"
    checking = _timed(lambda: check_sheet(sheet, store=sheet_store()))
    with parts.sessions.begin() as db:
        importing.confirm_import(db, sheet, submits=False, actor=actor, now=datetime.now(UTC))
    taking = _timed(lambda: take_sheet(sheet, store=sheet_store()))
    with parts.sessions.begin() as db:
        made = db.get_one(SheetImport, sheet).drafts_made
        again = _received(db, content, actor)
    check_sheet(again, store=sheet_store())
    with parts.sessions() as db:
        unchanged = db.get_one(SheetImport, again).unchanged_rows
    if (made, unchanged) != (rows, rows):
        raise SheetFailed(f"{made} drafts and {unchanged} unchanged of {rows} rows")
    yield f"sheet_checked {rows / checking:.0f} rows/s"
    yield f"sheet_taken {rows / taking:.0f} rows/s"
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / KILOBYTES
    yield f"sheet_job_memory {memory:.0f} MB"
    if memory > MOST_MEMORY_MB:
        raise SheetFailed(f"more than {MOST_MEMORY_MB} MB")


def sheet_of(rows: int) -> bytes:
    """As people fill it in; each title of its own, so that no row is another's."""
    mark = new_id().hex[-8:]
    book = Workbook(write_only=True)
    page = book.create_sheet("激励项目")
    filled = {
        "form": "券",
        "summary": "凭信用分多借十本书",
        "category": "文化体育旅游",
        "benefit_kind": "增额或延期",
        "benefit": "可借二十本",
        "terms": "本人使用\n不可转让",
        "score_milli": 60,
        "shop_ids": "全部门店",
        "valid_from": "2026-01-01",
        "valid_until": "2099-12-31",
        "limit_times": 1,
        "limit_period": "总共",
        "voucher_days": 30,
        "quota_total": 100,
        "cost_bearer": "成员单位",
    }
    page.append([TITLES["number"], TITLES["title"], *(TITLES[name] for name in filled)])
    for number in range(rows):
        page.append([None, f"借阅加倍 {mark} 第 {number} 号", *filled.values()])
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _editor(db: Session) -> Actor:
    """Somebody new of a unit that has an open shop."""
    shop = db.scalars(select(Shop).where(Shop.closed_at.is_(None)).order_by(Shop.id).limit(1)).one()
    account = add_account(db, unit_id=shop.unit_id, now=datetime.now(UTC))
    return Actor(ActorKind.PARTNER, account.id, unit_id=account.unit_id)


def _received(db: Session, content: bytes, actor: Actor) -> UUID:
    told: dict[str, Any] = {"store": sheet_store(), "actor": actor, "now": datetime.now(UTC)}
    return importing.receive_sheet(db, content, name="测速.xlsx", **told).id


def _timed(work: Callable[[], None]) -> float:
    began = time.monotonic()
    work()
    return time.monotonic() - began
