"""The figures that the office watches, and a unit's own."""

from datetime import date, timedelta
from typing import Any

from flask.views import MethodView

from backend.accounts.roles import Permission
from backend.city.in_force import value_of
from backend.city.serving import current_city
from backend.city.settings import COVERAGE_TARGET, DECIDED_WITHIN, PERMANENT_RESIDENTS
from backend.core.actor import Audience
from backend.core.clock import day_in_china
from backend.office import figures, schemas
from backend.office.figures import Range
from backend.office.waiting import count_waiting
from backend.web.audience import audience_blueprint
from backend.web.console import permission
from backend.web.context import current_actor, request_time
from backend.web.transaction import request_session

blueprint = audience_blueprint(Audience.OFFICE, "figures")
unit_blueprint = audience_blueprint(Audience.PARTNER, "unit_figures")

USUAL_DAYS = timedelta(days=29)


@blueprint.route("/figures")
class Figures(MethodView):
    @permission(Permission.FIGURES_READ)
    @blueprint.arguments(schemas.FiguresQuery, location="query")
    @blueprint.response(200, schemas.FiguresSchema)
    def get(self, query: dict[str, Any]) -> dict[str, Any]:
        """Show the figures of a range of days"""
        shown = figures.show_figures(request_session(), _range(query))
        return {
            **shown,
            "target_percent": value_of(COVERAGE_TARGET),
            "permanent_residents": _permanent_residents(),
            "decided_within": value_of(DECIDED_WITHIN),
            "waiting": count_waiting(
                request_session(), actor=current_actor(), city=current_city(), now=request_time()
            ),
        }


def _permanent_residents() -> dict[str, Any] | None:
    known: dict[str, Any] | None = value_of(PERMANENT_RESIDENTS)
    return known and {**known, "as_of": date.fromisoformat(known["as_of"])}


@unit_blueprint.route("/figures")
class UnitFigures(MethodView):
    @permission(Permission.UNIT_FIGURES_READ)
    @unit_blueprint.arguments(schemas.RangeQuery, location="query")
    @unit_blueprint.response(200, schemas.UnitFiguresSchema)
    def get(self, query: dict[str, Any]) -> dict[str, Any]:
        """Show how my unit's incentives were claimed and used in a range of days"""
        unit_id = current_actor().unit_id
        assert unit_id is not None
        return figures.show_unit_figures(request_session(), _range(query), unit_id)


def _range(query: dict[str, Any]) -> Range:
    last = query["last"] or day_in_china(request_time())
    return Range(query["first"] or last - USUAL_DAYS, last, query.get("district"))
