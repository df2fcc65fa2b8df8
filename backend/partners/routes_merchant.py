"""A clerk signs in at the shop."""

from typing import Any
from uuid import UUID

import marshmallow as ma
from flask import current_app
from flask.views import MethodView

from backend.core.actor import ActorKind, Audience
from backend.identity import schemas, service, sessions
from backend.identity.signing import current_session_key
from backend.partners import queries, shop_queries
from backend.web.audience import audience_blueprint, open_route
from backend.web.context import caller_id, current_actor, request_time
from backend.web.limits import SIGN_IN, limiter
from backend.web.transaction import request_session
from backend.web.validation import Schema, text_field
from backend.wechat.accounts import WeChat

blueprint = audience_blueprint(Audience.MERCHANT, "session")


class ClerkSignInSchema(schemas.WeChatCodeSchema):
    invite = text_field(64, required=False, load_default=None)


class ClerkShopSchema(Schema):
    id = ma.fields.UUID(required=True)
    name = ma.fields.String(required=True)


class ClerkSchema(Schema):
    id = ma.fields.UUID(required=True)
    shop = ma.fields.Nested(ClerkShopSchema, required=True)


class ClerkInvitationLookSchema(Schema):
    invite = text_field(64)


class InvitedShopSchema(ClerkShopSchema):
    address = ma.fields.String(required=True)


class LookedClerkInvitationSchema(Schema):
    shop = ma.fields.Nested(InvitedShopSchema, required=True)
    unit_name = ma.fields.String(required=True)
    expires_at = ma.fields.AwareDateTime(required=True)


class ClerkSessionSchema(schemas.TokenPairSchema):
    clerk = ma.fields.Nested(ClerkSchema, required=True)


@blueprint.route("/session")
class ClerkSession(MethodView):
    @open_route
    @limiter.limit(SIGN_IN)
    @blueprint.arguments(ClerkSignInSchema)
    @blueprint.response(200, ClerkSessionSchema)
    def post(self, body: dict[str, Any]) -> dict[str, Any]:
        """Sign in with WeChat; the first time with a one-time invitation"""
        wechat: WeChat = current_app.extensions["wechat"]
        account = wechat.sign_in(body["code"])
        db, now = request_session(), request_time()
        closed = shop_queries.closed_shops()
        clerk = service.sign_in_clerk(db, account, invite=body["invite"], closed_shops=closed, now=now)
        pair = sessions.open_session(
            db, kind=ActorKind.CLERK, subject_id=clerk.id, key=current_session_key(), now=now
        )
        return {**vars(pair), "clerk": shown(clerk.id, clerk.shop_id)}

    @blueprint.response(200, ClerkSchema)
    def get(self) -> dict[str, Any]:
        """Show at which shop I am signed in"""
        actor = current_actor()
        assert actor.shop_id is not None
        return shown(caller_id(), actor.shop_id)

    @blueprint.response(204)
    def delete(self) -> None:
        """Sign out"""
        sessions.end_session(request_session(), actor=current_actor(), now=request_time())


@blueprint.route("/session/refresh")
class ClerkSessionRefresh(MethodView):
    @open_route
    @limiter.limit(SIGN_IN)
    @blueprint.arguments(schemas.RefreshSchema)
    @blueprint.response(200, schemas.TokenPairSchema)
    def post(self, body: dict[str, Any]) -> dict[str, Any]:
        """Exchange the refresh token for a new pair; the old one dies"""
        pair, _clerk_id = sessions.refresh_session(
            request_session(), kind=ActorKind.CLERK, key=current_session_key(), now=request_time(), **body
        )
        return vars(pair)


@blueprint.route("/invitations/look")
class InvitationLook(MethodView):
    @open_route
    @limiter.limit(SIGN_IN)
    @blueprint.arguments(ClerkInvitationLookSchema)
    @blueprint.response(200, LookedClerkInvitationSchema)
    def post(self, body: dict[str, Any]) -> dict[str, Any]:
        """Look at an invitation before accepting it"""
        db = request_session()
        invite = service.find_invitation(db, body["invite"], now=request_time())
        shop = queries.get_shop(db, invite.shop_id)
        return {"shop": shop, "unit_name": shop.unit.name, "expires_at": invite.expires_at}


def shown(clerk_id: UUID, shop_id: UUID) -> dict[str, Any]:
    return {"id": clerk_id, "shop": queries.get_shop(request_session(), shop_id)}
