"""The credit office looks after sources: how they deliver, their programs, and batches on their behalf."""

from typing import Any
from uuid import UUID

from flask import Response
from flask.views import MethodView

from backend.accounts.queries import account_names
from backend.accounts.roles import Permission
from backend.accounts.schemas import NothingSchema
from backend.city.serving import current_city
from backend.city.source_files import Source
from backend.core.actor import Audience
from backend.core.errors import NotFound
from backend.sources import batches, clients, jobs, mending, schemas, schemas_office, watching, writing
from backend.sources.models import Batch, SourceClient
from backend.sources.quarantine import values_of
from backend.sources.shown import masked_row, shown_row
from backend.sources.storage import batch_store
from backend.web.audience import across_accounts, audience_blueprint
from backend.web.console import permission
from backend.web.context import current_actor, request_time
from backend.web.limits import DELIVERING, GUESSING, limiter
from backend.web.outside import outside_transaction
from backend.web.paging import Page, decode_cursor, page_of
from backend.web.transaction import request_session
from backend.web.uploads import FILE_BODY, body_pieces, file_name
from backend.web.workbooks import WORKBOOK, workbook_to_save

READ, DELIVER, MANAGE = Permission.RECORDS_READ, Permission.RECORDS_DELIVER, Permission.SOURCES_MANAGE

blueprint = audience_blueprint(Audience.OFFICE, "sources")


@blueprint.route("/sources")
class Sources(MethodView):
    @permission(READ)
    @blueprint.response(200, schemas_office.WatchedSourcesSchema)
    def get(self) -> dict[str, Any]:
        """Show how each source delivers: when, how much, what was refused, what is odd"""
        watched = watching.watch_sources(request_session(), city=current_city(), now=request_time())
        return {"items": [shown_source(each) for each in watched]}


@blueprint.route("/sources/<string:key>/clients")
class Clients(MethodView):
    @permission(MANAGE)
    @blueprint.response(200, schemas_office.ClientsSchema)
    def get(self, key: str) -> dict[str, Any]:
        """List the programs of a source"""
        db = request_session()
        found = clients.list_clients(db, get_source(key).key)
        names = account_names(db, {each.made_by for each in found})
        return {"items": [shown_client(each, names) for each in found]}

    @permission(MANAGE)
    @limiter.limit(GUESSING)
    @blueprint.arguments(NothingSchema, required=False)
    @blueprint.response(201, schemas_office.NewClientSchema)
    def post(self, _body: dict[str, Any], key: str) -> dict[str, Any]:
        """Make a program for a source; its secret is shown this once"""
        db = request_session()
        client, secret = clients.make_client(db, source=get_source(key).key, **_asked())
        names = account_names(db, {client.made_by})
        return {**shown_client(client, names), "secret": secret}


@blueprint.route("/source-clients/<uuid:client_id>")
class OneClient(MethodView):
    @permission(MANAGE)
    @blueprint.response(204)
    def delete(self, client_id: UUID) -> None:
        """End a program: it is out at once"""
        clients.end_client(request_session(), client_id, **_asked())


@blueprint.route("/sources/<string:key>/batches")
class SourceBatches(MethodView):
    @permission(DELIVER)
    @limiter.limit(DELIVERING)
    @blueprint.doc(requestBody=FILE_BODY)
    @blueprint.arguments(schemas.NewBatchQuery, location="query")
    @blueprint.response(202, schemas_office.OfficeBatchSchema)
    def post(self, query: dict[str, Any], key: str) -> dict[str, Any]:
        """Hand in a file on behalf of a source, as the body of the request"""
        source, pieces = get_source(key).key, body_pieces(batches.LARGEST_FILE)
        with outside_transaction():
            stored = batches.store_file(pieces, batch_store())
        db = request_session()
        batch = batches.receive_batch(db, stored, source=source, name=file_name(), **query, **_asked())
        jobs.queue_taking(db, batch)
        return shown_batch(batch)


@blueprint.route("/batch-template")
class BatchTemplate(MethodView):
    @permission(READ)
    @blueprint.doc(responses=WORKBOOK)
    def get(self) -> Response:
        """Take an empty file with the columns of a batch"""
        return workbook_to_save(writing.template(), "records")


@blueprint.route("/batches")
class Batches(MethodView):
    @permission(READ)
    @blueprint.arguments(schemas_office.OfficeBatchQuery, location="query")
    @blueprint.response(200, schemas_office.OfficeBatchPageSchema)
    def get(self, query: dict[str, Any]) -> Page[dict[str, Any]]:
        """List batches, the newest first"""
        limit, after = query["limit"], decode_cursor(query["cursor"], UUID)
        rows = batches.list_batches(
            request_session(), source=query["source"], state=query["state"], after=after, limit=limit + 1
        )
        page = page_of(rows, limit, lambda batch: [batch.id])
        return Page([shown_batch(each) for each in page.items], page.next_cursor)


@blueprint.route("/batches/<uuid:batch_id>")
class OneBatch(MethodView):
    @permission(READ)
    @blueprint.response(200, schemas_office.OfficeBatchSchema)
    def get(self, batch_id: UUID) -> dict[str, Any]:
        """Show how far a batch has come, and what became of its rows"""
        db = request_session()
        batch = batches.get_batch(db, batch_id)
        names = account_names(db, {batch.account_id} if batch.account_id else set())
        return shown_batch(batch, names)


@blueprint.route("/batches/<uuid:batch_id>/refused-rows")
class RefusedRows(MethodView):
    @permission(READ)
    @blueprint.arguments(schemas.RefusedRowQuery, location="query")
    @blueprint.response(200, schemas.RefusedRowPageSchema)
    def get(self, query: dict[str, Any], batch_id: UUID) -> Page[dict[str, Any]]:
        """List the rows that were not taken, with cell and reason; numbers of people are masked"""
        db, limit = request_session(), query["limit"]
        batch = batches.get_batch(db, batch_id)
        after = decode_cursor(query["cursor"], int)
        rows = batches.list_refused_rows(db, batch, after=after, limit=limit + 1)
        page = page_of(rows, limit, lambda row: [row.row])
        return Page([masked_row(batch, row) for row in page.items], page.next_cursor)


@blueprint.route("/batches/<uuid:batch_id>/refused-rows/file")
class RefusedRowsFile(MethodView):
    @permission(DELIVER)
    @limiter.limit(GUESSING)
    @blueprint.arguments(NothingSchema, required=False)
    @blueprint.doc(responses=WORKBOOK)
    def post(self, _body: dict[str, Any], batch_id: UUID) -> Response:
        """Take the refused rows as a workbook with whole numbers, to be mended; that is recorded"""
        db = request_session()
        batch = batches.get_batch(db, batch_id)
        rows = batches.list_refused_rows(db, batch, after=None, limit=writing.MOST_ROWS)
        batches.note(db, "batch.refused_rows_taken", batch, **_asked(), rows=len(rows))
        content = writing.write_refused(shown_row(batch, row) for row in rows if values_of(row))
        return workbook_to_save(content, f"refused-{str(batch_id)[-8:]}")


@blueprint.route("/batches/<uuid:batch_id>/withdrawal")
class BatchWithdrawal(MethodView):
    @permission(DELIVER)
    @blueprint.arguments(NothingSchema, required=False)
    @blueprint.response(200, schemas_office.OfficeBatchSchema)
    def post(self, _body: dict[str, Any], batch_id: UUID) -> dict[str, Any]:
        """Take a batch back whole"""
        db = request_session()
        batch = batches.order_withdrawal(db, batch_id, **_asked())
        jobs.queue_withdrawal(db, batch)
        return shown_batch(batch)


@blueprint.route("/refused-rows/<uuid:row_id>/mending")
class RowMending(MethodView):
    @permission(DELIVER)
    @across_accounts
    @blueprint.arguments(schemas_office.MendingSchema)
    @blueprint.response(200, schemas_office.OfficeBatchSchema)
    def post(self, body: dict[str, Any], row_id: UUID) -> dict[str, Any]:
        """Mend a refused row and have it taken; cells that are left out stay as they were"""
        if current_actor().district:
            raise NotFound
        batch = mending.mend_row(request_session(), row_id, body["values"], city=current_city(), **_asked())
        return shown_batch(batch)


def get_source(key: str) -> Source:
    try:
        return current_city().source(key)
    except LookupError:
        raise NotFound from None


def shown_source(watched: watching.Watched) -> dict[str, Any]:
    return {
        "key": watched.source.key,
        "name": watched.source.name,
        "every_days": watched.source.every_days,
        "indicators": [{"name": name, "rows": rows} for name, rows in watched.indicators],
        **{name: getattr(watched, name) for name in WATCHED},
    }


def shown_client(client: SourceClient, names: dict[UUID, str]) -> dict[str, Any]:
    return {**vars(client), "made_by": names.get(client.made_by, "")}


def shown_batch(batch: Batch, names: dict[UUID, str] | None = None) -> dict[str, Any]:
    by = names.get(batch.account_id) if names and batch.account_id else None
    return {
        **{name: getattr(batch, name) for name in schemas_office.OfficeBatchSchema.PLAIN},
        "name": batch.name or "",
        "source_name": get_source(batch.source).name,
        "by_program": batch.client_id is not None,
        "handed_in_by": by,
    }


def _asked() -> dict[str, Any]:
    return {"actor": current_actor(), "now": request_time()}


WATCHED = (
    "alerts",
    "last_delivered_at",
    "due_at",
    "refusal_permille",
    "median_delay_days",
    "delivered_indicators",
)
