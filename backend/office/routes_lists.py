"""Vouchers and redemptions, a page at a time."""

from typing import Any
from uuid import UUID

from flask.views import MethodView

from backend.accounts.roles import Permission
from backend.core.actor import Audience
from backend.core.clock import moment
from backend.office import schemas_lists as schemas
from backend.office.lists import REDEMPTIONS, VOUCHERS, OfficeList, named, narrowing
from backend.web.audience import audience_blueprint
from backend.web.console import permission
from backend.web.paging import Page, decode_cursor, page_of, page_schema
from backend.web.transaction import request_session

blueprint = audience_blueprint(Audience.OFFICE, "lists")


@blueprint.route("/vouchers")
class Vouchers(MethodView):
    @permission(Permission.LISTS_READ)
    @blueprint.arguments(schemas.VouchersQuery, location="query")
    @blueprint.response(200, page_schema(schemas.ListedVoucherSchema))
    def get(self, query: dict[str, Any]) -> Page[dict[str, Any]]:
        """List the vouchers that were claimed, without whose they are"""
        return _page(VOUCHERS, query)


@blueprint.route("/redemptions")
class Redemptions(MethodView):
    @permission(Permission.LISTS_READ)
    @blueprint.arguments(schemas.RedemptionsQuery, location="query")
    @blueprint.response(200, page_schema(schemas.ListedRedemptionSchema))
    def get(self, query: dict[str, Any]) -> Page[dict[str, Any]]:
        """List what was honoured at the shops, without for whom"""
        return _page(REDEMPTIONS, query)


def _page(wanted: OfficeList, query: dict[str, Any]) -> Page[dict[str, Any]]:
    db, limit = request_session(), query["limit"]
    found = wanted.query(
        narrowing(query),
        oldest_first=query["sort"] == "oldest",
        after=decode_cursor(query["cursor"], moment, UUID),
    )
    rows = db.execute(found.limit(limit + 1)).all()
    page = page_of(rows, limit, lambda row: [getattr(row, wanted.time).isoformat(), row.id])
    return Page(named(db, page.items), page.next_cursor)
