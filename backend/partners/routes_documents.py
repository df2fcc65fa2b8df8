"""Documents of applications, handed in through the link, and of units; read by the office."""

from typing import Any
from uuid import UUID

from flask import Response
from flask.views import MethodView

from backend.accounts.roles import Permission
from backend.city.serving import current_city
from backend.core.actor import Audience
from backend.partners import documents, duty_documents, schemas
from backend.partners.answers import shown_application, shown_document
from backend.partners.document_checks import LARGEST_DOCUMENT, clean
from backend.partners.document_storage import document_store
from backend.partners.document_verdicts import MEDIA_TYPES, Verdict
from backend.partners.models import UnitDocument
from backend.web.audience import across_accounts, audience_blueprint
from backend.web.console import permission
from backend.web.context import current_actor, request_time
from backend.web.idempotency import keep_no_answer
from backend.web.limits import GUESSING, limiter
from backend.web.transaction import request_session
from backend.web.uploads import takes_file

applicants = audience_blueprint(Audience.PUBLIC, "unit_documents")
office = audience_blueprint(Audience.OFFICE, "unit_documents")
partner = audience_blueprint(Audience.PARTNER, "unit_documents")

ENDINGS = {Verdict.JPEG: "jpg", Verdict.PDF: "pdf"}
FILE = {
    200: {
        "description": "The document, to be saved",
        "content": {each: {"schema": {"type": "string", "format": "binary"}} for each in MEDIA_TYPES},
    }
}


@applicants.route("/unit-applications/documents")
class Documents(MethodView):
    @across_accounts
    @limiter.limit(GUESSING)
    @takes_file(LARGEST_DOCUMENT)
    @applicants.arguments(schemas.DocumentUploadSchema, location="form")
    @applicants.arguments(schemas.DocumentFileSchema, location="files")
    @applicants.response(201, schemas.DocumentSchema)
    def post(self, body: dict[str, Any], files: dict[str, Any]) -> dict[str, Any]:
        """Hand in a document for an application, as a form with a file"""
        db = request_session()
        wanted = {**body, "city": current_city(), "now": request_time()}
        documents.check_wanted(db, **wanted)
        # Looking through the file takes seconds, in which others may have the connection and the row.
        db.rollback()
        found = clean(files["file"].read())
        return shown_document(documents.keep_document(db, **wanted, clean=found, store=document_store()))


@applicants.route("/unit-applications/documents/removal")
class Removal(MethodView):
    @across_accounts
    @limiter.limit(GUESSING)
    @applicants.arguments(schemas.DocumentOfLinkSchema)
    @applicants.response(200, schemas.ApplicationSchema)
    def post(self, body: dict[str, Any]) -> dict[str, Any]:
        """Take a document back"""
        return shown_application(documents.remove_document(request_session(), **body, now=request_time()))


@applicants.route("/unit-applications/documents/content")
class OwnContent(MethodView):
    @across_accounts
    @limiter.limit(GUESSING)
    @applicants.arguments(schemas.DocumentOfLinkSchema)
    @applicants.doc(responses=FILE)
    def post(self, body: dict[str, Any]) -> Response:
        """Look at a document that I handed in"""
        own: dict[str, Any] = {"store": document_store(), "now": request_time()}
        return _to_save(*documents.look_at_own_document(request_session(), **body, **own))


@office.route("/unit-documents/<uuid:document_id>/reading")
class Reading(MethodView):
    @permission(Permission.UNITS_REVIEW)
    @office.doc(responses=FILE)
    def post(self, document_id: UUID) -> Response:
        """Read a document of an application; that somebody did is recorded"""
        keep_no_answer()
        who: dict[str, Any] = {"actor": current_actor(), "now": request_time()}
        return _to_save(
            *documents.read_document(request_session(), document_id, store=document_store(), **who)
        )


@partner.route("/unit/documents")
class UnitDocuments(MethodView):
    @permission(Permission.UNIT_READ)
    @partner.response(200, schemas.DocumentsSchema)
    def get(self) -> dict[str, Any]:
        """List the documents that my unit handed in"""
        held = documents.list_documents_of_unit(request_session(), _unit_id())
        return {"items": [shown_document(each) for each in held]}

    @permission(Permission.UNIT_HAND_IN)
    @takes_file(LARGEST_DOCUMENT)
    @partner.arguments(schemas.UnitDocumentUploadSchema, location="form")
    @partner.arguments(schemas.DocumentFileSchema, location="files")
    @partner.response(201, schemas.DocumentSchema)
    def post(self, body: dict[str, Any], files: dict[str, Any]) -> dict[str, Any]:
        """Hand in a document that is asked of my unit, as a form with a file"""
        db, wanted = request_session(), {**body, "unit_id": _unit_id(), "city": current_city()}
        duty_documents.check_wanted(db, **wanted)
        db.rollback()
        found = clean(files["file"].read())
        who: dict[str, Any] = {"actor": current_actor(), "now": request_time()}
        kept = duty_documents.keep_document(db, **wanted, clean=found, store=document_store(), **who)
        return shown_document(kept)


@partner.route("/unit/documents/<uuid:document_id>")
class UnitDocumentOfId(MethodView):
    @permission(Permission.UNIT_HAND_IN)
    @partner.response(204)
    def delete(self, document_id: UUID) -> None:
        """Take a document of my unit back before it is handed in"""
        who: dict[str, Any] = {"actor": current_actor(), "now": request_time()}
        duty_documents.remove_document(request_session(), document_id, unit_id=_unit_id(), **who)


@partner.route("/unit/documents/<uuid:document_id>/content")
class Content(MethodView):
    @permission(Permission.UNIT_READ)
    @partner.doc(responses=FILE)
    def get(self, document_id: UUID) -> Response:
        """Read a document that my unit handed in"""
        own: dict[str, Any] = {"unit_id": _unit_id(), "store": document_store()}
        return _to_save(*documents.get_document_of_unit(request_session(), document_id, **own))


def _to_save(document: UnitDocument, content: bytes) -> Response:
    """As a file to be saved, of the type that we found. A browser that shows it all the same runs nothing."""
    name = f"{document.requirement}.{ENDINGS[Verdict(document.media_type)]}"
    answer = Response(content, content_type=document.media_type)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'; frame-ancestors 'none'"
    return answer


def _unit_id() -> UUID:
    unit_id = current_actor().unit_id
    assert unit_id is not None
    return unit_id
