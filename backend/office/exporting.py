"""Exports of the office's lists: made by a job, marked with who, when and why, and gone after a day."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from backend.accounts.queries import account_names
from backend.audit import service as audit
from backend.core.actor import SYSTEM, Actor
from backend.core.errors import NotFound
from backend.core.scopes import WHOLE_CITY, Scope, act_as_request
from backend.incentives.sheets.writing import Mark
from backend.office.export_files import FORMATS, ListFile, told
from backend.office.exported_lists import AUDIT_EVENTS, EXPORTED, After, Batch
from backend.office.models import Export, ExportState

KEPT_FOR = timedelta(days=1)
MOST_ROWS = 100_000
BATCH = 2_000


def order_export(
    db: Session,
    *,
    list_name: str,
    format: str,
    query: dict[str, str],
    purpose: str,
    actor: Actor,
    now: datetime,
) -> Export:
    """Ask for an export; the job makes it."""
    assert actor.id is not None
    export = Export(
        account_id=actor.id,
        district=actor.district,
        list_name=list_name,
        format=format,
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


def get_own(db: Session, export_id: UUID, *, actor: Actor, now: datetime, of_audit: bool = False) -> Export:
    """The audit trail's are asked for by other people than the other lists'."""
    query = select(Export).where(
        Export.id == export_id,
        Export.account_id == actor.id,
        Export.ends_at > now,
        (Export.list_name == AUDIT_EVENTS) == of_audit,
    )
    export = db.scalars(query).one_or_none()
    if export is None:
        raise NotFound
    return export


def begin_file(db: Session, export: Export) -> ListFile:
    """With the mark of who, when and why."""
    name = account_names(db, [export.account_id])[export.account_id]
    mark = Mark(
        [
            ("导出人", name),
            ("导出时间", told(export.ordered_at)),
            ("目的", export.purpose),
            ("导出编号", str(export.id)),
        ]
    )
    wanted = EXPORTED[export.list_name]
    return FORMATS[export.format](f"{wanted.title}（信用办内部使用，不得外传）", mark, wanted.heads)


def read_batch(db: Session, export: Export, *, query: dict[str, Any], after: After) -> Batch:
    """Of what the person who ordered may see."""
    wanted = EXPORTED[export.list_name]
    if wanted.is_guarded:
        act_as_request(db, Scope(account_id=export.account_id, office=export.district or WHOLE_CITY))
    return wanted.read(db, query, after=after, most=BATCH)


def finish(db: Session, export: Export, *, file: bytes, rows: int, now: datetime) -> None:
    export.file, export.rows, export.state = file, rows, ExportState.READY
    subject = ("export", export.id)
    audit.record(db, "export.made", subject=subject, actor=SYSTEM, now=now, list=export.list_name, rows=rows)


def forget_exports(db: Session, *, now: datetime) -> None:
    db.execute(delete(Export).where(Export.ends_at <= now))
