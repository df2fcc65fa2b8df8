"""The office reviews applications of units."""

from datetime import datetime
from typing import Any
from uuid import UUID

from flask.views import MethodView

from backend.accounts.roles import Permission
from backend.city.serving import current_city
from backend.core.actor import Audience
from backend.partners import queries, reviewing, schemas
from backend.partners.answers import shown_application
from backend.web.audience import audience_blueprint
from backend.web.console import permission
from backend.web.context import current_actor, request_time
from backend.web.paging import Page, decode_cursor, page_of, page_schema
from backend.web.transaction import request_session

blueprint = audience_blueprint(Audience.OFFICE, "units")


@blueprint.route("/unit-applications")
class Applications(MethodView):
    @permission(Permission.UNITS_READ)
    @blueprint.arguments(schemas.ApplicationsQuery, location="query")
    @blueprint.response(200, page_schema(schemas.ApplicationRowSchema))
    def get(self, query: dict[str, Any]) -> Page[Any]:
        """List the applications, who waits longest first"""
        limit, text = query.pop("limit"), query.pop("q")
        after = decode_cursor(query.pop("cursor"), datetime.fromisoformat, UUID)
        rows = queries.list_applications(
            request_session(),
            queries.ApplicationQuery(text=text, **query),
            actor=current_actor(),
            after=(after[0], after[1]) if after else None,
            limit=limit + 1,
        )
        return page_of(rows, limit, key=lambda row: [row.submitted_at, row.id])


@blueprint.route("/unit-applications/<uuid:application_id>")
class Application(MethodView):
    @permission(Permission.UNITS_READ)
    @blueprint.response(200, schemas.ApplicationSchema)
    def get(self, application_id: UUID) -> dict[str, Any]:
        """Show an application"""
        return shown_application(
            queries.get_application(request_session(), application_id, actor=current_actor())
        )


@blueprint.route("/unit-applications/<uuid:application_id>/return")
class Return(MethodView):
    @permission(Permission.UNITS_REVIEW)
    @blueprint.arguments(schemas.ApplicationReturnSchema)
    @blueprint.response(200, schemas.ApplicationSchema)
    def post(self, body: dict[str, Any], application_id: UUID) -> dict[str, Any]:
        """Return an application with reasons; the applicant gets a letter"""
        returned = reviewing.return_application(
            request_session(), application_id, **body, city=current_city(), **_acting()
        )
        return shown_application(returned)


@blueprint.route("/unit-applications/<uuid:application_id>/approval")
class Approval(MethodView):
    @permission(Permission.UNITS_REVIEW)
    @blueprint.arguments(schemas.ApplicationApprovalSchema)
    @blueprint.response(200, schemas.ApplicationSchema)
    def post(self, body: dict[str, Any], application_id: UUID) -> dict[str, Any]:
        """Approve an application; its contact is invited to manage the unit"""
        return shown_application(
            reviewing.approve_application(request_session(), application_id, **body, **_acting())
        )


def _acting() -> dict[str, Any]:
    return {"actor": current_actor(), "now": request_time()}
