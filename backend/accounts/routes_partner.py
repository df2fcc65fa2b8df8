"""A unit's manager looks after the unit's people."""

from typing import Any
from uuid import UUID

from flask.views import MethodView

from backend.accounts import joining, schemas, staff
from backend.accounts.answers import shown_invitation, shown_member
from backend.accounts.roles import Permission
from backend.accounts.routes_members import (
    StaffPageSchema,
    acting,
    add_member_routes,
    open_invitations,
    page_of_staff,
)
from backend.city.serving import current_city
from backend.core.actor import ActorKind, Audience
from backend.web.audience import audience_blueprint
from backend.web.console import permission
from backend.web.context import current_actor
from backend.web.paging import Page
from backend.web.transaction import request_session

blueprint = audience_blueprint(Audience.PARTNER, "staff")

MANAGE = Permission.UNIT_STAFF_MANAGE


@blueprint.route("/staff")
class Staff(MethodView):
    @permission(MANAGE)
    @blueprint.arguments(schemas.UnitStaffQuery, location="query")
    @blueprint.response(200, StaffPageSchema)
    def get(self, query: dict[str, Any]) -> Page[dict[str, Any]]:
        """List the unit's people"""
        return page_of_staff(query)


@blueprint.route("/staff/invitations")
class Invitations(MethodView):
    @permission(MANAGE)
    @blueprint.response(200, schemas.InvitationsSchema)
    def get(self) -> dict[str, Any]:
        """List the unit's invitations that may still be accepted"""
        return open_invitations()

    @permission(MANAGE)
    @blueprint.arguments(schemas.UnitInvitationSchema)
    @blueprint.response(201, schemas.InvitationSchema)
    def post(self, body: dict[str, Any]) -> dict[str, Any]:
        """Invite somebody to the unit"""
        place = joining.Place(ActorKind.PARTNER, body.pop("roles"), current_actor().unit_id)
        invitation = joining.invite(request_session(), place, **body, city=current_city(), **acting())
        return shown_invitation(invitation)


@blueprint.route("/staff/<uuid:account_id>/roles")
class MemberRoles(MethodView):
    @permission(MANAGE)
    @blueprint.arguments(schemas.UnitRolesChangeSchema)
    @blueprint.response(200, schemas.StaffSchema)
    def put(self, body: dict[str, Any], account_id: UUID) -> dict[str, Any]:
        """Give somebody other roles"""
        changed = staff.change_roles(
            request_session(), account_id, **body, district=None, city=current_city(), **acting()
        )
        return shown_member(changed)


add_member_routes(blueprint, read=MANAGE, invite=MANAGE, manage=MANAGE)
