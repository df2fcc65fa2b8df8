"""What a unit does with reports about its shops and the office with all of them. Neither learns who
made one."""

from typing import Any
from uuid import UUID

from flask.views import MethodView

from backend.accounts.roles import Permission
from backend.core.actor import Audience
from backend.core.clock import day_in_china
from backend.reports import queries, schemas, service
from backend.reports.answers import handled_reports
from backend.reports.models import Report
from backend.web.audience import AudienceBlueprint, audience_blueprint
from backend.web.console import permission
from backend.web.context import current_actor, request_time
from backend.web.paging import Page, decode_cursor, page_of, page_schema
from backend.web.transaction import request_session
from backend.web.validation import Schema

office = audience_blueprint(Audience.OFFICE, "reports")
partner = audience_blueprint(Audience.PARTNER, "reports")

HandledReportPageSchema = page_schema(schemas.HandledReportSchema)


def add_reading_routes(blueprint: AudienceBlueprint, *, read: Permission, query_schema: type[Schema]) -> None:
    @blueprint.route("/reports")
    class Reports(MethodView):
        @permission(read)
        @blueprint.arguments(query_schema, location="query")
        @blueprint.response(200, HandledReportPageSchema)
        def get(self, query: dict[str, Any]) -> Page[dict[str, Any]]:
            """List reports of what was not honoured, newest first"""
            before, limit = decode_cursor(query.pop("cursor"), UUID), query.pop("limit")
            today = day_in_china(request_time())
            found = queries.list_reports(
                request_session(),
                queries.WantedReports(overdue_on=today if query.pop("overdue") else None, **query),
                actor=current_actor(),
                before=before[0] if before else None,
                limit=limit + 1,
            )
            page = page_of(found, limit, lambda report: [report.id])
            return Page(handled_reports(page.items), page.next_cursor)

    @blueprint.route("/reports/<uuid:report_id>")
    class OneReport(MethodView):
        @permission(read)
        @blueprint.response(200, schemas.HandledReportSchema)
        def get(self, report_id: UUID) -> dict[str, Any]:
            """Show a report"""
            return shown(queries.get_report(request_session(), report_id, actor=current_actor()))


@partner.route("/reports/<uuid:report_id>/answer")
class Answer(MethodView):
    @permission(Permission.UNIT_REPORTS_ANSWER)
    @partner.arguments(schemas.AnswerSchema)
    @partner.response(200, schemas.HandledReportSchema)
    def post(self, body: dict[str, Any], report_id: UUID) -> dict[str, Any]:
        """Say what my unit did about it; the resident is told"""
        return shown(service.answer_report(request_session(), report_id, **body, **acting()))


@office.route("/reports/<uuid:report_id>/closing")
class Closing(MethodView):
    @permission(Permission.REPORTS_CLOSE)
    @office.arguments(schemas.ReportClosingSchema)
    @office.response(200, schemas.HandledReportSchema)
    def post(self, body: dict[str, Any], report_id: UUID) -> dict[str, Any]:
        """Close a report with what was found; the resident is told"""
        return shown(service.close_report(request_session(), report_id, **body, **acting()))


def shown(report: Report) -> dict[str, Any]:
    return handled_reports([report])[0]


def acting() -> dict[str, Any]:
    """What every change is told."""
    return {"actor": current_actor(), "now": request_time()}


add_reading_routes(office, read=Permission.REPORTS_READ, query_schema=schemas.ReportsQuery)
add_reading_routes(partner, read=Permission.UNIT_READ, query_schema=schemas.UnitReportsQuery)
