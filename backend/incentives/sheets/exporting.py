"""A list of incentives or of drafts goes out as a sheet: made by a job, marked with who, when and why."""

from base64 import b64encode
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.accounts.queries import account_names
from backend.audit import service as audit
from backend.city import City
from backend.core.actor import SYSTEM, Actor
from backend.core.clock import CHINA, day_in_china
from backend.core.errors import NotFound
from backend.core.ids import new_id
from backend.incentives import draft_queries
from backend.incentives.models import Incentive, IncentiveDraft
from backend.incentives.sheets.errors import SheetNotReady
from backend.incentives.sheets.helping import example
from backend.incentives.sheets.importing import key_of
from backend.incentives.sheets.models import ExportState, SheetExport
from backend.incentives.sheets.surroundings import Units
from backend.incentives.sheets.words import Words, label_shops
from backend.incentives.sheets.writing import Mark, SheetWriter
from backend.incentives.versions import contents_of
from backend.partners.document_storage import DocumentStore, new_file_key
from backend.partners.queries import shops_of_units

KEPT_FOR = timedelta(days=1)
# As many as a sheet may bring in again.
MOST_ROWS = 50_000
BATCH = 500
RUNNING, DRAFTS = "incentives", "incentive-drafts"


def order_export(
    db: Session, *, list_name: str, query: dict[str, Any], purpose: str, actor: Actor, now: datetime
) -> SheetExport:
    """Ask for a sheet; the job makes it."""
    assert actor.id
    export = SheetExport(
        id=new_id(),
        account_id=actor.id,
        unit_id=actor.unit_id,
        district=actor.district,
        list_name=list_name,
        query=query,
        purpose=purpose,
        state=ExportState.QUEUED,
        rows=0,
        ordered_at=now,
        ends_at=now + KEPT_FOR,
    )
    export.key = b64encode(new_file_key()).decode()
    db.add(export)
    db.flush()
    note(db, "sheet_export.ordered", export, actor, now)
    return export


def get_export(db: Session, export_id: UUID, *, actor: Actor, now: datetime) -> SheetExport:
    """One's own."""
    query = select(SheetExport).where(
        SheetExport.id == export_id, SheetExport.account_id == actor.id, SheetExport.ends_at > now
    )
    export = db.scalars(query).one_or_none()
    if export is None:
        raise NotFound
    return export


def export_file(db: Session, export_id: UUID, *, store: DocumentStore, actor: Actor, now: datetime) -> bytes:
    export = get_export(db, export_id, actor=actor, now=now)
    if export.state != ExportState.READY:
        raise SheetNotReady
    return store.read(export.id, key_of(export))


def mark_of(db: Session, export: SheetExport) -> Mark:
    name = account_names(db, [export.account_id])[export.account_id]
    when = f"{export.ordered_at.astimezone(CHINA):%Y-%m-%d %H:%M:%S}"
    lines = (("导出人", name), ("导出时间", when), ("目的", export.purpose), ("导出编号", str(export.id)))
    return Mark(lines)


def add_batch(
    db: Session, export: SheetExport, writer: SheetWriter, units: Units, *, actor: Actor, after: Any
) -> tuple[int, Any]:
    """Write the next rows that the person may see; how many, and where the batch after them begins."""
    query = dict(export.query)
    sort = query.pop("sort")
    if query["unit_id"]:
        query["unit_id"] = UUID(query["unit_id"])
    wanted, place = draft_queries.Wanted(**query), {"actor": actor, "sort": sort, "after": after}
    found: Sequence[Incentive] | Sequence[IncentiveDraft]
    if export.list_name == RUNNING:
        running = draft_queries.list_incentives(db, wanted, **place, limit=BATCH)
        _add_incentives(db, writer, units, running)
        found = running
    else:
        found = draft_queries.list_drafts(db, wanted, **place, limit=BATCH)
        _add_drafts(db, writer, units, found)
    export.rows += len(found)
    last = draft_queries.sort_key(found[-1], sort) if len(found) == BATCH else None
    return len(found), last


def finish(db: Session, export: SheetExport, content: bytes, *, store: DocumentStore, now: datetime) -> None:
    store.write(export.id, key_of(export), content)
    export.state = ExportState.READY
    note(db, "sheet_export.made", export, SYSTEM, now, rows=export.rows)


def template(db: Session, city: City, *, actor: Actor, now: datetime) -> bytes:
    """An empty sheet with the choices, the help and an example."""
    writer = SheetWriter(Words(city))
    name = Units(db, actor).names[actor.unit_id] if actor.unit_id else ""
    writer.add(None, name, example(city.categories[0].code, day_in_china(now)), {})
    return writer.finish()


def _add_incentives(db: Session, writer: SheetWriter, units: Units, incentives: Sequence[Incentive]) -> None:
    """What only the city's files name has no unit, and nobody to change it: it is left out."""
    of_units = [each for each in incentives if each.unit_id]
    contents = contents_of(db, of_units)
    labels = _labels(db, {each.unit_id for each in of_units if each.unit_id})
    for each in of_units:
        assert each.unit_id
        writer.add(each.number, units.names[each.unit_id], contents[each.id], labels)


def _add_drafts(db: Session, writer: SheetWriter, units: Units, drafts: Sequence[IncentiveDraft]) -> None:
    labels = _labels(db, {each.unit_id for each in drafts})
    for each in drafts:
        writer.add(str(each.id), units.names[each.unit_id], each.content, labels)


def _labels(db: Session, unit_ids: set[UUID]) -> Mapping[str, str]:
    shops = shops_of_units(db, unit_ids)
    return {
        str(shop_id): label
        for unit_id in unit_ids
        for label, shop_id in label_shops([s for s in shops if s.unit_id == unit_id]).items()
    }


def note(db: Session, action: str, export: SheetExport, actor: Actor, now: datetime, **data: object) -> None:
    subject = ("sheet_export", export.id)
    audit.record(db, action, subject=subject, actor=actor, now=now, list=export.list_name, **data)
