"""The office reviews applications of units, and looks after the units."""

from datetime import datetime
from typing import Any
from uuid import UUID

from flask.views import MethodView

from backend.accounts.roles import Permission
from backend.city.serving import current_city
from backend.core.actor import Audience
from backend.partners import queries, reviewing, schemas, standing
from backend.partners.answers import UNIT_SHOWN, shown_application
from backend.partners.models import Unit
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
            queries.Narrowed(text=text, **query),
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


@blueprint.route("/units")
class Units(MethodView):
    @permission(Permission.UNITS_READ)
    @blueprint.arguments(schemas.UnitsQuery, location="query")
    @blueprint.response(200, page_schema(schemas.UnitRowSchema))
    def get(self, query: dict[str, Any]) -> Page[Any]:
        """List the units by name, whatever their state"""
        limit, text = query.pop("limit"), query.pop("q")
        after = decode_cursor(query.pop("cursor"), str, UUID)
        rows = queries.list_units_of_office(
            request_session(),
            queries.Narrowed(text=text, **query),
            actor=current_actor(),
            after=(after[0], after[1]) if after else None,
            limit=limit + 1,
        )
        return page_of(rows, limit, key=lambda row: [row.name, row.id])


@blueprint.route("/units/<uuid:unit_id>")
class OneUnit(MethodView):
    @permission(Permission.UNITS_READ)
    @blueprint.response(200, schemas.UnitOfOfficeSchema)
    def get(self, unit_id: UUID) -> dict[str, Any]:
        """Show a unit, its commitment, and how it came to its state"""
        return _shown(queries.get_unit_of_office(request_session(), unit_id, actor=current_actor()))


@blueprint.route("/units/<uuid:unit_id>/suspension")
class Suspension(MethodView):
    @permission(Permission.UNITS_MANAGE)
    @blueprint.arguments(schemas.UnitReasonSchema)
    @blueprint.response(200, schemas.UnitOfOfficeSchema)
    def post(self, body: dict[str, Any], unit_id: UUID) -> dict[str, Any]:
        """Suspend a unit; its incentives are paused"""
        return _shown(standing.suspend_unit(request_session(), unit_id, **body, **_acting()))

    @permission(Permission.UNITS_MANAGE)
    @blueprint.response(200, schemas.UnitOfOfficeSchema)
    def delete(self, unit_id: UUID) -> dict[str, Any]:
        """Lift a suspension; the incentives are resumed one by one"""
        return _shown(standing.lift_suspension(request_session(), unit_id, **_acting()))


@blueprint.route("/units/<uuid:unit_id>/closing")
class Closing(MethodView):
    @permission(Permission.UNITS_MANAGE)
    @blueprint.arguments(schemas.UnitReasonSchema)
    @blueprint.response(200, schemas.UnitOfOfficeSchema)
    def post(self, body: dict[str, Any], unit_id: UUID) -> dict[str, Any]:
        """Close a unit for good; its incentives end"""
        return _shown(standing.close_unit(request_session(), unit_id, **body, **_acting()))


def _shown(unit: Unit) -> dict[str, Any]:
    db = request_session()
    return {
        **{name: getattr(unit, name) for name in UNIT_SHOWN},
        "commitment": queries.find_commitment(db, unit.id),
        "changes": queries.list_changes(db, unit.id),
    }


def _acting() -> dict[str, Any]:
    return {"actor": current_actor(), "now": request_time()}
