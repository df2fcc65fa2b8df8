"""What one-time links open: the first account, an invitation, a new password."""

from typing import Any

from flask.views import MethodView

from backend.accounts import joining, passwords, queries, resets, schemas, signing_in
from backend.accounts.answers import new_session, shown_unit
from backend.accounts.routes_console import client
from backend.core.actor import Audience
from backend.web.audience import audience_blueprint, open_route
from backend.web.context import request_time
from backend.web.limits import GUESSING, limiter
from backend.web.transaction import request_session

blueprint = audience_blueprint(Audience.CONSOLE, "links")


@blueprint.route("/set-up")
class SetUp(MethodView):
    @open_route
    @blueprint.response(200, schemas.SetUpNeededSchema)
    def get(self) -> dict[str, Any]:
        """Tell whether there is no account yet"""
        return {"needed": not queries.is_there_any(request_session())}

    @open_route
    @limiter.limit(GUESSING)
    @blueprint.arguments(schemas.SetUpSchema)
    @blueprint.response(201, schemas.ConsoleSessionSchema)
    def post(self, body: dict[str, Any]) -> dict[str, Any]:
        """Make the first account, the system administrator's, with the link printed at the first run"""
        with passwords.slot():
            db, now = request_session(), request_time()
            account = joining.set_up(db, **body, now=now)
        return new_session(signing_in.open_for(db, account, client=client(), now=now), account)


@blueprint.route("/invitations/look")
class InvitationLook(MethodView):
    @open_route
    @limiter.limit(GUESSING)
    @blueprint.arguments(schemas.TokenSchema)
    @blueprint.response(200, schemas.InvitationLookSchema)
    def post(self, body: dict[str, Any]) -> dict[str, Any]:
        """Look at an invitation"""
        invitation = joining.look_at_invitation(request_session(), body["token"], now=request_time())
        names = ("email", "name", "roles", "expires_at")
        shown = {name: getattr(invitation, name) for name in names}
        return {**shown, "unit": shown_unit(invitation.unit_id)}


@blueprint.route("/invitations/accept")
class InvitationAcceptance(MethodView):
    @open_route
    @limiter.limit(GUESSING)
    @blueprint.arguments(schemas.AcceptanceSchema)
    @blueprint.response(200, schemas.ConsoleSessionSchema)
    def post(self, body: dict[str, Any]) -> dict[str, Any]:
        """Accept an invitation and choose a password"""
        with passwords.slot():
            db, now = request_session(), request_time()
            account = joining.accept_invitation(db, **body, now=now)
        return new_session(signing_in.open_for(db, account, client=client(), now=now), account)


@blueprint.route("/password-resets")
class PasswordResets(MethodView):
    @open_route
    @limiter.limit(GUESSING)
    @blueprint.arguments(schemas.EmailSchema)
    @blueprint.response(202)
    def post(self, body: dict[str, Any]) -> None:
        """Ask for a letter with a link to a new password; the answer is the same for every address"""
        resets.ask_for_reset(request_session(), **body, now=request_time())


@blueprint.route("/password-resets/accept")
class PasswordResetAcceptance(MethodView):
    @open_route
    @limiter.limit(GUESSING)
    @blueprint.arguments(schemas.NewPasswordSchema)
    @blueprint.response(204)
    def post(self, body: dict[str, Any]) -> None:
        """Choose a new password; all sessions end"""
        with passwords.slot():
            resets.accept_reset(request_session(), **body, now=request_time())
