"""Exports of the office's lists, each for who ordered it."""

from typing import Any
from uuid import UUID

from flask import Response
from flask.views import MethodView

from backend.accounts.roles import Permission
from backend.core.actor import Audience
from backend.core.jobs import defer
from backend.office import exporting
from backend.office import schemas_lists as schemas
from backend.office.jobs import make_export
from backend.web.audience import audience_blueprint
from backend.web.console import permission
from backend.web.context import current_actor, request_time
from backend.web.transaction import request_session

blueprint = audience_blueprint(Audience.OFFICE, "exports")
CSV = "text/csv"


@blueprint.route("/exports")
class Exports(MethodView):
    @permission(Permission.LISTS_EXPORT)
    @blueprint.arguments(schemas.NewExportSchema)
    @blueprint.response(202, schemas.ExportSchema)
    def post(self, body: dict[str, Any]) -> Any:
        """Order an export of a list, narrowed as on the page"""
        db = request_session()
        purpose, list_name = body.pop("purpose"), body.pop("list_name")
        query = schemas.NewExportSchema().dump(body)
        export = exporting.order_export(
            db, list_name=list_name, query=query, purpose=purpose, actor=current_actor(), now=request_time()
        )
        defer(db, make_export, export_id=str(export.id))
        return export


@blueprint.route("/exports/<uuid:export_id>")
class OneExport(MethodView):
    @permission(Permission.LISTS_EXPORT)
    @blueprint.response(200, schemas.ExportSchema)
    def get(self, export_id: UUID) -> Any:
        """Show how far an export has come"""
        return exporting.get_own(request_session(), export_id, actor=current_actor(), now=request_time())


@blueprint.route("/exports/<uuid:export_id>/file")
class ExportFile(MethodView):
    @permission(Permission.LISTS_EXPORT)
    @blueprint.response(200, {"type": "string", "format": "binary"}, content_type=CSV)
    def get(self, export_id: UUID) -> Response:
        """Hand out an export that is ready"""
        content = exporting.get_file(request_session(), export_id, actor=current_actor(), now=request_time())
        answer = Response(content, content_type=f"{CSV}; charset=utf-8")
        answer.headers["Content-Disposition"] = f"attachment; filename=export-{str(export_id)[:8]}.csv"
        return answer
