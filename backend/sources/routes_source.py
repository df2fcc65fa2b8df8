"""Departments' programs deliver records, see what became of them, and take records back."""

from typing import Any
from uuid import UUID

from flask import Response, request
from flask.views import MethodView

from backend.accounts.schemas import NothingSchema
from backend.core.actor import Audience
from backend.identity.signing import current_session_key
from backend.identity.tokens import ACCESS_LIFE
from backend.sources import batches, clients, jobs, schemas, withdrawing
from backend.sources.errors import WrongCredentials
from backend.sources.models import Batch
from backend.sources.shown import shown_row
from backend.sources.storage import batch_store
from backend.web.audience import across_accounts, audience_blueprint, open_route
from backend.web.context import current_actor, request_time
from backend.web.limits import DELIVERING, GUESSING, limiter
from backend.web.outside import outside_transaction
from backend.web.paging import Page, decode_cursor, page_of
from backend.web.problems import problem
from backend.web.transaction import request_session
from backend.web.uploads import FILE_BODY, body_pieces, file_name

blueprint = audience_blueprint(Audience.SOURCE, "batches")


@blueprint.route("/token")
class Token(MethodView):
    @open_route
    @limiter.limit(GUESSING)
    @blueprint.arguments(schemas.SourceTokenRequestSchema, location="form")
    @blueprint.response(200, schemas.SourceTokenSchema)
    def post(self, form: dict[str, Any]) -> Any:
        """Get an access token for a program (OAuth 2 client credentials)"""
        given = request.authorization
        number = given.username if given else form["client_id"]
        secret = given.password if given else form["client_secret"]
        try:
            token = clients.give_token(
                request_session(),
                client_id=_as_id(number),
                secret=secret or "",
                key=current_session_key(),
                now=request_time(),
            )
        except WrongCredentials as refusal:
            return _invalid_client(refusal)
        lives = int(ACCESS_LIFE.total_seconds())
        return {"access_token": token, "token_type": "Bearer", "expires_in": lives}


@blueprint.route("/batches")
class Batches(MethodView):
    @blueprint.arguments(schemas.BatchQuery, location="query")
    @blueprint.response(200, schemas.BatchPageSchema)
    def get(self, query: dict[str, Any]) -> Page[Batch]:
        """List my batches, the newest first"""
        limit, after = query["limit"], decode_cursor(query["cursor"], UUID)
        rows = batches.list_batches(
            request_session(), source=my_source(), state=query["state"], after=after, limit=limit + 1
        )
        return page_of(rows, limit, lambda batch: [batch.id])

    @limiter.limit(DELIVERING)
    @blueprint.doc(requestBody=FILE_BODY)
    @blueprint.arguments(schemas.NewBatchQuery, location="query")
    @blueprint.response(202, schemas.BatchSchema)
    def post(self, query: dict[str, Any]) -> Batch:
        """Deliver a file: CSV (UTF-8 or GBK), a workbook or NDJSON, as the body of the request"""
        source, pieces = my_source(), body_pieces(batches.LARGEST_FILE)
        with outside_transaction():
            stored = batches.store_file(pieces, batch_store())
        db = request_session()
        batch = batches.receive_batch(db, stored, source=source, name=file_name(), **query, **_asked())
        jobs.queue_taking(db, batch)
        return batch


@blueprint.route("/batches/<uuid:batch_id>")
class OneBatch(MethodView):
    @blueprint.response(200, schemas.BatchSchema)
    def get(self, batch_id: UUID) -> Batch:
        """Show how far a batch has come, and what became of its rows"""
        return batches.get_batch(request_session(), batch_id, source=my_source())


@blueprint.route("/batches/<uuid:batch_id>/refused-rows")
class RefusedRows(MethodView):
    @blueprint.arguments(schemas.RefusedRowQuery, location="query")
    @blueprint.response(200, schemas.RefusedRowPageSchema)
    def get(self, query: dict[str, Any], batch_id: UUID) -> Page[dict[str, Any]]:
        """List the rows of a batch that were not taken, with cell and reason"""
        db, limit = request_session(), query["limit"]
        batch = batches.get_batch(db, batch_id, source=my_source())
        after = decode_cursor(query["cursor"], int)
        rows = batches.list_refused_rows(db, batch, after=after, limit=limit + 1)
        page = page_of(rows, limit, lambda row: [row.row])
        return Page([shown_row(batch, row) for row in page.items], page.next_cursor)


@blueprint.route("/batches/<uuid:batch_id>/withdrawal")
class BatchWithdrawal(MethodView):
    @blueprint.arguments(NothingSchema, required=False)
    @blueprint.response(200, schemas.BatchSchema)
    def post(self, _body: dict[str, Any], batch_id: UUID) -> Batch:
        """Take a batch back whole"""
        db = request_session()
        batch = batches.order_withdrawal(db, batch_id, source=my_source(), **_asked())
        jobs.queue_withdrawal(db, batch)
        return batch


@blueprint.route("/records:withdraw")
class RecordsWithdrawal(MethodView):
    @across_accounts
    @limiter.limit(DELIVERING)
    @blueprint.arguments(schemas.WithdrawalSchema)
    @blueprint.response(200, schemas.WithdrawnSchema)
    def post(self, body: dict[str, Any]) -> dict[str, int]:
        """Take single records back, by my own numbers for them"""
        db, source = request_session(), my_source()
        return {"records": withdrawing.withdraw_records(db, body["keys"], source=source, **_asked())}


def _asked() -> dict[str, Any]:
    return {"actor": current_actor(), "now": request_time()}


def my_source() -> str:
    source = current_actor().source
    assert source
    return source


def _as_id(number: str | None) -> UUID:
    try:
        return UUID(number or "")
    except ValueError:
        raise WrongCredentials from None


def _invalid_client(refusal: WrongCredentials) -> Response:
    """As every refusal, and with what RFC 6749 §5.2 asks for, which libraries look at."""
    answer = problem(401, refusal.code, refusal.detail, error="invalid_client")
    answer.headers["WWW-Authenticate"] = "Basic"
    return answer
