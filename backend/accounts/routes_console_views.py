"""Saved views of the console's lists, each for who saved it."""

from typing import Any
from uuid import UUID

from flask.views import MethodView

from backend.accounts import saved_views
from backend.accounts import schemas_views as schemas
from backend.accounts.models import SavedView
from backend.core.actor import Audience
from backend.web.audience import audience_blueprint
from backend.web.context import caller_id
from backend.web.transaction import request_session

blueprint = audience_blueprint(Audience.CONSOLE, "views")


@blueprint.route("/views")
class Views(MethodView):
    @blueprint.arguments(schemas.ViewsQuery, location="query")
    @blueprint.response(200, schemas.ViewsSchema)
    def get(self, query: dict[str, Any]) -> dict[str, Any]:
        """List my saved views of a list"""
        return {"items": saved_views.list_views(request_session(), caller_id(), **query)}

    @blueprint.arguments(schemas.NewViewSchema)
    @blueprint.response(201, schemas.ViewSchema)
    def post(self, body: dict[str, Any]) -> SavedView:
        """Save how a list is narrowed and ordered"""
        return saved_views.save_view(request_session(), caller_id(), **body)


@blueprint.route("/views/<uuid:view_id>")
class OneView(MethodView):
    @blueprint.arguments(schemas.ViewChangeSchema)
    @blueprint.response(200, schemas.ViewSchema)
    def put(self, body: dict[str, Any], view_id: UUID) -> SavedView:
        """Rename a saved view, or let it open by itself"""
        return saved_views.change_view(request_session(), caller_id(), view_id, **body)

    @blueprint.response(204)
    def delete(self, view_id: UUID) -> None:
        """Delete a saved view"""
        saved_views.delete_view(request_session(), caller_id(), view_id)
