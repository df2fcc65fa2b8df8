"""A batch comes in, is looked at, and is taken back."""

from base64 import b64decode, b64encode
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from backend.audit import service as audit
from backend.core.actor import Actor, ActorKind
from backend.core.errors import NotFound
from backend.core.ids import new_id
from backend.partners.document_storage import DocumentStore, new_file_key
from backend.sources.errors import EmptyFile, NotInThatState
from backend.sources.models import Batch, BatchState, RefusedRow

LARGEST_FILE = 300 * 1024 * 1024
# A file and its refused rows; long enough to mend them.
KEPT_FOR = timedelta(days=30)
# A request that wrote a file has long ended by then, one way or the other.
ORPHANED_AFTER = timedelta(hours=1)


def store_file(pieces: Iterable[bytes], store: DocumentStore) -> tuple[UUID, bytes, int]:
    """Seal a file as it comes, before anything is said about it: its id, its key and its size."""
    batch_id, key = new_id(), new_file_key()
    size = store.write_pieces(batch_id, key, pieces)
    if not size:
        raise EmptyFile
    return batch_id, key, size


def receive_batch(
    db: Session,
    stored: tuple[UUID, bytes, int],
    *,
    source: str,
    name: str | None,
    mends_id: UUID | None = None,
    actor: Actor,
    now: datetime,
) -> Batch:
    """A file that was stored becomes a batch, whose rows are then to be taken. They may be rows of an earlier
    batch of the source, mended."""
    batch_id, key, size = stored
    if mends_id:
        get_batch(db, mends_id, source=source)
    is_program = actor.kind is ActorKind.SOURCE
    batch = Batch(
        id=batch_id,
        source=source,
        client_id=actor.id if is_program else None,
        account_id=None if is_program else actor.id,
        mends_id=mends_id,
        size=size,
        state=BatchState.WAITING,
        columns=[],
        indicators={},
        handed_in_at=now,
        file_ends_at=now + KEPT_FOR,
    )
    batch.name, batch.key = name, b64encode(key).decode()
    db.add(batch)
    db.flush()
    note(db, "batch.handed_in", batch, actor, now, size=size)
    return batch


def get_batch(db: Session, batch_id: UUID, *, source: str | None = None) -> Batch:
    """One of the source; NotFound for another's."""
    query = select(Batch).where(Batch.id == batch_id)
    if source:
        query = query.where(Batch.source == source)
    batch = db.scalars(query).one_or_none()
    if batch is None:
        raise NotFound
    return batch


def list_batches(
    db: Session, *, source: str | None, state: str | None, after: tuple[UUID] | None, limit: int
) -> Sequence[Batch]:
    """The newest first."""
    query = select(Batch)
    if source:
        query = query.where(Batch.source == source)
    if state:
        query = query.where(Batch.state == state)
    if after:
        query = query.where(Batch.id < after[0])
    return db.scalars(query.order_by(Batch.id.desc()).limit(limit)).all()


def list_refused_rows(
    db: Session, batch: Batch, *, after: tuple[int] | None, limit: int
) -> Sequence[RefusedRow]:
    """Those still to be mended, in the order of the file."""
    query = select(RefusedRow).where(RefusedRow.batch_id == batch.id, RefusedRow.mended_at.is_(None))
    if after:
        query = query.where(RefusedRow.row > after[0])
    return db.scalars(query.order_by(RefusedRow.row).limit(limit)).all()


def order_withdrawal(
    db: Session, batch_id: UUID, *, source: str | None = None, actor: Actor, now: datetime
) -> Batch:
    """Let a batch be taken back whole."""
    batch = get_batch(db, batch_id, source=source)
    db.refresh(batch, with_for_update=True)
    if batch.state != BatchState.TAKEN:
        raise NotInThatState(state=batch.state)
    batch.state = BatchState.WITHDRAWING
    note(db, "batch.withdrawal_ordered", batch, actor, now)
    return batch


def forget_files(db: Session, *, now: datetime) -> int:
    """Forget the content of batches whose days are over; the counts stay. Gives how many."""
    over = select(Batch.id).where(Batch.file_ends_at <= now, Batch.key_cipher.is_not(None))
    ids = db.scalars(over).all()
    db.execute(update(RefusedRow).where(RefusedRow.batch_id.in_(ids)).values(values_cipher=None))
    db.execute(update(Batch).where(Batch.id.in_(ids)).values(key_cipher=None, name_cipher=None))
    return len(ids)


def sweep_files(db: Session, store: DocumentStore, *, now: datetime) -> int:
    """Remove files that nothing opens any more, and give how many."""
    removed = 0
    for path, batch_id in store.files_before(now - ORPHANED_AFTER):
        batch = db.get(Batch, batch_id) if batch_id else None
        if batch is None or batch.key_cipher is None:
            path.unlink(missing_ok=True)
            removed += 1
    return removed


def key_of(batch: Batch) -> bytes:
    return b64decode(batch.key or "")


def note(db: Session, action: str, batch: Batch, actor: Actor, now: datetime, **data: object) -> None:
    subject = ("batch", batch.id)
    audit.record(db, action, subject=subject, actor=actor, now=now, source=batch.source, **data)
