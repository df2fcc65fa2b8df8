"""What the office does with its people and a unit with its own, alike: the same routes for both, each
with the permission of its side. Whom somebody looks after follows from who they are."""

from typing import Any
from uuid import UUID

from flask.views import MethodView

from backend.accounts import joining, queries, schemas, staff
from backend.accounts.answers import shown_invitation, shown_member
from backend.accounts.roles import Permission
from backend.web.audience import AudienceBlueprint
from backend.web.console import permission
from backend.web.context import current_actor, request_time
from backend.web.paging import Page, decode_cursor, page_of, page_schema
from backend.web.transaction import request_session

StaffPageSchema = page_schema(schemas.StaffSchema)


def page_of_staff(query: dict[str, Any]) -> Page[dict[str, Any]]:
    limit, text = query.pop("limit"), query.pop("q")
    before = decode_cursor(query.pop("cursor"), UUID)
    found = queries.list_staff(
        request_session(),
        queries.StaffQuery(text=text, **query),
        actor=current_actor(),
        before=before[0] if before else None,
        limit=limit + 1,
        now=request_time(),
    )
    page = page_of(found, limit, lambda account: [account.id])
    return Page([shown_member(account) for account in page.items], page.next_cursor)


def acting() -> dict[str, Any]:
    """What every change of somebody's account is told."""
    return {"actor": current_actor(), "now": request_time()}


def add_member_routes(
    blueprint: AudienceBlueprint, *, read: Permission, invite: Permission, manage: Permission
) -> None:
    """Everything that names one person or one invitation."""

    @blueprint.route("/staff/<uuid:account_id>")
    class Member(MethodView):
        @permission(read)
        @blueprint.response(200, schemas.StaffSchema)
        def get(self, account_id: UUID) -> dict[str, Any]:
            """Show one person"""
            return shown_member(staff.get_member(request_session(), account_id, actor=current_actor()))

    @blueprint.route("/staff/<uuid:account_id>/suspension")
    class Suspension(MethodView):
        @permission(manage)
        @blueprint.arguments(schemas.ReasonSchema)
        @blueprint.response(200, schemas.StaffSchema)
        def post(self, body: dict[str, Any], account_id: UUID) -> dict[str, Any]:
            """Suspend somebody; they are signed out at once"""
            return shown_member(staff.suspend(request_session(), account_id, **body, **acting()))

        @permission(manage)
        @blueprint.response(200, schemas.StaffSchema)
        def delete(self, account_id: UUID) -> dict[str, Any]:
            """Lift a suspension"""
            return shown_member(staff.lift_suspension(request_session(), account_id, **acting()))

    @blueprint.route("/staff/<uuid:account_id>/sign-out")
    class SignOut(MethodView):
        @permission(manage)
        @blueprint.arguments(schemas.NothingSchema, required=False)
        @blueprint.response(204)
        def post(self, _body: dict[str, Any], account_id: UUID) -> None:
            """Sign somebody out in all browsers"""
            staff.sign_out(request_session(), account_id, **acting())

    @blueprint.route("/staff/<uuid:account_id>/unlock")
    class Unlock(MethodView):
        @permission(manage)
        @blueprint.arguments(schemas.NothingSchema, required=False)
        @blueprint.response(204)
        def post(self, _body: dict[str, Any], account_id: UUID) -> None:
            """Let somebody try again who typed wrongly too often"""
            staff.unlock(request_session(), account_id, **acting())

    @blueprint.route("/staff/<uuid:account_id>/second-factors")
    class SecondFactors(MethodView):
        @permission(manage)
        @blueprint.response(204)
        def delete(self, account_id: UUID) -> None:
            """Remove the second factors of somebody who has lost them all"""
            staff.remove_second_factors(request_session(), account_id, **acting())

    @blueprint.route("/staff/invitations/<uuid:invitation_id>")
    class OneInvitation(MethodView):
        @permission(invite)
        @blueprint.response(204)
        def delete(self, invitation_id: UUID) -> None:
            """Withdraw an invitation"""
            joining.withdraw_invitation(request_session(), invitation_id, **acting())


def open_invitations() -> dict[str, Any]:
    found = queries.list_invitations(request_session(), actor=current_actor(), now=request_time())
    return {"items": [shown_invitation(invitation) for invitation in found]}
