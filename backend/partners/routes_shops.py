"""What a unit does with its shops and clerks and the office with all of them, alike: the same routes for
both, each with the permissions of its side. Whose they may see follows from who they are."""

from typing import Any
from uuid import UUID

from flask import Response, current_app
from flask.views import MethodView

from backend.accounts.roles import Permission
from backend.accounts.schemas import NothingSchema
from backend.city.serving import current_city
from backend.core.actor import Audience
from backend.core.clock import day_in_china
from backend.identity import queries as identity
from backend.identity import service as clerks
from backend.identity.models import Clerk
from backend.partners import schemas_shops, shop_queries, shops
from backend.partners.errors import ShopClosed
from backend.partners.models import Shop
from backend.partners.posters import Poster, draw_poster
from backend.partners.shop_answers import held_at, shown_invitation, shown_shop, shown_shops
from backend.partners.shops import ShopFacts
from backend.web.audience import AudienceBlueprint, audience_blueprint
from backend.web.console import permission
from backend.web.context import current_actor, request_time
from backend.web.paging import Page, decode_cursor, page_of, page_schema
from backend.web.transaction import request_session
from backend.web.validation import Schema
from backend.wechat.accounts import WeChat

office = audience_blueprint(Audience.OFFICE, "shops")
partner = audience_blueprint(Audience.PARTNER, "shops")

ShopPageSchema = page_schema(schemas_shops.ManagedShopSchema)
MOST_INVITATIONS = 50
# Where a resident who scans the poster finds what to show at the till.
POSTER_PAGE, POSTER_SCENE = "pages/vouchers/index", "poster"


def add_shop_routes(
    blueprint: AudienceBlueprint,
    *,
    read: Permission,
    manage: Permission,
    query_schema: type[Schema],
    new_shop: type[Schema],
) -> None:
    @blueprint.route("/shops")
    class Shops(MethodView):
        @permission(read)
        @blueprint.arguments(query_schema, location="query")
        @blueprint.response(200, ShopPageSchema)
        def get(self, query: dict[str, Any]) -> Page[dict[str, Any]]:
            """List the shops by name, open and closed"""
            limit, after = query.pop("limit"), decode_cursor(query.pop("cursor"), str, UUID)
            state, text = query.pop("state"), query.pop("q")
            is_open = None if state is None else state == "open"
            found = shop_queries.list_shops(
                request_session(),
                shop_queries.WantedShops(text=text, is_open=is_open, **query),
                actor=current_actor(),
                after=(after[0], after[1]) if after else None,
                limit=limit + 1,
            )
            page = page_of(found, limit, lambda shop: [shop.name, shop.id])
            return Page(shown_shops(page.items), page.next_cursor)

        @permission(manage)
        @blueprint.arguments(new_shop)
        @blueprint.response(201, schemas_shops.ManagedShopDetailSchema)
        def post(self, body: dict[str, Any]) -> dict[str, Any]:
            """Add a shop to a unit"""
            unit_id = body.pop("unit_id", None) or current_actor().unit_id
            assert unit_id is not None
            return shown_shop(
                shops.add_shop(request_session(), unit_id, ShopFacts(**body), city=current_city(), **acting())
            )

    @blueprint.route("/shops/<uuid:shop_id>")
    class OneShop(MethodView):
        @permission(read)
        @blueprint.response(200, schemas_shops.ManagedShopDetailSchema)
        def get(self, shop_id: UUID) -> dict[str, Any]:
            """Show a shop, and what runs there"""
            return shown_shop(own(shop_id))

        @permission(manage)
        @blueprint.arguments(schemas_shops.ShopChangeSchema)
        @blueprint.response(200, schemas_shops.ManagedShopDetailSchema)
        def put(self, body: dict[str, Any], shop_id: UUID) -> dict[str, Any]:
            """Change a shop; refused when somebody else did meanwhile"""
            version, facts = body.pop("version"), ShopFacts(**body)
            return shown_shop(
                shops.change_shop(
                    request_session(), shop_id, facts, version=version, city=current_city(), **acting()
                )
            )

    @blueprint.route("/shops/<uuid:shop_id>/closing")
    class Closing(MethodView):
        @permission(manage)
        @blueprint.arguments(NothingSchema, required=False)
        @blueprint.response(200, schemas_shops.ManagedShopDetailSchema)
        def post(self, _body: dict[str, Any], shop_id: UUID) -> dict[str, Any]:
            """Close a shop; its clerks are signed out at once"""
            return shown_shop(shops.close_shop(request_session(), shop_id, **acting()))

        @permission(manage)
        @blueprint.response(200, schemas_shops.ManagedShopDetailSchema)
        def delete(self, shop_id: UUID) -> dict[str, Any]:
            """Open a closed shop again"""
            return shown_shop(shops.reopen_shop(request_session(), shop_id, **acting()))


def add_clerk_routes(blueprint: AudienceBlueprint, *, read: Permission, manage: Permission) -> None:
    @blueprint.route("/shops/<uuid:shop_id>/clerks")
    class Clerks(MethodView):
        @permission(read)
        @blueprint.response(200, schemas_shops.ClerksSchema)
        def get(self, shop_id: UUID) -> dict[str, Any]:
            """List a shop's clerks by what the shop calls them"""
            return {"items": identity.list_clerks_of_shop(request_session(), own(shop_id).id)}

    @blueprint.route("/shops/<uuid:shop_id>/clerk-invitations")
    class Invitations(MethodView):
        @permission(read)
        @blueprint.response(200, schemas_shops.ClerkInvitationsSchema)
        def get(self, shop_id: UUID) -> dict[str, Any]:
            """List a shop's latest invitations, whatever became of them"""
            found = identity.list_invitations(request_session(), own(shop_id).id, limit=MOST_INVITATIONS)
            return {"items": [shown_invitation(invite) for invite in found]}

        @permission(manage)
        @blueprint.arguments(schemas_shops.NewClerkInvitationSchema)
        @blueprint.response(201, schemas_shops.ClerkInvitationCodeSchema)
        def post(self, body: dict[str, Any], shop_id: UUID) -> dict[str, Any]:
            """Invite a clerk; the code is given this once"""
            db = request_session()
            shop = shop_queries.lock_shop(db, shop_id, actor=current_actor())
            if shop.closed_at is not None:
                raise ShopClosed
            shops.check_grows(db, shop.unit_id)
            invite, code = clerks.new_invitation(db, shop_id=shop.id, **body, **acting())
            return {**shown_invitation(invite), "code": code}

    @blueprint.route("/clerk-invitations/<uuid:invitation_id>")
    class OneInvitation(MethodView):
        @permission(manage)
        @blueprint.response(204)
        def delete(self, invitation_id: UUID) -> None:
            """Withdraw an invitation"""
            db = request_session()
            invite = identity.lock_invitation(db, invitation_id, of_shops=my_shops())
            clerks.withdraw_invitation(db, invite, **acting())

    @blueprint.route("/clerks/<uuid:clerk_id>")
    class OneClerk(MethodView):
        @permission(manage)
        @blueprint.response(204)
        def delete(self, clerk_id: UUID) -> None:
            """Take a clerk off the shop; their sign-in ends at once"""
            clerks.remove_clerk(request_session(), clerk_id=lock_own(clerk_id).id, **acting())

    @blueprint.route("/clerks/<uuid:clerk_id>/pause")
    class Pause(MethodView):
        @permission(manage)
        @blueprint.arguments(NothingSchema, required=False)
        @blueprint.response(200, schemas_shops.ClerkOfShopSchema)
        def post(self, _body: dict[str, Any], clerk_id: UUID) -> Clerk:
            """Let a clerk pause; their sign-in ends at once"""
            clerk = lock_own(clerk_id)
            clerks.pause_clerk(request_session(), clerk, **acting())
            return clerk

        @permission(manage)
        @blueprint.response(200, schemas_shops.ClerkOfShopSchema)
        def delete(self, clerk_id: UUID) -> Clerk:
            """Let a clerk work again"""
            clerk = lock_own(clerk_id)
            clerks.resume_clerk(request_session(), clerk, **acting())
            return clerk


def add_poster_route(blueprint: AudienceBlueprint, *, read: Permission) -> None:
    @blueprint.route("/shops/<uuid:shop_id>/poster")
    class ShopPoster(MethodView):
        @permission(read)
        @blueprint.doc(responses={200: {"description": "PDF"}})
        def get(self, shop_id: UUID) -> Response:
            """Print a shop's poster with the mini-program code, A4"""
            db, city = request_session(), current_city()
            shop, today = own(shop_id), day_in_china(request_time())
            offers = tuple((each["title"], each["benefit"]) for each in held_at(db, shop.id))
            told = {"shop": shop.name, "unit": shop.unit.name, "month": f"{today.year}年{today.month}月"}
            # WeChat may take seconds; nothing is held meanwhile.
            db.rollback()
            wechat: WeChat = current_app.extensions["wechat"]
            code = wechat.mini_program_code(scene=POSTER_SCENE, page=POSTER_PAGE)
            poster = Poster(city.name, city.score_name, offers=offers, code=code, **told)
            headers = {"Content-Disposition": 'inline; filename="poster.pdf"'}
            return Response(draw_poster(poster), mimetype="application/pdf", headers=headers)


def own(shop_id: UUID) -> Shop:
    return shop_queries.get_shop(request_session(), shop_id, actor=current_actor())


def lock_own(clerk_id: UUID) -> Clerk:
    return identity.lock_clerk(request_session(), clerk_id, of_shops=my_shops())


def my_shops() -> Any:
    return shop_queries.ids_looked_after_by(current_actor())


def acting() -> dict[str, Any]:
    """What every change is told."""
    return {"actor": current_actor(), "now": request_time()}


add_shop_routes(
    office,
    read=Permission.UNITS_READ,
    manage=Permission.SHOPS_MANAGE,
    query_schema=schemas_shops.ShopsQuery,
    new_shop=schemas_shops.NewShopSchema,
)
add_clerk_routes(office, read=Permission.UNITS_READ, manage=Permission.SHOPS_MANAGE)
add_poster_route(office, read=Permission.UNITS_READ)
add_shop_routes(
    partner,
    read=Permission.UNIT_READ,
    manage=Permission.UNIT_SHOPS_MANAGE,
    query_schema=schemas_shops.UnitShopsQuery,
    new_shop=schemas_shops.ShopFactsSchema,
)
add_clerk_routes(partner, read=Permission.UNIT_READ, manage=Permission.UNIT_SHOPS_MANAGE)
add_poster_route(partner, read=Permission.UNIT_READ)
