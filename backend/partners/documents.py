"""Documents of applications and duties: handed in by the applicant or the unit, read by the office too."""

from base64 import b64decode, b64encode
from collections.abc import Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import Session

from backend.audit import service as audit
from backend.city import City
from backend.core.actor import Actor
from backend.core.errors import NotFound
from backend.core.ids import new_id
from backend.partners.applying import APPLICANT, check_open, open_application
from backend.partners.document_checks import CleanDocument
from backend.partners.document_errors import DocumentNotAskedFor, TooManyDocuments
from backend.partners.document_storage import DocumentStore, new_file_key
from backend.partners.models import Unit, UnitApplication, UnitDocument, UnitDuty

MOST_OF_ONE_KIND = 6
MOST_OF_AN_APPLICATION = 20
MOST_BYTES = 50 * 1024 * 1024
# A transaction that wrote a file has long ended by then, one way or the other.
ORPHANED_AFTER = timedelta(hours=1)


def check_wanted(db: Session, *, token: str, requirement: str, city: City, now: datetime) -> UnitApplication:
    """Refuse a document that could not be kept, before anybody looks into it."""
    application = open_application(db, token, now=now)
    check_open(application)
    asked = {each.code for each in city.membership.asked_at("application") if each.kind == "document"}
    if requirement not in asked:
        raise DocumentNotAskedFor(errors={"requirement": [DocumentNotAskedFor.detail]})
    check_room(application.documents, requirement=requirement)
    return application


def check_room(held: Sequence[UnitDocument], *, requirement: str, size: int = 1) -> None:
    """Refuse what is too much. Whoever holds the documents is locked, so that two at once are counted."""
    if (
        len(held) >= MOST_OF_AN_APPLICATION
        or sum(each.size for each in held) + size > MOST_BYTES
        or sum(each.requirement == requirement for each in held) >= MOST_OF_ONE_KIND
    ):
        raise TooManyDocuments


def keep_document(
    db: Session,
    *,
    token: str,
    requirement: str,
    clean: CleanDocument,
    store: DocumentStore,
    city: City,
    now: datetime,
) -> UnitDocument:
    """Keep what was found clean, for the application behind the link."""
    application = check_wanted(db, token=token, requirement=requirement, city=city, now=now)
    application.changed_at = now
    what: dict[str, Any] = {"requirement": requirement, "clean": clean, "store": store}
    return keep(db, application, **what, actor=APPLICANT, now=now)


def keep(
    db: Session,
    holder: UnitApplication | UnitDuty,
    *,
    requirement: str,
    clean: CleanDocument,
    store: DocumentStore,
    actor: Actor,
    now: datetime,
) -> UnitDocument:
    """For what is locked and open."""
    check_room(holder.documents, requirement=requirement, size=len(clean.content))
    key = new_file_key()
    document = UnitDocument(
        id=new_id(),
        requirement=requirement,
        media_type=clean.media_type,
        size=len(clean.content),
        sha256=sha256(clean.content).digest(),
        uploaded_at=now,
    )
    document.key = b64encode(key).decode()
    holder.documents.append(document)
    db.flush()
    # The file comes before the commit: should that fail, a file without a row is left, which nobody can
    # open and the sweep removes. The other way round a row could be left whose document is lost.
    store.write(document.id, key, clean.content)
    _note(db, "unit_document.uploaded", document, actor, now)
    return document


def remove_document(db: Session, *, token: str, document_id: UUID, now: datetime) -> UnitApplication:
    application = open_application(db, token, now=now)
    check_open(application)
    application.changed_at = now
    remove(db, application, document_id, actor=APPLICANT, now=now)
    return application


def remove(
    db: Session, holder: UnitApplication | UnitDuty, document_id: UUID, *, actor: Actor, now: datetime
) -> None:
    """With the row goes the key; the file, which nothing opens any more, goes with the next sweep."""
    document = _one_of(holder, document_id)
    holder.documents.remove(document)
    db.flush()
    _note(db, "unit_document.removed", document, actor, now)


def look_at_own_document(
    db: Session, *, token: str, document_id: UUID, store: DocumentStore, now: datetime
) -> tuple[UnitDocument, bytes]:
    """The applicant sees what was kept of a file."""
    document = _one_of(open_application(db, token, now=now), document_id)
    return document, content_of(document, store)


def _one_of(holder: UnitApplication | UnitDuty, document_id: UUID) -> UnitDocument:
    for document in holder.documents:
        if document.id == document_id:
            return document
    raise NotFound


def read_document(
    db: Session, document_id: UUID, *, store: DocumentStore, actor: Actor, now: datetime
) -> tuple[UnitDocument, bytes]:
    """The office looks at a document; that it did is written down."""
    query = _of_units().where(UnitDocument.id == document_id)
    query = query.where(or_(UnitApplication.submitted_at.is_not(None), UnitDuty.id.is_not(None)))
    if actor.district:
        district = func.coalesce(UnitApplication.district, Unit.district)
        query = query.where(district == actor.district)
    document = db.scalars(query).one_or_none()
    if document is None:
        raise NotFound
    _note(db, "unit_document.read", document, actor, now)
    return document, content_of(document, store)


def list_documents_of_unit(db: Session, unit_id: UUID) -> Sequence[UnitDocument]:
    query = _of_units().where(_is_of(unit_id))
    return db.scalars(query.order_by(UnitDocument.uploaded_at, UnitDocument.id)).all()


def get_document_of_unit(
    db: Session, document_id: UUID, *, unit_id: UUID, store: DocumentStore
) -> tuple[UnitDocument, bytes]:
    query = _of_units().where(UnitDocument.id == document_id, _is_of(unit_id))
    document = db.scalars(query).one_or_none()
    if document is None:
        raise NotFound
    return document, content_of(document, store)


def _of_units() -> Select[UnitDocument]:
    """With the application or the duty, and the duty's unit."""
    return select(UnitDocument).outerjoin(UnitApplication).outerjoin(UnitDuty).outerjoin(UnitDuty.unit)


def _is_of(unit_id: UUID) -> ColumnElement[bool]:
    return or_(UnitApplication.unit_id == unit_id, UnitDuty.unit_id == unit_id)


def content_of(document: UnitDocument, store: DocumentStore) -> bytes:
    return store.read(document.id, b64decode(document.key or ""))


def sweep_files(db: Session, store: DocumentStore, *, now: datetime) -> int:
    """Remove files that belong to no document, and give how many."""
    removed = 0
    for path, document_id in store.files_before(now - ORPHANED_AFTER):
        if document_id is None or db.get(UnitDocument, document_id) is None:
            path.unlink(missing_ok=True)
            removed += 1
    return removed


def _note(db: Session, action: str, document: UnitDocument, actor: Actor, now: datetime) -> None:
    names = ("application_id", "duty_id")
    holder = {name: str(getattr(document, name)) for name in names if getattr(document, name)}
    about = {**holder, "requirement": document.requirement}
    audit.record(db, action, subject=("unit_document", document.id), actor=actor, now=now, **about)
