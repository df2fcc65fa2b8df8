"""Exports of lists, each for who ordered it: of the office's lists, and of the audit trail."""

from typing import Any
from uuid import UUID

from flask import Response
from flask.views import MethodView

from backend.accounts.roles import Permission
from backend.audit.routes_office import WholeCityOnly
from backend.core.actor import Audience
from backend.core.jobs import defer
from backend.office import exporting
from backend.office import schemas_exports as schemas
from backend.office.errors import ExportNotReady
from backend.office.export_files import MEDIA_TYPES
from backend.office.exported_lists import AUDIT_EVENTS
from backend.office.jobs import make_export
from backend.office.models import Export
from backend.web.audience import audience_blueprint
from backend.web.console import permission
from backend.web.context import current_actor, request_time
from backend.web.transaction import request_session

blueprint = audience_blueprint(Audience.OFFICE, "exports")
audit_blueprint = audience_blueprint(Audience.OFFICE, "audit_exports")
FILE = {"type": "string", "format": "binary"}


@blueprint.route("/exports")
class Exports(MethodView):
    @permission(Permission.LISTS_EXPORT)
    @blueprint.arguments(schemas.NewExportSchema)
    @blueprint.response(202, schemas.ExportSchema)
    def post(self, body: dict[str, Any]) -> Export:
        """Order an export of a list, narrowed as on the page"""
        return _order(body.pop("list_name"), schemas.NewExportSchema(), body)


@blueprint.route("/exports/<uuid:export_id>")
class OneExport(MethodView):
    @permission(Permission.LISTS_EXPORT)
    @blueprint.response(200, schemas.ExportSchema)
    def get(self, export_id: UUID) -> Export:
        """Show how far an export has come"""
        return _own(export_id)


@blueprint.route("/exports/<uuid:export_id>/file")
class ExportFile(MethodView):
    @permission(Permission.LISTS_EXPORT)
    @blueprint.response(200, FILE, content_type="application/octet-stream")
    def get(self, export_id: UUID) -> Response:
        """Hand out an export that is ready"""
        return _file(_own(export_id))


@audit_blueprint.route("/audit-exports")
class AuditExports(MethodView):
    @permission(Permission.AUDIT_EXPORT)
    @audit_blueprint.arguments(schemas.NewAuditExportSchema)
    @audit_blueprint.response(202, schemas.ExportSchema)
    def post(self, body: dict[str, Any]) -> Export:
        """Order an export of the audit trail, narrowed as on the page; it is in the trail itself"""
        if current_actor().district:
            raise WholeCityOnly
        return _order(AUDIT_EVENTS, schemas.NewAuditExportSchema(), body)


@audit_blueprint.route("/audit-exports/<uuid:export_id>")
class OneAuditExport(MethodView):
    @permission(Permission.AUDIT_EXPORT)
    @audit_blueprint.response(200, schemas.ExportSchema)
    def get(self, export_id: UUID) -> Export:
        """Show how far an export of the audit trail has come"""
        return _own(export_id, of_audit=True)


@audit_blueprint.route("/audit-exports/<uuid:export_id>/file")
class AuditExportFile(MethodView):
    @permission(Permission.AUDIT_EXPORT)
    @audit_blueprint.response(200, FILE, content_type="application/octet-stream")
    def get(self, export_id: UUID) -> Response:
        """Hand out an export of the audit trail that is ready"""
        return _file(_own(export_id, of_audit=True))


def _order(list_name: str, schema: schemas.OrderSchema, body: dict[str, Any]) -> Export:
    db = request_session()
    purpose, wanted_format = body.pop("purpose"), body.pop("format")
    export = exporting.order_export(
        db,
        list_name=list_name,
        format=wanted_format,
        query=schema.dump(body),
        purpose=purpose,
        actor=current_actor(),
        now=request_time(),
    )
    defer(db, make_export, export_id=str(export.id))
    return export


def _own(export_id: UUID, *, of_audit: bool = False) -> Export:
    return exporting.get_own(
        request_session(), export_id, actor=current_actor(), now=request_time(), of_audit=of_audit
    )


def _file(export: Export) -> Response:
    if export.file is None:
        raise ExportNotReady
    answer = Response(export.file, content_type=MEDIA_TYPES[export.format])
    name = f"export-{str(export.id)[:8]}.{export.format}"
    answer.headers["Content-Disposition"] = f"attachment; filename={name}"
    return answer
