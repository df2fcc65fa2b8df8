"""My score, how it came about, how it went, and what it would be."""

from datetime import date, timedelta
from typing import Any

from flask import Flask
from flask.views import MethodView

from backend.city.serving import current_city
from backend.core.actor import Audience
from backend.core.clock import day_in_china
from backend.core.points import format_points
from backend.scoring import imagination, queries
from backend.scoring.ready import ReadyPages
from backend.scoring.schemas import (
    ScoreMonthSchema,
    ScoreSchema,
    WaysQuery,
    WaysSchema,
    WhatIfAnswerSchema,
    WhatIfSchema,
)
from backend.web.audience import audience_blueprint
from backend.web.context import caller_id, request_time
from backend.web.paging import Page, PageQuery, decode_cursor, page_of, page_schema
from backend.web.quick import Asked, quick_way
from backend.web.transaction import request_session

blueprint = audience_blueprint(Audience.RESIDENT, "score")


def find_ready_page(app: Flask, asked: Asked) -> str | None:
    """The score page as it was stored, which is nearly always there."""
    assert asked.actor.id is not None
    assert asked.actor.session_id is not None
    pages: ReadyPages = app.extensions["ready_pages"]
    return pages.find(resident_id=asked.actor.id, session_id=asked.actor.session_id, now=asked.now)


@blueprint.route("/score")
class MyScore(MethodView):
    @quick_way(find_ready_page)
    @blueprint.response(200, ScoreSchema)
    def get(self) -> dict[str, Any]:
        """Show my score and every line behind it"""
        today = day_in_china(request_time())
        return queries.get_score(request_session(), current_city(), caller_id(), today)


@blueprint.route("/score/history")
class ScoreHistory(MethodView):
    @blueprint.arguments(PageQuery, location="query")
    @blueprint.response(200, page_schema(ScoreMonthSchema))
    def get(self, query: dict[str, Any]) -> Page[dict[str, Any]]:
        """List the last score of each month, newest first"""
        after = decode_cursor(query["cursor"], date.fromisoformat)
        rows = queries.list_months(
            request_session(), caller_id(), before=after[0] if after else None, limit=query["limit"] + 1
        )
        page = page_of(rows, query["limit"], key=lambda row: [row.month])
        items = [
            {
                "month": f"{row.month:%Y-%m}",
                "score": format_points(row.score_milli),
                "score_milli": row.score_milli,
                "level": row.level,
                "model_version": row.model_version,
            }
            for row in page.items
        ]
        return Page(items, page.next_cursor)


@blueprint.route("/score/ways")
class Ways(MethodView):
    @blueprint.arguments(WaysQuery, location="query")
    @blueprint.response(200, WaysSchema)
    def get(self, query: dict[str, Any]) -> dict[str, Any]:
        """List what I could do to reach a score, each taken alone"""
        return queries.get_ways(
            request_session(),
            current_city(),
            caller_id(),
            target_milli=query["target_milli"],
            today=day_in_china(request_time()),
        )


@blueprint.route("/score/what-if")
class WhatIf(MethodView):
    @blueprint.arguments(WhatIfSchema, required=False)
    @blueprint.response(200, WhatIfAnswerSchema)
    def post(self, body: dict[str, Any]) -> dict[str, Any]:
        """Compute what the score would be, on the real engine; nothing is stored"""
        today = day_in_china(request_time())
        on = body["on"] or today
        if not today <= on <= today + timedelta(days=imagination.FARTHEST_DAYS):
            raise imagination.DayOutOfRange(errors={"on": [imagination.DayOutOfRange.detail]})
        return imagination.imagine(
            request_session(),
            current_city(),
            caller_id(),
            add=body["add"],
            remove=frozenset(str(record_id) for record_id in body["remove"]),
            on=on,
            today=today,
        )
