"""A sheet comes in: handed in, checked, taken or given up, and taken back."""

from base64 import b64decode, b64encode
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, exists, select, tuple_
from sqlalchemy.orm import Session

from backend.audit import service as audit
from backend.core.actor import Actor, ActorKind
from backend.core.errors import NotFound
from backend.core.ids import new_id
from backend.core.scopes import WHOLE_CITY, Scope, act_as_request
from backend.incentives.sheets.errors import (
    NothingToImport,
    SheetNotInThatState,
    SheetNotReady,
    SheetTooLarge,
)
from backend.incentives.sheets.models import ImportState, SheetBadCell, SheetExport, SheetImport
from backend.partners.document_storage import DocumentStore, new_file_key

LARGEST_SHEET = 20 * 1024 * 1024
KEPT_FOR = timedelta(days=14)
# A transaction that wrote a file has long ended by then, one way or the other.
ORPHANED_AFTER = timedelta(hours=1)


def receive_sheet(
    db: Session, content: bytes, *, name: str, store: DocumentStore, actor: Actor, now: datetime
) -> SheetImport:
    """Keep a sheet; the job checks it. Refused while the account's last one is worked on."""
    if len(content) > LARGEST_SHEET:
        raise SheetTooLarge
    assert actor.id
    key = new_file_key()
    sheet = SheetImport(
        id=new_id(),
        account_id=actor.id,
        unit_id=actor.unit_id,
        district=actor.district,
        state=ImportState.CHECKING,
        size=len(content),
        uploaded_at=now,
        ends_at=now + KEPT_FOR,
    )
    sheet.name, sheet.key = name, b64encode(key).decode()
    db.add(sheet)
    db.flush()
    store.write(sheet.id, key, content)
    note(db, "sheet.uploaded", sheet, actor, now, size=sheet.size)
    return sheet


def get_import(db: Session, sheet_id: UUID, *, actor: Actor, now: datetime) -> SheetImport:
    """One's own. Of others one learns nothing."""
    return _one(db, sheet_id, actor, now)


def list_imports(
    db: Session, *, actor: Actor, after: tuple[UUID] | None, limit: int, now: datetime
) -> Sequence[SheetImport]:
    """One's own, the newest first."""
    query = select(SheetImport).where(SheetImport.account_id == actor.id, SheetImport.ends_at > now)
    if after:
        query = query.where(SheetImport.id < after[0])
    return db.scalars(query.order_by(SheetImport.id.desc()).limit(limit)).all()


def list_bad_cells(
    db: Session, sheet: SheetImport, *, after: tuple[int, int] | None, limit: int
) -> Sequence[SheetBadCell]:
    """In the order of the sheet."""
    key = (SheetBadCell.row, SheetBadCell.place)
    query = select(SheetBadCell).where(SheetBadCell.import_id == sheet.id)
    if after:
        query = query.where(tuple_(*key) > after)
    return db.scalars(query.order_by(*key).limit(limit)).all()


def bad_rows_file(db: Session, sheet_id: UUID, *, store: DocumentStore, actor: Actor, now: datetime) -> bytes:
    sheet = _one(db, sheet_id, actor, now)
    if sheet.bad_file_id is None:
        raise SheetNotReady
    return store.read(sheet.bad_file_id, key_of(sheet))


def confirm_import(db: Session, sheet_id: UUID, *, submits: bool, actor: Actor, now: datetime) -> SheetImport:
    """Let the good rows become drafts, and hand those in to be reviewed if so wanted."""
    sheet = _one(db, sheet_id, actor, now, is_locked=True)
    _check_state(sheet, (ImportState.CHECKED,))
    if not sheet.new_rows + sheet.changed_rows:
        raise NothingToImport
    sheet.state, sheet.submits, sheet.rows_read = ImportState.IMPORTING, submits, 0
    db.flush()
    note(db, "sheet.confirmed", sheet, actor, now, submits=submits)
    return sheet


def cancel_import(db: Session, sheet_id: UUID, *, actor: Actor, now: datetime) -> SheetImport:
    """Stop; drafts that were made by then stay, and can be taken back."""
    sheet = _one(db, sheet_id, actor, now, is_locked=True)
    _check_state(sheet, (ImportState.CHECKING, ImportState.CHECKED, ImportState.IMPORTING))
    sheet.state = ImportState.CANCELLED
    note(db, "sheet.cancelled", sheet, actor, now)
    return sheet


def undo_import(db: Session, sheet_id: UUID, *, actor: Actor, now: datetime) -> SheetImport:
    """Take back the drafts that came of a sheet and nobody has touched since; the job does it."""
    sheet = _one(db, sheet_id, actor, now, is_locked=True)
    _check_state(sheet, (ImportState.IMPORTED, ImportState.CANCELLED))
    if not sheet.drafts_made:
        raise SheetNotInThatState(state=sheet.state)
    sheet.state = ImportState.UNDOING
    db.flush()
    note(db, "sheet.undoing", sheet, actor, now)
    return sheet


def forget_sheets(db: Session, *, now: datetime) -> None:
    """With the row goes the key; the file, which nothing opens any more, goes with the next sweep."""
    db.execute(delete(SheetImport).where(SheetImport.ends_at <= now))
    db.execute(delete(SheetExport).where(SheetExport.ends_at <= now))


def sweep_files(db: Session, store: DocumentStore, *, now: datetime) -> int:
    """Remove files that belong to no sheet, and give how many."""
    removed = 0
    for path, file_id in store.files_before(now - ORPHANED_AFTER):
        if file_id is None or not _is_held(db, file_id):
            path.unlink(missing_ok=True)
            removed += 1
    return removed


def key_of(held: SheetImport | SheetExport) -> bytes:
    return b64decode(held.key or "")


def who_ordered(held: SheetImport | SheetExport) -> Actor:
    """Who a job works for."""
    kind = ActorKind.PARTNER if held.unit_id else ActorKind.OFFICE
    return Actor(kind, held.account_id, unit_id=held.unit_id, district=held.district)


def act_for(db: Session, actor: Actor) -> None:
    """See no more than that person would, until the transaction ends."""
    office = None if actor.unit_id else actor.district or WHOLE_CITY
    act_as_request(db, Scope(account_id=actor.id, unit_id=actor.unit_id, office=office))


def note(db: Session, action: str, sheet: SheetImport, actor: Actor, now: datetime, **data: object) -> None:
    audit.record(db, action, subject=("sheet_import", sheet.id), actor=actor, now=now, **data)


def _one(db: Session, sheet_id: UUID, actor: Actor, now: datetime, *, is_locked: bool = False) -> SheetImport:
    query = select(SheetImport).where(
        SheetImport.id == sheet_id, SheetImport.account_id == actor.id, SheetImport.ends_at > now
    )
    if is_locked:
        query = query.with_for_update().execution_options(populate_existing=True)
    sheet = db.scalars(query).one_or_none()
    if sheet is None:
        raise NotFound
    return sheet


def _check_state(sheet: SheetImport, states: tuple[ImportState, ...]) -> None:
    if sheet.state not in states:
        raise SheetNotInThatState(state=sheet.state)


def _is_held(db: Session, file_id: UUID) -> bool:
    held = exists().where((SheetImport.id == file_id) | (SheetImport.bad_file_id == file_id))
    return bool(db.scalar(select(held | exists().where(SheetExport.id == file_id))))
