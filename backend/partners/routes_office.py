"""The office reviews applications of units, and looks after the units."""

from datetime import datetime
from typing import Any
from uuid import UUID

from flask.views import MethodView

from backend.accounts.roles import Permission
from backend.accounts.schemas import NothingSchema
from backend.city.serving import current_city
from backend.core.actor import Audience
from backend.core.clock import day_in_china
from backend.partners import duties, queries, rechecking, reviewing, schemas, standing
from backend.partners.answers import (
    UNIT_SHOWN,
    handed_in,
    name_of_duty,
    shown_application,
    shown_recheck,
)
from backend.partners.duties import DutyKind
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
            reviewing.approve_application(
                request_session(), application_id, **body, city=current_city(), **_acting()
            )
        )


@blueprint.route("/units")
class Units(MethodView):
    @permission(Permission.UNITS_READ)
    @blueprint.arguments(schemas.UnitsQuery, location="query")
    @blueprint.response(200, page_schema(schemas.ListedUnitSchema))
    def get(self, query: dict[str, Any]) -> Page[Any]:
        """List the units by name, whatever their state"""
        db, today = request_session(), day_in_china(request_time())
        limit, text, kind = query.pop("limit"), query.pop("q"), query.pop("overdue")
        among = [duties.units_overdue(today, DutyKind(kind))] if kind else []
        if query.pop("recheck"):
            among.append(rechecking.units_waiting())
        after = decode_cursor(query.pop("cursor"), str, UUID)
        rows = queries.list_units_of_office(
            db,
            queries.Narrowed(text=text, among=among, **query),
            actor=current_actor(),
            after=(after[0], after[1]) if after else None,
            limit=limit + 1,
        )
        overdue = duties.overdue_of(db, rows, today)
        shown = [_row(unit, overdue.get(unit.id, [])) for unit in rows]
        return page_of(shown, limit, key=lambda row: [row["name"], row["id"]])


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


@blueprint.route("/unit-duties/<uuid:duty_id>/day")
class DutyDay(MethodView):
    @permission(Permission.UNITS_MANAGE)
    @blueprint.arguments(schemas.DutyDaySchema)
    @blueprint.response(200, schemas.UnitOfOfficeSchema)
    def put(self, body: dict[str, Any], duty_id: UUID) -> dict[str, Any]:
        """Give a unit more time, or ask once more for what it handed in"""
        return _shown(duties.set_day(request_session(), duty_id, **body, **_acting()).unit)


@blueprint.route("/unit-rechecks/<uuid:recheck_id>/acceptance")
class RecheckAcceptance(MethodView):
    @permission(Permission.UNITS_REVIEW)
    @blueprint.arguments(NothingSchema, required=False)
    @blueprint.response(200, schemas.RecheckSchema)
    def post(self, _body: dict[str, Any], recheck_id: UUID) -> dict[str, Any]:
        """Accept what a unit has changed in its re-check"""
        acting = {**_acting(), "city": current_city()}
        return shown_recheck(rechecking.accept_recheck(request_session(), recheck_id, **acting))


@blueprint.route("/unit-rechecks/<uuid:recheck_id>/return")
class RecheckReturn(MethodView):
    @permission(Permission.UNITS_REVIEW)
    @blueprint.arguments(schemas.RecheckReturnSchema)
    @blueprint.response(200, schemas.RecheckSchema)
    def post(self, body: dict[str, Any], recheck_id: UUID) -> dict[str, Any]:
        """Return a re-check with reasons; the unit does it again"""
        acting = {**_acting(), "city": current_city()}
        return shown_recheck(rechecking.return_recheck(request_session(), recheck_id, **body, **acting))


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
        **handed_in(db, unit.id, now=request_time()),
        "facts": rechecking.facts_of(db, unit),
        "rechecks": [shown_recheck(each) for each in rechecking.list_rechecks(db, unit.id)],
    }


def _row(unit: Unit, overdue: list[str]) -> dict[str, Any]:
    names = [name_of_duty(current_city(), what) for what in overdue]
    return {**{name: getattr(unit, name) for name in UNIT_SHOWN}, "overdue": names}


def _acting() -> dict[str, Any]:
    return {"actor": current_actor(), "now": request_time()}
