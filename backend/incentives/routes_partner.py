"""A unit writes its incentives, hands them in and looks after what was published."""

from uuid import UUID

from backend.accounts.roles import Permission
from backend.core.actor import Audience
from backend.incentives.routes_console import add_draft_routes, add_list_routes
from backend.incentives.schemas_console import NewDraftSchema, PreviewSchema
from backend.incentives.sheets.routes import add_sheet_routes
from backend.web.audience import audience_blueprint
from backend.web.context import current_actor

blueprint = audience_blueprint(Audience.PARTNER, "incentives")


def own_unit(_named: UUID | None) -> UUID:
    unit_id = current_actor().unit_id
    assert unit_id is not None
    return unit_id


add_list_routes(blueprint, read=Permission.UNIT_INCENTIVES_EDIT, run=Permission.UNIT_INCENTIVES_RUN)
add_draft_routes(
    blueprint,
    read=Permission.UNIT_INCENTIVES_EDIT,
    edit=Permission.UNIT_INCENTIVES_EDIT,
    unit_of=own_unit,
    new_draft=NewDraftSchema,
    preview=PreviewSchema,
)
add_sheet_routes(blueprint, read=Permission.UNIT_INCENTIVES_EDIT, edit=Permission.UNIT_INCENTIVES_EDIT)
