"""Runs over the city in the console, and how scores lie month by month."""

from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

import marshmallow as ma
from flask.views import MethodView

from backend.accounts.queries import account_names
from backend.accounts.roles import Permission
from backend.accounts.schemas import NothingSchema
from backend.core.actor import Audience
from backend.scoring import runs
from backend.scoring.versions.queries import list_month_figures
from backend.scoring.versions.routes_office import whole_city
from backend.web.audience import audience_blueprint
from backend.web.console import permission
from backend.web.context import request_time
from backend.web.paging import Page, PageQuery, decode_cursor, page_of, page_schema
from backend.web.transaction import request_session
from backend.web.validation import Schema

blueprint = audience_blueprint(Audience.OFFICE, "score_runs")


class ScoreRunSchema(Schema):
    id = ma.fields.UUID(required=True)
    as_of = ma.fields.Date(required=True)
    model_version = ma.fields.String(required=True)
    begun_at = ma.fields.AwareDateTime(required=True)
    begun_by = ma.fields.String(
        required=True, allow_none=True, metadata={"description": "空的是按日程自动开始"}
    )
    taken_up = ma.fields.Integer(required=True, metadata={"description": "中断后接着算了几次"})
    people = ma.fields.Integer(required=True, allow_none=True)
    done = ma.fields.Integer(required=True)
    seconds_left = ma.fields.Integer(required=True, allow_none=True)
    ended_at = ma.fields.AwareDateTime(required=True, allow_none=True)
    finished = ma.fields.Boolean(required=True)


class MonthGroupSchema(Schema):
    """`counts` are null where one could work out what fewer than ten have."""

    keys = ma.fields.List(ma.fields.String(), required=True)
    people = ma.fields.Integer(required=True)
    mean_milli = ma.fields.Integer(required=True)
    counts = ma.fields.List(ma.fields.Integer(), required=True, allow_none=True)


class MonthGroupsSchema(Schema):
    district = ma.fields.List(ma.fields.Nested(MonthGroupSchema), required=True)
    age = ma.fields.List(ma.fields.Nested(MonthGroupSchema), required=True)
    sex = ma.fields.List(ma.fields.Nested(MonthGroupSchema), required=True)


class MonthFiguresSchema(Schema):
    """Only `people`, and that null, where the whole city were fewer than ten."""

    people = ma.fields.Integer(required=True, allow_none=True)
    mean_milli = ma.fields.Integer()
    levels = ma.fields.List(ma.fields.List(ma.fields.String()))
    counts = ma.fields.List(ma.fields.Integer())
    groups = ma.fields.Nested(MonthGroupsSchema)


class CountedMonthSchema(Schema):
    month = ma.fields.Date(required=True, metadata={"description": "当月第一天"})
    as_of = ma.fields.Date(required=True)
    model_version = ma.fields.String(required=True)
    figures = ma.fields.Nested(MonthFiguresSchema, required=True)


class CountedMonthsSchema(Schema):
    items = ma.fields.List(ma.fields.Nested(CountedMonthSchema), required=True)


@blueprint.route("/score-runs")
class ScoreRuns(MethodView):
    @permission(Permission.SCORE_MODEL_READ)
    @blueprint.arguments(PageQuery, location="query")
    @blueprint.response(200, page_schema(ScoreRunSchema))
    def get(self, query: dict[str, Any]) -> Page[dict[str, Any]]:
        """List the runs over the city, the newest first, with how far they are"""
        whole_city()
        db, limit = request_session(), query["limit"]
        after = decode_cursor(query["cursor"], datetime.fromisoformat, UUID)
        rows = runs.list_runs(db, after=(after[0], after[1]) if after else None, limit=limit + 1)
        page = page_of(rows, limit, key=lambda run: [run.begun_at.isoformat(), run.id])
        names = account_names(db, {run.begun_by for run in page.items if run.begun_by})
        items = [
            {**asdict(run), "begun_by": names.get(run.begun_by, "") if run.begun_by else None}
            for run in page.items
        ]
        return Page(items, page.next_cursor)

    @permission(Permission.SCORE_RUNS_START)
    @blueprint.response(202, NothingSchema)
    def post(self) -> dict[str, Any]:
        """Have everybody scored whose score is of an earlier day; a job does it"""
        runs.order_run(request_session(), actor=whole_city(), now=request_time())
        return {}


@blueprint.route("/score-months")
class ScoreMonths(MethodView):
    @permission(Permission.SCORE_MODEL_READ)
    @blueprint.response(200, CountedMonthsSchema)
    def get(self) -> dict[str, Any]:
        """Show how scores lay, month by month, by district, age band and sex, of no small group"""
        whole_city()
        return {"items": list_month_figures(request_session())}
