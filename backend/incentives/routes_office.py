"""The office reviews what units hand in, may write for them, and stops what must be stopped."""

from typing import Any
from uuid import UUID

from flask.views import MethodView

from backend.accounts.roles import Permission
from backend.core.actor import Audience
from backend.core.errors import NotFound
from backend.incentives import reviewing, schemas_console
from backend.incentives.answers import shown_draft
from backend.incentives.routes_console import acting, add_draft_routes, add_list_routes
from backend.incentives.sheets.routes import add_sheet_routes
from backend.partners.queries import get_unit
from backend.web.audience import audience_blueprint
from backend.web.console import permission
from backend.web.context import current_actor
from backend.web.transaction import request_session

blueprint = audience_blueprint(Audience.OFFICE, "incentives")


def named_unit(named: UUID | None) -> UUID:
    """An active unit, of the own district where one's work is limited to it."""
    assert named is not None
    unit, district = get_unit(request_session(), named), current_actor().district
    if district and unit.district != district:
        raise NotFound
    return unit.id


add_list_routes(blueprint, read=Permission.INCENTIVES_READ, run=Permission.INCENTIVES_RUN)
add_draft_routes(
    blueprint,
    read=Permission.INCENTIVES_READ,
    edit=Permission.INCENTIVES_EDIT,
    unit_of=named_unit,
    new_draft=schemas_console.NewDraftForUnitSchema,
    preview=schemas_console.PreviewForUnitSchema,
)
add_sheet_routes(blueprint, read=Permission.INCENTIVES_READ, edit=Permission.INCENTIVES_EDIT)


@blueprint.route("/incentive-drafts/<uuid:draft_id>/approval")
class Approval(MethodView):
    @permission(Permission.INCENTIVES_REVIEW)
    @blueprint.arguments(schemas_console.ApprovalSchema)
    @blueprint.response(200, schemas_console.DraftSchema)
    def post(self, body: dict[str, Any], draft_id: UUID) -> dict[str, Any]:
        """Approve a draft; it is published at once or at the time given"""
        return shown_draft(reviewing.approve_draft(request_session(), draft_id, **body, **acting()))


@blueprint.route("/incentive-drafts/<uuid:draft_id>/return")
class Return(MethodView):
    @permission(Permission.INCENTIVES_REVIEW)
    @blueprint.arguments(schemas_console.ReturnSchema)
    @blueprint.response(200, schemas_console.DraftSchema)
    def post(self, body: dict[str, Any], draft_id: UUID) -> dict[str, Any]:
        """Return a draft with reasons"""
        return shown_draft(reviewing.return_draft(request_session(), draft_id, **body, **acting()))
