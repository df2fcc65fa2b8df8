"""What a unit does with its incentives and the office with all of them, alike: the same routes for both,
each with the permissions of its side. Whose they may see follows from who they are."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from flask.views import MethodView

from backend.accounts.roles import Permission
from backend.accounts.schemas import NothingSchema
from backend.core.clock import day_in_china
from backend.incentives import draft_queries, drafting, running, schemas_console
from backend.incentives.answers import (
    shown_draft,
    shown_drafts,
    shown_preview,
    shown_running,
    shown_running_one,
    shown_versions,
)
from backend.incentives.schemas import IncentiveDetailSchema
from backend.incentives.versions import list_versions
from backend.web.audience import AudienceBlueprint
from backend.web.console import permission
from backend.web.context import current_actor, request_time
from backend.web.paging import Page, decode_cursor, page_of, page_schema
from backend.web.transaction import request_session

DraftPageSchema = page_schema(schemas_console.DraftListedSchema)
RunningPageSchema = page_schema(schemas_console.RunningListedSchema)
UnitOf = Callable[[UUID | None], UUID]


def acting() -> dict[str, Any]:
    """What every change is told."""
    return {"actor": current_actor(), "now": request_time()}


def add_list_routes(blueprint: AudienceBlueprint, *, read: Permission, run: Permission) -> None:
    """What is published: the list, one with its versions, and stopping it."""

    @blueprint.route("/incentives")
    class Incentives(MethodView):
        @permission(read)
        @blueprint.arguments(schemas_console.RunningQuery, location="query")
        @blueprint.response(200, RunningPageSchema)
        def get(self, query: dict[str, Any]) -> Page[dict[str, Any]]:
            """List what was published, with how much of it is claimed"""
            orders = {"newest": (int,), "ends": (date.fromisoformat, int)}
            return _listed(query, draft_queries.list_incentives, shown_running, orders)

    @blueprint.route("/incentives/<uuid:incentive_id>")
    class OneIncentive(MethodView):
        @permission(read)
        @blueprint.response(200, schemas_console.RunningSchema)
        def get(self, incentive_id: UUID) -> dict[str, Any]:
            """Show what holds now, and figures"""
            return shown_running_one(_own(incentive_id))

    @blueprint.route("/incentives/<uuid:incentive_id>/versions")
    class Versions(MethodView):
        @permission(read)
        @blueprint.response(200, schemas_console.VersionsSchema)
        def get(self, incentive_id: UUID) -> dict[str, Any]:
            """List its versions, each with what it changed"""
            return shown_versions(list_versions(request_session(), _own(incentive_id).id))

    @blueprint.route("/incentives/<uuid:incentive_id>/pause")
    class Pause(MethodView):
        @permission(run)
        @blueprint.arguments(schemas_console.StopSchema)
        @blueprint.response(200, schemas_console.RunningSchema)
        def post(self, body: dict[str, Any], incentive_id: UUID) -> dict[str, Any]:
            """Take it off the list for a while; what people hold stays good"""
            own = _own(incentive_id)
            return shown_running_one(running.pause_incentive(request_session(), own.id, **body, **acting()))

        @permission(run)
        @blueprint.response(200, schemas_console.RunningSchema)
        def delete(self, incentive_id: UUID) -> dict[str, Any]:
            """Put it on the list again"""
            own = _own(incentive_id)
            return shown_running_one(running.resume_incentive(request_session(), own.id, **acting()))

    @blueprint.route("/incentives/<uuid:incentive_id>/end")
    class End(MethodView):
        @permission(run)
        @blueprint.arguments(schemas_console.StopSchema)
        @blueprint.response(200, schemas_console.RunningSchema)
        def post(self, body: dict[str, Any], incentive_id: UUID) -> dict[str, Any]:
            """End it for good; what people hold stays good to its last day"""
            own = _own(incentive_id)
            return shown_running_one(running.end_incentive(request_session(), own.id, **body, **acting()))

    @blueprint.route("/incentives/<uuid:incentive_id>/quota")
    class Quota(MethodView):
        @permission(run)
        @blueprint.arguments(schemas_console.MoreQuotaSchema)
        @blueprint.response(200, schemas_console.RunningSchema)
        def post(self, body: dict[str, Any], incentive_id: UUID) -> dict[str, Any]:
            """Add to its total while it runs"""
            own = _own(incentive_id)
            running.raise_quota(request_session(), own.id, **body, **acting())
            return shown_running_one(own)


def add_draft_routes(
    blueprint: AudienceBlueprint,
    *,
    read: Permission,
    edit: Permission,
    unit_of: UnitOf,
    new_draft: type[schemas_console.NewDraftSchema],
    preview: type[schemas_console.PreviewSchema],
) -> None:
    """Writing. `unit_of` says for which unit, given what the body names, where the audience may name one."""

    @blueprint.route("/incentive-drafts")
    class Drafts(MethodView):
        @permission(read)
        @blueprint.arguments(schemas_console.DraftQuery, location="query")
        @blueprint.response(200, DraftPageSchema)
        def get(self, query: dict[str, Any]) -> Page[dict[str, Any]]:
            """List drafts, whatever became of them"""
            orders = {"newest": (UUID,), "waiting": (datetime.fromisoformat, UUID)}
            return _listed(query, draft_queries.list_drafts, shown_drafts, orders)

        @permission(edit)
        @blueprint.arguments(new_draft, required=False)
        @blueprint.response(201, schemas_console.DraftSchema)
        def post(self, body: dict[str, Any]) -> dict[str, Any]:
            """Begin a new incentive, or a change of a published one"""
            named = body.pop("unit_id", None)
            db = request_session()
            if body["incentive_id"]:
                named = draft_queries.get_incentive(db, body["incentive_id"], current_actor()).unit_id
            return shown_draft(drafting.begin_draft(db, unit_id=unit_of(named), **body, **acting()))

    @blueprint.route("/incentive-drafts/<uuid:draft_id>")
    class Draft(MethodView):
        @permission(read)
        @blueprint.response(200, schemas_console.DraftSchema)
        def get(self, draft_id: UUID) -> dict[str, Any]:
            """Show a draft, and what it changes"""
            return shown_draft(draft_queries.get_draft(request_session(), draft_id, current_actor()))

        @permission(edit)
        @blueprint.arguments(schemas_console.SaveDraftSchema)
        @blueprint.response(200, schemas_console.DraftSchema)
        def put(self, body: dict[str, Any], draft_id: UUID) -> dict[str, Any]:
            """Save what is written; refused when somebody saved a newer revision"""
            return shown_draft(drafting.save_draft(request_session(), draft_id, **body, **acting()))

        @permission(edit)
        @blueprint.response(204)
        def delete(self, draft_id: UUID) -> None:
            """Give a draft up"""
            drafting.discard_draft(request_session(), draft_id, **acting())

    @blueprint.route("/incentive-drafts/<uuid:draft_id>/submission")
    class Submission(MethodView):
        @permission(edit)
        @blueprint.arguments(schemas_console.RevisionSchema)
        @blueprint.response(200, schemas_console.DraftSchema)
        def post(self, body: dict[str, Any], draft_id: UUID) -> dict[str, Any]:
            """Hand a draft in to be reviewed"""
            return shown_draft(drafting.submit_draft(request_session(), draft_id, **body, **acting()))

    @blueprint.route("/incentive-drafts/<uuid:draft_id>/withdrawal")
    class Withdrawal(MethodView):
        @permission(edit)
        @blueprint.arguments(NothingSchema, required=False)
        @blueprint.response(200, schemas_console.DraftSchema)
        def post(self, _body: dict[str, Any], draft_id: UUID) -> dict[str, Any]:
            """Take a draft back that was handed in, to write on"""
            return shown_draft(drafting.withdraw_draft(request_session(), draft_id, **acting()))

    @blueprint.route("/incentive-previews")
    class Preview(MethodView):
        @permission(read)
        @blueprint.arguments(preview)
        @blueprint.response(200, IncentiveDetailSchema)
        def post(self, body: dict[str, Any]) -> dict[str, Any]:
            """Show what a resident's page would be given; keeps nothing"""
            unit_id = unit_of(body.pop("unit_id", None))
            return shown_preview(**body, unit_id=unit_id, today=day_in_china(request_time()))


def _own(incentive_id: UUID) -> Any:
    return draft_queries.get_incentive(request_session(), incentive_id, current_actor())


def _listed(
    query: dict[str, Any],
    find: Callable[..., Sequence[Any]],
    shown: Callable[[Sequence[Any]], list[dict[str, Any]]],
    orders: Mapping[str, tuple[Callable[[Any], Any], ...]],
) -> Page[dict[str, Any]]:
    """A page of a list, narrowed and ordered by a query; `orders` read a cursor's parts."""
    sort, limit, cursor = query.pop("sort"), query.pop("limit"), query.pop("cursor")
    wanted = draft_queries.Wanted(text=query.pop("q"), **query)
    after = decode_cursor(cursor, *orders[sort])
    rows = find(request_session(), wanted, actor=current_actor(), sort=sort, after=after, limit=limit + 1)
    page = page_of(rows, limit, lambda row: draft_queries.sort_key(row, sort))
    return Page(shown(page.items), page.next_cursor)
