"""Applying to become a member unit: open to everybody, and then to whoever has the link from the letter.

The token stands in bodies only, never in an address.
"""

from typing import Any

from flask.views import MethodView

from backend.accounts.schemas import NothingSchema, TokenSchema
from backend.city.serving import current_city
from backend.core.actor import Audience
from backend.core.clock import day_in_china
from backend.partners import applying, schemas
from backend.partners.answers import shown_application
from backend.partners.applying import Form
from backend.web.audience import across_accounts, audience_blueprint
from backend.web.context import request_time
from backend.web.limits import GUESSING, limiter
from backend.web.transaction import request_session

blueprint = audience_blueprint(Audience.PUBLIC, "unit_applications")


@blueprint.route("/membership")
class Membership(MethodView):
    @blueprint.response(200, schemas.MembershipSchema)
    def get(self) -> dict[str, Any]:
        """Show what a unit hands in and promises"""
        membership = current_city().membership
        commitment = membership.commitment(day_in_china(request_time()))
        return {"requirements": membership.requirements, "commitment": commitment}


@blueprint.route("/unit-applications")
class Applications(MethodView):
    @across_accounts
    @limiter.limit(GUESSING)
    @blueprint.arguments(schemas.LinkRequestSchema)
    @blueprint.response(202, NothingSchema)
    def post(self, body: dict[str, Any]) -> dict[str, Any]:
        """Begin an application: its link comes by mail, also when there is one already"""
        applying.ask_for_link(request_session(), **body, now=request_time())
        return {}


@blueprint.route("/unit-applications/look")
class Look(MethodView):
    @across_accounts
    @limiter.limit(GUESSING)
    @blueprint.arguments(TokenSchema)
    @blueprint.response(200, schemas.ApplicationSchema)
    def post(self, body: dict[str, Any]) -> dict[str, Any]:
        """Open the application behind a link"""
        return shown_application(applying.open_application(request_session(), **body, now=request_time()))


@blueprint.route("/unit-applications/draft")
class Draft(MethodView):
    @across_accounts
    @limiter.limit(GUESSING)
    @blueprint.arguments(schemas.FormSchema)
    @blueprint.response(200, schemas.ApplicationSchema)
    def put(self, body: dict[str, Any]) -> dict[str, Any]:
        """Keep what is filled in so far"""
        return shown_application(applying.keep_draft(request_session(), **filled_in(body)))


@blueprint.route("/unit-applications/submission")
class Submission(MethodView):
    @across_accounts
    @limiter.limit(GUESSING)
    @blueprint.arguments(schemas.FormSchema)
    @blueprint.response(200, schemas.ApplicationSchema)
    def post(self, body: dict[str, Any]) -> dict[str, Any]:
        """Hand the application in, the first time or after a return"""
        return shown_application(applying.submit(request_session(), **filled_in(body)))


def filled_in(body: dict[str, Any]) -> dict[str, Any]:
    token = body.pop("token")
    return {"token": token, "form": Form(**body), "city": current_city(), "now": request_time()}
