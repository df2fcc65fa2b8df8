"""A resident signs in, stays signed in, signs out, and binds a real identity."""

from typing import Any

from flask import current_app
from flask.views import MethodView

from backend.core.actor import ActorKind, Audience
from backend.identity import queries, schemas, service, sessions
from backend.identity.id_number import mask_name
from backend.identity.models import Resident
from backend.identity.signing import current_session_key
from backend.web.audience import audience_blueprint, open_route
from backend.web.context import caller_id, current_actor, request_time
from backend.web.limits import GUESSING, SIGN_IN, limiter
from backend.web.transaction import request_session
from backend.wechat.accounts import WeChat

blueprint = audience_blueprint(Audience.RESIDENT, "identity")


@blueprint.route("/session")
class ResidentSession(MethodView):
    @open_route
    @limiter.limit(SIGN_IN)
    @blueprint.arguments(schemas.WeChatCodeSchema)
    @blueprint.response(200, schemas.ResidentSessionSchema)
    def post(self, body: dict[str, Any]) -> dict[str, Any]:
        """Sign in with the code of wx.login"""
        wechat: WeChat = current_app.extensions["wechat"]
        # WeChat is asked before the transaction opens: a slow answer holds no database connection.
        account = wechat.sign_in(body["code"])
        db, now = request_session(), request_time()
        resident = service.sign_in_resident(db, account, now=now)
        pair = sessions.open_session(
            db, kind=ActorKind.RESIDENT, subject_id=resident.id, key=current_session_key(), now=now
        )
        return {**vars(pair), "resident": shown(resident)}

    @blueprint.response(204)
    def delete(self) -> None:
        """Sign out everywhere on this device"""
        sessions.end_session(request_session(), actor=current_actor(), now=request_time())


@blueprint.route("/session/refresh")
class ResidentSessionRefresh(MethodView):
    @open_route
    @limiter.limit(SIGN_IN)
    @blueprint.arguments(schemas.RefreshSchema)
    @blueprint.response(200, schemas.ResidentSessionSchema)
    def post(self, body: dict[str, Any]) -> dict[str, Any]:
        """Exchange the refresh token for a new pair; the old one dies"""
        db = request_session()
        pair, resident_id = sessions.refresh_session(
            db, kind=ActorKind.RESIDENT, key=current_session_key(), now=request_time(), **body
        )
        return {**vars(pair), "resident": shown(queries.get_resident(db, resident_id))}


@blueprint.route("/identity")
class Identity(MethodView):
    @blueprint.response(200, schemas.ResidentSchema)
    def get(self) -> dict[str, Any]:
        """Show whose account this is, with the name masked"""
        return shown(queries.get_resident(request_session(), caller_id()))

    @limiter.limit(GUESSING)
    @blueprint.arguments(schemas.IdentitySchema)
    @blueprint.response(200, schemas.ResidentSchema)
    def post(self, body: dict[str, Any]) -> dict[str, Any]:
        """Bind my real identity"""
        resident = service.bind_identity(
            request_session(),
            resident_id=caller_id(),
            name=body["name"],
            id_number=body["id_number"],
            provider=body["proof"]["provider"],
            ticket=body["proof"]["ticket"],
            providers_in_use=current_app.extensions["identity_providers"],
            now=request_time(),
        )
        return shown(resident)


def shown(resident: Resident) -> dict[str, Any]:
    name = resident.name
    return {
        "id": resident.id,
        "bound": resident.is_bound,
        "masked_name": mask_name(name) if name else None,
    }
