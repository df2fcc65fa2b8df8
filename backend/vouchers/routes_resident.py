"""The catalogue as it is open to me; my vouchers; the tickets my phone shows."""

from typing import Any
from uuid import UUID

from flask import current_app
from flask.views import MethodView

from backend.city.serving import current_city
from backend.core.actor import Audience
from backend.core.clock import day_in_china
from backend.incentives.catalogue import list_catalogue
from backend.incentives.models import Incentive
from backend.incentives.queries import find_by_id, find_by_ids, remaining, shops_of
from backend.incentives.schemas import as_detail
from backend.incentives.versions import as_promised
from backend.vouchers import claiming, ending, queries, schemas, showing, typed_codes
from backend.vouchers.counts import times_left
from backend.vouchers.entitlement import Standing, standing_of
from backend.vouchers.models import Voucher
from backend.vouchers.routes_quick import claim_quickly
from backend.vouchers.showing import Draft
from backend.web.audience import audience_blueprint
from backend.web.context import caller_id, current_actor, request_time
from backend.web.paging import Page, decode_cursor, page_of, page_schema
from backend.web.quick import quick_way
from backend.web.transaction import request_session

blueprint = audience_blueprint(Audience.RESIDENT, "vouchers")


@blueprint.route("/incentives")
class IncentivesForMe(MethodView):
    @blueprint.arguments(schemas.IncentiveForMeQuery, location="query")
    @blueprint.response(200, page_schema(schemas.IncentiveForMeSchema))
    def get(self, query: dict[str, Any]) -> Any:
        """Search the catalogue, with what is open to me and what is missing"""
        db, standing = request_session(), my_standing()
        at_most = None
        if query["entitled"]:
            # Nothing opens below zero: without a score nothing is mine.
            at_most = -1 if standing.score_milli is None else standing.score_milli
        page = list_catalogue(db, query, now=request_time(), at_most_milli=at_most)
        incentives = find_by_ids(db, [item["id"] for item in page.items])
        mine = for_me(standing, list(incentives.values()))
        return Page([{**item, **mine[item["id"]]} for item in page.items], page.next_cursor)


@blueprint.route("/incentives/<uuid:incentive_id>")
class IncentiveForMe(MethodView):
    @blueprint.response(200, schemas.IncentiveDetailForMeSchema)
    def get(self, incentive_id: UUID) -> Any:
        """Show an incentive, with what is missing for me"""
        db = request_session()
        incentive = find_by_id(db, incentive_id)
        left = remaining(db, [incentive_id], day_in_china(request_time()))
        shops = shops_of(db, incentive_id, None)
        detail = as_detail(incentive, left=left.get(incentive_id), shops=shops)
        return {**detail, **for_me(my_standing(), [incentive])[incentive_id]}


@blueprint.route("/vouchers")
class Vouchers(MethodView):
    @blueprint.arguments(schemas.VoucherQuery, location="query")
    @blueprint.response(200, page_schema(schemas.VoucherSchema))
    def get(self, query: dict[str, Any]) -> Any:
        """List my vouchers, newest first"""
        after = decode_cursor(query["cursor"], UUID)
        rows = queries.list_vouchers(
            request_session(),
            caller_id(),
            states=query["state"],
            before=after[0] if after else None,
            limit=query["limit"] + 1,
        )
        page = page_of(rows, query["limit"], key=lambda row: [row.id])
        return Page(shown(page.items), page.next_cursor)

    @quick_way(claim_quickly)
    @blueprint.arguments(schemas.ClaimSchema)
    @blueprint.response(201, schemas.VoucherSchema)
    def post(self, body: dict[str, Any]) -> Any:
        """Claim a voucher"""
        voucher = claiming.claim_voucher(
            request_session(),
            city=current_city(),
            resident_id=caller_id(),
            actor=current_actor(),
            now=request_time(),
            **body,
        )
        return shown([voucher])[0]


@blueprint.route("/vouchers/<uuid:voucher_id>")
class VoucherOfId(MethodView):
    @blueprint.response(200, schemas.VoucherSchema)
    def get(self, voucher_id: UUID) -> Any:
        """Show one of my vouchers"""
        db = request_session()
        return shown([queries.get_voucher(db, resident_id=caller_id(), voucher_id=voucher_id)])[0]

    @blueprint.response(204)
    def delete(self, voucher_id: UUID) -> None:
        """Give back a voucher I did not use"""
        ending.give_back_voucher(
            request_session(),
            resident_id=caller_id(),
            voucher_id=voucher_id,
            actor=current_actor(),
            now=request_time(),
        )


@blueprint.route("/tickets")
class Tickets(MethodView):
    @blueprint.arguments(schemas.TicketsSchema)
    @blueprint.response(200, schemas.SignedTicketsSchema)
    def post(self, body: dict[str, Any]) -> dict[str, Any]:
        """Sign tickets for a voucher, or for a standing entitlement"""
        drafts = [Draft(**draft) for draft in body.pop("tickets")]
        db = request_session()
        who: Any = {"resident_id": caller_id(), "actor": current_actor(), "now": request_time()}
        showable = showing.find_showable(db, city=current_city(), **who, **body)
        ring = current_app.extensions["keys"]
        signed = showing.sign_tickets(db, showable, drafts=drafts, ring=ring, **who)
        return {"items": signed, "server_time": request_time()}


@blueprint.route("/typed-codes")
class TypedCodes(MethodView):
    @blueprint.arguments(schemas.TypedCodeForSchema)
    @blueprint.response(201, schemas.TypedCodeSchema)
    def post(self, body: dict[str, Any]) -> dict[str, Any]:
        """Draw a code to say at one shop, instead of a QR code"""
        drawn = typed_codes.draw_typed_code(
            request_session(),
            city=current_city(),
            resident_id=caller_id(),
            actor=current_actor(),
            now=request_time(),
            **body,
        )
        return {**vars(drawn), "server_time": request_time()}


def my_standing() -> Standing:
    return standing_of(request_session(), current_city(), caller_id(), day_in_china(request_time()))


def for_me(standing: Standing, incentives: list[Incentive]) -> dict[UUID, dict[str, Any]]:
    """By incentive: whether it is open to me, what is missing, how often I still may."""
    today = day_in_china(request_time())
    left = times_left(request_session(), incentives, caller_id(), today)
    missing = {incentive.id: standing.missing_for(incentive) for incentive in incentives}
    return {
        incentive.id: {
            "eligible": incentive.claimable and missing[incentive.id] is None,
            "missing": missing[incentive.id],
            "remaining_for_me": left[incentive.id],
        }
        for incentive in incentives
    }


def shown(vouchers: Any) -> list[dict[str, Any]]:
    """Vouchers with the offer they are for, in the order given."""
    db = request_session()
    offers = find_by_ids(db, [voucher.incentive_id for voucher in vouchers])
    redeemed = queries.last_redeemed_at(db, [voucher.id for voucher in vouchers])
    columns = [column.key for column in Voucher.__table__.columns]
    return [
        {
            **{name: getattr(voucher, name) for name in columns},
            "offer": as_promised(db, offers[voucher.incentive_id], voucher.incentive_version),
            "last_redeemed_at": redeemed.get(voucher.id),
        }
        for voucher in vouchers
    ]
