"""My inbox."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

import marshmallow as ma
from flask.views import MethodView

from backend.city.message_files import MessageTemplate
from backend.city.serving import current_city
from backend.core.actor import Audience
from backend.notices import credits, queries, service
from backend.notices.models import Notice
from backend.notices.texts import title_and_body
from backend.web.audience import audience_blueprint
from backend.web.context import caller_id, current_actor, request_time
from backend.web.paging import PageQuery, decode_cursor, page_of, page_schema
from backend.web.transaction import request_session
from backend.web.validation import Schema

blueprint = audience_blueprint(Audience.RESIDENT, "notices")

# What wx.requestSubscribeMessage says of a template; it asks for five at most.
ANSWERS = [*sorted(credits.ACCEPTED), "ban", "filter", "reject"]
MOST_TEMPLATES = 5


class NoticeSchema(Schema):
    id = ma.fields.UUID(required=True)
    kind = ma.fields.String(required=True)
    title = ma.fields.String(required=True)
    body = ma.fields.String(required=True)
    created_at = ma.fields.AwareDateTime(required=True)
    read_at = ma.fields.AwareDateTime(required=True, allow_none=True)


class MessageTemplateSchema(Schema):
    template_id = ma.fields.String(required=True)
    kind = ma.fields.String(required=True, validate=ma.validate.OneOf(["one_time", "long_term"]))
    notice_kind = ma.fields.String(required=True)
    title = ma.fields.String(required=True)
    example = ma.fields.Boolean(required=True)
    agreed = ma.fields.Boolean(required=True, metadata={"description": "已同意下一条"})


class MessageTemplatesSchema(Schema):
    items = ma.fields.List(ma.fields.Nested(MessageTemplateSchema), required=True)


class MessageConsentsSchema(Schema):
    results = ma.fields.Dict(
        keys=ma.fields.String(validate=ma.validate.Length(1, 64)),
        values=ma.fields.String(validate=ma.validate.OneOf(ANSWERS, error="没有这个选项。")),
        required=True,
        validate=ma.validate.Length(1, MOST_TEMPLATES, error="一次 {min} 至 {max} 个模板。"),
    )


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


@blueprint.route("/message-templates")
class MessageTemplates(MethodView):
    @blueprint.response(200, MessageTemplatesSchema)
    def get(self) -> dict[str, Any]:
        """List the templates of WeChat messages to ask for, and whether I agreed to the next one

        The phone asks with wx.requestSubscribeMessage, at a tap, for templates of one kind at a time.
        """
        return shown_templates()


@blueprint.route("/message-consents")
class MessageConsents(MethodView):
    @blueprint.arguments(MessageConsentsSchema)
    @blueprint.response(200, MessageTemplatesSchema)
    def post(self, body: dict[str, Any]) -> dict[str, Any]:
        """Tell what I answered to WeChat's question about messages

        It serves until WeChat tells the same; templates that are not in the list are passed over.
        """
        credits.hint(
            request_session(),
            resident_id=caller_id(),
            results=body["results"],
            actor=current_actor(),
            now=request_time(),
        )
        return shown_templates()


def shown_templates() -> dict[str, Any]:
    agreed = queries.list_agreed_templates(request_session(), caller_id())
    return {"items": [shown_template(each, agreed) for each in current_city().messages.values()]}


def shown_template(template: MessageTemplate, agreed: Collection[str]) -> dict[str, Any]:
    return {
        "template_id": template.id,
        "kind": template.kind,
        "notice_kind": template.notice,
        "title": template.title,
        "example": template.example,
        "agreed": template.id in agreed,
    }
