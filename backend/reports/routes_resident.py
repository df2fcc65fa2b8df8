"""A resident reports that a shop did not honour an incentive, and sees what came of it."""

from typing import Any
from uuid import UUID

from flask.views import MethodView

from backend.city.serving import current_city
from backend.core.actor import Audience
from backend.reports import queries, schemas, service
from backend.reports.answers import shown_reports
from backend.web.audience import audience_blueprint
from backend.web.context import caller_id, current_actor, request_time
from backend.web.limits import REPORTING, limiter
from backend.web.paging import Page, PageQuery, decode_cursor, page_of, page_schema
from backend.web.transaction import request_session

blueprint = audience_blueprint(Audience.RESIDENT, "reports")


@blueprint.route("/reports")
class Reports(MethodView):
    @blueprint.arguments(PageQuery, location="query")
    @blueprint.response(200, page_schema(schemas.ReportSchema))
    def get(self, query: dict[str, Any]) -> Page[dict[str, Any]]:
        """List my reports, newest first"""
        before, limit = decode_cursor(query["cursor"], UUID), query["limit"]
        found = queries.list_own(request_session(), before=before[0] if before else None, limit=limit + 1)
        page = page_of(found, limit, lambda report: [report.id])
        return Page(shown_reports(page.items), page.next_cursor)

    @limiter.limit(REPORTING)
    @blueprint.arguments(schemas.NewReportSchema)
    @blueprint.response(201, schemas.ReportSchema)
    def post(self, body: dict[str, Any]) -> dict[str, Any]:
        """Report that an incentive was not honoured"""
        report = service.make_report(
            request_session(),
            resident_id=caller_id(),
            city=current_city(),
            actor=current_actor(),
            now=request_time(),
            **body,
        )
        return shown_reports([report])[0]


@blueprint.route("/reports/<uuid:report_id>")
class OneReport(MethodView):
    @blueprint.response(200, schemas.ReportSchema)
    def get(self, report_id: UUID) -> dict[str, Any]:
        """Show my report"""
        return shown_reports([queries.get_own(request_session(), report_id)])[0]
