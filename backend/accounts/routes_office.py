"""The office's administrators look after people of the office, and invite the first of a unit."""

from typing import Any
from uuid import UUID

from flask.views import MethodView

from backend.accounts import joining, schemas, staff
from backend.accounts.answers import shown_invitation, shown_member
from backend.accounts.roles import PERMISSION_NAMES, ROLES, Permission
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
from backend.web.paging import Page
from backend.web.transaction import request_session

blueprint = audience_blueprint(Audience.OFFICE, "staff")


@blueprint.route("/roles")
class Roles(MethodView):
    @permission(Permission.STAFF_READ)
    @blueprint.response(200, schemas.RolesSchema)
    def get(self) -> dict[str, Any]:
        """List the roles and what each may do"""
        return {
            "items": [
                {
                    "code": role.code,
                    "name": role.name,
                    "description": role.description,
                    "kind": role.kind,
                    "permissions": [
                        {"code": code, "name": name}
                        for code, name in PERMISSION_NAMES.items()
                        if code in role.permissions
                    ],
                }
                for role in ROLES
            ]
        }


@blueprint.route("/staff")
class Staff(MethodView):
    @permission(Permission.STAFF_READ)
    @blueprint.arguments(schemas.OfficeStaffQuery, location="query")
    @blueprint.response(200, StaffPageSchema)
    def get(self, query: dict[str, Any]) -> Page[dict[str, Any]]:
        """List the people of the office and of the units"""
        return page_of_staff(query)


@blueprint.route("/staff/invitations")
class Invitations(MethodView):
    @permission(Permission.STAFF_READ)
    @blueprint.response(200, schemas.InvitationsSchema)
    def get(self) -> dict[str, Any]:
        """List the invitations that may still be accepted"""
        return open_invitations()

    @permission(Permission.STAFF_INVITE)
    @blueprint.arguments(schemas.OfficeInvitationSchema)
    @blueprint.response(201, schemas.InvitationSchema)
    def post(self, body: dict[str, Any]) -> dict[str, Any]:
        """Invite somebody to the office, or the first person of a unit"""
        kind = ActorKind.PARTNER if body["unit_id"] else ActorKind.OFFICE
        place = joining.Place(kind, body["roles"], body["unit_id"], body["district"])
        invitation = joining.invite(
            request_session(), place, email=body["email"], name=body["name"], city=current_city(), **acting()
        )
        return shown_invitation(invitation)


@blueprint.route("/staff/<uuid:account_id>/roles")
class MemberRoles(MethodView):
    @permission(Permission.STAFF_MANAGE)
    @blueprint.arguments(schemas.OfficeRolesChangeSchema)
    @blueprint.response(200, schemas.StaffSchema)
    def put(self, body: dict[str, Any], account_id: UUID) -> dict[str, Any]:
        """Give somebody other roles, or another district"""
        changed = staff.change_roles(request_session(), account_id, **body, city=current_city(), **acting())
        return shown_member(changed)


add_member_routes(
    blueprint, read=Permission.STAFF_READ, invite=Permission.STAFF_INVITE, manage=Permission.STAFF_MANAGE
)
