"""Who looked at my data."""

from typing import Any
from uuid import UUID

import marshmallow as ma
from flask.views import MethodView

from backend.audit import queries
from backend.core.actor import Audience
from backend.web.audience import audience_blueprint
from backend.web.context import caller_id
from backend.web.paging import PageQuery, decode_cursor, page_of, page_schema
from backend.web.transaction import request_session
from backend.web.validation import Schema

blueprint = audience_blueprint(Audience.RESIDENT, "access_log")


class AccessLogEntrySchema(Schema):
    occurred_at = ma.fields.AwareDateTime(required=True, metadata={"description": "UTC"})
    looked_by = ma.fields.String(required=True, metadata={"description": "谁"})
    purpose = ma.fields.String(required=True, metadata={"description": "为什么"})
    shown = ma.fields.String(required=True, metadata={"description": "看到了什么"})


@blueprint.route("/access-log")
class AccessLog(MethodView):
    @blueprint.arguments(PageQuery, location="query")
    @blueprint.response(200, page_schema(AccessLogEntrySchema))
    def get(self, query: dict[str, Any]) -> Any:
        """List who looked at my data, newest first"""
        after = decode_cursor(query["cursor"], UUID)
        rows = queries.list_looks_at(
            request_session(),
            caller_id(),
            before=after[0] if after else None,
            limit=query["limit"] + 1,
        )
        return page_of(rows, query["limit"], key=lambda row: [row.id])
