"""My inbox."""

from typing import Any
from uuid import UUID

import marshmallow as ma
from flask.views import MethodView

from backend.core.actor import Audience
from backend.notices import queries, service
from backend.notices.models import Notice
from backend.notices.texts import title_and_body
from backend.web.audience import audience_blueprint
from backend.web.context import caller_id, current_actor, request_time
from backend.web.paging import PageQuery, decode_cursor, page_of, page_schema
from backend.web.transaction import request_session
from backend.web.validation import Schema

blueprint = audience_blueprint(Audience.RESIDENT, "notices")


class NoticeSchema(Schema):
    id = ma.fields.UUID(required=True)
    kind = ma.fields.String(required=True)
    title = ma.fields.String(required=True)
    body = ma.fields.String(required=True)
    created_at = ma.fields.AwareDateTime(required=True)
    read_at = ma.fields.AwareDateTime(required=True, allow_none=True)


class InboxSchema(page_schema(NoticeSchema)):  # type: ignore[misc]
    unread = ma.fields.Integer(required=True)


@blueprint.route("/notices")
class Inbox(MethodView):
    @blueprint.arguments(PageQuery, location="query")
    @blueprint.response(200, InboxSchema)
    def get(self, query: dict[str, Any]) -> dict[str, Any]:
        """List my notices, newest first"""
        db, limit = request_session(), query["limit"]
        after = decode_cursor(query["cursor"], UUID)
        rows = queries.list_notices(db, caller_id(), before=after[0] if after else None, limit=limit + 1)
        page = page_of(rows, limit, key=lambda row: [row.id])
        return {
            "items": [shown(row) for row in page.items],
            "next_cursor": page.next_cursor,
            "unread": queries.count_unread(db, caller_id()),
        }


@blueprint.route("/notices/<uuid:notice_id>/read")
class ReadNotice(MethodView):
    @blueprint.response(200, NoticeSchema)
    def post(self, notice_id: UUID) -> dict[str, Any]:
        """Mark a notice as read"""
        db = request_session()
        return shown(
            service.mark_read(
                db,
                resident_id=caller_id(),
                notice_id=notice_id,
                actor=current_actor(),
                now=request_time(),
            )
        )


def shown(notice: Notice) -> dict[str, Any]:
    title, body = title_and_body(notice.kind, notice.values)
    return {
        "id": notice.id,
        "kind": notice.kind,
        "title": title,
        "body": body,
        "created_at": notice.created_at,
        "read_at": notice.read_at,
    }
