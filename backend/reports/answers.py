"""How routes show reports."""

from collections.abc import Sequence
from typing import Any

from backend.city.serving import current_city
from backend.core.clock import day_in_china
from backend.incentives.queries import find_by_ids
from backend.partners.queries import shop_names, unit_names
from backend.reports.models import Report, ReportState
from backend.web.context import request_time
from backend.web.transaction import request_session

SHOWN = (
    *("id", "reason", "text", "happened_on", "state", "made_at", "due_on"),
    *("answer", "answered_at", "outcome", "note", "closed_at"),
)


def shown_reports(reports: Sequence[Report]) -> list[dict[str, Any]]:
    """As their author sees them."""
    db = request_session()
    incentives = find_by_ids(db, [report.incentive_id for report in reports])
    shops = shop_names(db, {report.shop_id for report in reports})
    reasons = {each.code: each.name for each in current_city().reports.reasons}
    return [
        {
            **{name: getattr(report, name) for name in SHOWN},
            "incentive": incentives[report.incentive_id],
            "shop": {"id": report.shop_id, "name": shops[report.shop_id]},
            # A reason that the city has taken out of its list since then keeps its code.
            "reason_name": reasons.get(report.reason, report.reason),
        }
        for report in reports
    ]


def handled_reports(reports: Sequence[Report]) -> list[dict[str, Any]]:
    """As the unit and the office see them."""
    units = unit_names(request_session(), {report.unit_id for report in reports})
    return [
        {
            **shown,
            "unit": {"id": report.unit_id, "name": units[report.unit_id]},
            "overdue": is_overdue(report),
        }
        for report, shown in zip(reports, shown_reports(reports), strict=True)
    ]


def is_overdue(report: Report) -> bool:
    return report.state == ReportState.OPEN and report.due_on < day_in_china(request_time())
