"""The catalogue for everyone: no sign-in, no score needed to look."""

from typing import Any
from uuid import UUID

from flask.views import MethodView

from backend.core.actor import Audience
from backend.core.clock import day_in_china
from backend.incentives import queries
from backend.incentives.catalogue import list_catalogue
from backend.incentives.schemas import IncentiveDetailSchema, IncentiveQuery, IncentiveSchema, as_detail
from backend.web.audience import audience_blueprint
from backend.web.context import request_time
from backend.web.paging import page_schema
from backend.web.transaction import request_session

blueprint = audience_blueprint(Audience.PUBLIC, "incentives")


@blueprint.route("/incentives")
class Incentives(MethodView):
    @blueprint.arguments(IncentiveQuery, location="query")
    @blueprint.response(200, page_schema(IncentiveSchema))
    def get(self, query: dict[str, Any]) -> Any:
        """Search the catalogue"""
        return list_catalogue(request_session(), query, now=request_time())


@blueprint.route("/incentives/<uuid:incentive_id>")
class IncentiveOfId(MethodView):
    @blueprint.response(200, IncentiveDetailSchema)
    def get(self, incentive_id: UUID) -> Any:
        """Show an incentive with its terms and shops"""
        db = request_session()
        incentive = queries.find_by_id(db, incentive_id)
        left = queries.remaining(db, [incentive.id], day_in_china(request_time()))
        shops = queries.shops_of(db, incentive.id, None)
        return as_detail(incentive, left=left.get(incentive.id), shops=shops)
