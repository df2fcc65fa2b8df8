"""At the till: check a code, honour it, undo, the day's list and totals. Never who the customer is."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask import current_app
from flask.views import MethodView

from backend.city.serving import current_city
from backend.core.actor import Audience
from backend.core.clock import day_in_china
from backend.incentives.queries import find_by_ids
from backend.incentives.versions import as_promised
from backend.vouchers import honouring, queries, scanning, schemas
from backend.vouchers.honouring import Till
from backend.vouchers.models import Redemption
from backend.vouchers.routes_quick import redeem_quickly
from backend.web.audience import audience_blueprint
from backend.web.context import caller_id, current_actor, request_time
from backend.web.limits import SCANNING, limiter
from backend.web.paging import Page, decode_cursor, page_of, page_schema
from backend.web.quick import quick_way
from backend.web.transaction import request_session

blueprint = audience_blueprint(Audience.MERCHANT, "redemptions")


@blueprint.route("/validations")
class Validations(MethodView):
    @limiter.shared_limit(SCANNING, scope="scanning")
    @blueprint.arguments(schemas.CodeSchema)
    @blueprint.response(200, schemas.VerdictSchema)
    def post(self, body: dict[str, Any]) -> dict[str, Any]:
        """Tell entitled or not, without using the code"""
        verdict = scanning.check_code(
            request_session(),
            city=current_city(),
            shop_id=my_shop(),
            ring=current_app.extensions["keys"],
            actor=current_actor(),
            now=request_time(),
            **body,
        )
        scan = verdict.scan
        return {
            "entitled": verdict.entitled,
            "reason": verdict.reason,
            "offer": scan.incentive if scan else None,
            "valid_until": scan.valid_until if scan else None,
            "tries_left": verdict.tries_left,
        }


@blueprint.route("/redemptions")
class Redemptions(MethodView):
    @blueprint.arguments(schemas.RedemptionQuery, location="query")
    @blueprint.response(200, page_schema(schemas.RedemptionSchema))
    def get(self, query: dict[str, Any]) -> Any:
        """List my shop's redemptions, newest first"""
        after = decode_cursor(query["cursor"], UUID)
        rows = queries.list_redemptions(
            request_session(),
            my_shop(),
            on=query["on"],
            before=after[0] if after else None,
            limit=query["limit"] + 1,
        )
        page = page_of(rows, query["limit"], key=lambda row: [row.id])
        return Page(shown(page.items), page.next_cursor)

    @quick_way(redeem_quickly)
    @limiter.shared_limit(SCANNING, scope="scanning")
    @blueprint.arguments(schemas.RedeemSchema)
    @blueprint.response(201, schemas.RedemptionSchema)
    @blueprint.alt_response(200, schema=schemas.RedemptionSchema, description="同一 scan_id 的重复请求")
    def post(self, body: dict[str, Any]) -> Any:
        """Honour a code once"""
        till = my_till(order_ref=body["order_ref"], amount_fen=body["amount_fen"])
        redemption, is_new = honouring.redeem(
            request_session(),
            city=current_city(),
            code=body["code"],
            scan_id=body["scan_id"],
            match=body["match"],
            till=till,
            ring=current_app.extensions["keys"],
            now=request_time(),
        )
        return shown([redemption])[0], 201 if is_new else 200


@blueprint.route("/redemptions/<uuid:redemption_id>/reversal")
class Reversal(MethodView):
    @blueprint.arguments(schemas.ReversalSchema)
    @blueprint.response(200, schemas.RedemptionSchema)
    def post(self, body: dict[str, Any], redemption_id: UUID) -> Any:
        """Undo a redemption within 24 hours"""
        redemption = honouring.reverse_redemption(
            request_session(),
            redemption_id=redemption_id,
            reason=body["reason"],
            till=my_till(),
            now=request_time(),
        )
        return shown([redemption])[0]


@blueprint.route("/summary")
class Summary(MethodView):
    @blueprint.arguments(schemas.DayQuery, location="query")
    @blueprint.response(200, schemas.SummarySchema)
    def get(self, query: dict[str, Any]) -> dict[str, Any]:
        """Sum up a day of my shop (today, unless another is given)"""
        on = query["on"] or day_in_china(request_time())
        rows = queries.summarise_day(request_session(), my_shop(), on)
        offers = find_by_ids(request_session(), [row[0] for row in rows])
        items: list[dict[str, Any]] = [
            {
                "number": offers[incentive_id].number,
                "title": offers[incentive_id].title,
                "accepted": accepted,
                "reversed": reversed_,
                "amount_fen": amount_fen,
            }
            for incentive_id, accepted, reversed_, amount_fen in rows
        ]
        totals = {name: sum(item[name] for item in items) for name in ("accepted", "reversed", "amount_fen")}
        return {"on": on, "offers": items, **totals}


def my_shop() -> UUID:
    shop_id = current_actor().shop_id
    assert shop_id is not None
    return shop_id


def my_till(**noted: Any) -> Till:
    return Till(actor=current_actor(), shop_id=my_shop(), clerk_id=caller_id(), **noted)


def shown(redemptions: Sequence[Redemption]) -> list[dict[str, Any]]:
    ids = [redemption.incentive_id for redemption in redemptions]
    db = request_session()
    offers = find_by_ids(db, ids)
    names = ("id", "state", "accepted_at", "reversed_at", "order_ref", "amount_fen")
    return [
        {
            **{name: getattr(redemption, name) for name in names},
            "offer": as_promised(db, offers[redemption.incentive_id], redemption.incentive_version),
        }
        for redemption in redemptions
    ]
