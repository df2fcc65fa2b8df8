"""Exports of the office's lists: made by a job, marked with who, when and why, and gone after a day."""

import csv
from datetime import datetime, timedelta
from io import StringIO
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from backend.accounts.queries import account_names
from backend.audit import service as audit
from backend.core.actor import SYSTEM, Actor
from backend.core.clock import CHINA
from backend.core.errors import NotFound
from backend.core.scopes import WHOLE_CITY, Scope, act_as_request
from backend.office.errors import ExportNotReady
from backend.office.lists import LISTS, OfficeList, named, narrowing
from backend.office.models import Export, ExportState

KEPT_FOR = timedelta(days=1)
MOST_ROWS = 100_000
BATCH = 2_000
# So that a spreadsheet reads it as UTF-8.
MARK = "\ufeff"
# What a spreadsheet would take for a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def order_export(
    db: Session, *, list_name: str, query: dict[str, str], purpose: str, actor: Actor, now: datetime
) -> Export:
    """Ask for an export; the job makes it."""
    assert actor.id is not None
    export = Export(
        account_id=actor.id,
        district=actor.district,
        list_name=list_name,
        query=query,
        purpose=purpose,
        state=ExportState.QUEUED,
        rows=0,
        ordered_at=now,
        ends_at=now + KEPT_FOR,
    )
    db.add(export)
    db.flush()
    audit.record(db, "export.ordered", subject=("export", export.id), actor=actor, now=now, list=list_name)
    return export


def get_own(db: Session, export_id: UUID, *, actor: Actor, now: datetime) -> Export:
    query = select(Export).where(Export.id == export_id, Export.account_id == actor.id, Export.ends_at > now)
    export = db.scalars(query).one_or_none()
    if export is None:
        raise NotFound
    return export


def get_file(db: Session, export_id: UUID, *, actor: Actor, now: datetime) -> bytes:
    export = get_own(db, export_id, actor=actor, now=now)
    if export.file is None:
        raise ExportNotReady
    return export.file


def read_batch(
    db: Session, export: Export, *, query: dict[str, Any], after: tuple[Any, ...] | None
) -> tuple[list[dict[str, Any]], tuple[Any, ...] | None]:
    """The next rows that the person who ordered may see, and where the batch after them begins."""
    act_as_request(db, Scope(account_id=export.account_id, office=export.district or WHOLE_CITY))
    wanted = LISTS[export.list_name]
    found = wanted.query(narrowing(query), oldest_first=query["sort"] == "oldest", after=after)
    rows = db.execute(found.limit(BATCH)).all()
    last = (getattr(rows[-1], wanted.time), rows[-1].id) if len(rows) == BATCH else None
    return named(db, rows), last


def write_heading(db: Session, export: Export) -> str:
    """The mark of who, when and why, then the columns."""
    name = account_names(db, [export.account_id])[export.account_id]
    wanted = LISTS[export.list_name]
    return MARK + _lines(
        [
            [f"{wanted.name}（信用办内部使用，不得外传）"],
            ["导出人", _plain(name)],
            ["导出时间", _told(export.ordered_at)],
            ["目的", _plain(export.purpose)],
            ["导出编号", str(export.id)],
            [],
            list(wanted.heads.values()),
        ]
    )


def write_rows(list_name: str, rows: list[dict[str, Any]]) -> str:
    wanted = LISTS[list_name]
    return _lines([[_cell(wanted, name, row[name]) for name in wanted.heads] for row in rows])


def finish(db: Session, export: Export, *, text: str, rows: int, now: datetime) -> None:
    export.file, export.rows, export.state = text.encode(), rows, ExportState.READY
    subject = ("export", export.id)
    audit.record(db, "export.made", subject=subject, actor=SYSTEM, now=now, list=export.list_name, rows=rows)


def forget_exports(db: Session, *, now: datetime) -> None:
    db.execute(delete(Export).where(Export.ends_at <= now))


def _cell(wanted: OfficeList, name: str, value: Any) -> str:
    if name == "state":
        return wanted.states[value]
    if isinstance(value, datetime):
        return _told(value)
    return "" if value is None else _plain(str(value))


def _told(moment: datetime) -> str:
    return f"{moment.astimezone(CHINA):%Y-%m-%d %H:%M:%S}"


def _plain(text: str) -> str:
    return f"'{text}" if text.startswith(FORMULA) else text


def _lines(rows: list[list[str]]) -> str:
    written = StringIO()
    csv.writer(written).writerows(rows)
    return written.getvalue()
