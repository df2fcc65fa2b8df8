"""The audit trail, for the audit administrator."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

import marshmallow as ma
from flask import current_app
from flask.views import MethodView
from sqlalchemy.orm import Session

from backend.audit import queries
from backend.audit.models import AuditEvent
from backend.audit.queries import COLLEAGUES, EventFilter
from backend.audit.words import ACTIONS, ACTORS, SUBJECTS
from backend.core.actor import ActorKind, Audience
from backend.core.clock import day_bounds, moment
from backend.core.errors import DomainError, Kind
from backend.web.audience import across_accounts, audience_blueprint
from backend.web.console import permission
from backend.web.context import current_actor
from backend.web.paging import Page, PageQuery, decode_cursor, page_of, page_schema
from backend.web.transaction import request_session
from backend.web.validation import Schema, text_field

blueprint = audience_blueprint(Audience.OFFICE, "audit")
# By its name: accounts stand above this part. The start fails when no role knows it.
READ = "audit.read"
AccountNames = Callable[[Session, set[UUID]], dict[UUID, str]]


class WholeCityOnly(DomainError):
    """Whose work is limited to a district does not read the audit trail, which knows no districts."""

    kind = Kind.FORBIDDEN
    code = "audit.whole_city_only"
    detail = "审计记录不分区县，只有全市的审计管理员可以查看。"


class EventsQuery(PageQuery):
    first = ma.fields.Date(load_default=None, data_key="from")
    last = ma.fields.Date(load_default=None, data_key="to")
    action = text_field(60, required=False, load_default=None)
    actor_kind = ma.fields.String(load_default=None, validate=ma.validate.OneOf(list(ActorKind)))
    account_id = ma.fields.UUID(load_default=None)
    subject_kind = text_field(40, required=False, load_default=None)
    subject_id = text_field(80, required=False, load_default=None)
    sort = ma.fields.String(load_default="newest", validate=ma.validate.OneOf(["newest", "oldest"]))


class EventSchema(Schema):
    id = ma.fields.Integer(required=True)
    occurred_at = ma.fields.AwareDateTime(required=True)
    action = ma.fields.String(required=True)
    actor_kind = ma.fields.String(required=True)
    actor_id = ma.fields.UUID(required=True, allow_none=True)
    actor_name = ma.fields.String(
        required=True, allow_none=True, metadata={"description": "只有后台人员有姓名"}
    )
    subject_kind = ma.fields.String(required=True)
    subject_id = ma.fields.String(required=True)
    data = ma.fields.Dict(required=True)
    request_id = ma.fields.String(required=True, allow_none=True)


class WordSchema(Schema):
    code = ma.fields.String(required=True)
    name = ma.fields.String(required=True)


class WordsSchema(Schema):
    actions = ma.fields.List(ma.fields.Nested(WordSchema), required=True)
    actors = ma.fields.List(ma.fields.Nested(WordSchema), required=True)
    subjects = ma.fields.List(ma.fields.Nested(WordSchema), required=True)


@blueprint.route("/audit-events")
class Events(MethodView):
    @permission(READ)
    @across_accounts
    @blueprint.arguments(EventsQuery, location="query")
    @blueprint.response(200, page_schema(EventSchema))
    def get(self, query: dict[str, Any]) -> Page[dict[str, Any]]:
        """List what was done, by whom, to what"""
        if current_actor().district:
            raise WholeCityOnly
        db, limit = request_session(), query["limit"]
        after = decode_cursor(query["cursor"], moment, int)
        found = queries.events(_wanted(query), oldest_first=query["sort"] == "oldest", after=after)
        page = page_of(
            db.scalars(found.limit(limit + 1)).all(),
            limit,
            lambda event: [event.occurred_at.isoformat(), event.id],
        )
        names = _names(db, page.items)
        return Page([_shown(event, names) for event in page.items], page.next_cursor)


@blueprint.route("/audit-words")
class Words(MethodView):
    @permission(READ)
    @blueprint.response(200, WordsSchema)
    def get(self) -> dict[str, Any]:
        """Name the actions, the kinds of actors and the kinds of subjects that there are"""
        known = {"actions": ACTIONS, "actors": ACTORS, "subjects": SUBJECTS}
        return {
            kind: [{"code": code, "name": name} for code, name in words.items()]
            for kind, words in known.items()
        }


def _wanted(query: dict[str, Any]) -> EventFilter:
    first: date | None = query["first"]
    last: date | None = query["last"]
    return EventFilter(
        since=day_bounds(first)[0] if first else None,
        until=day_bounds(last)[1] if last else None,
        colleague_id=query["account_id"],
        **{name: query[name] for name in ("action", "actor_kind", "subject_kind", "subject_id")},
    )


def _names(db: Session, events: Any) -> dict[UUID, str]:
    ids = {event.actor_id for event in events if event.actor_id and event.actor_kind in COLLEAGUES}
    names_of: AccountNames = current_app.extensions["account_names"]
    return names_of(db, ids)


def _shown(event: AuditEvent, names: dict[UUID, str]) -> dict[str, Any]:
    columns = ("id", "occurred_at", "action", "actor_kind", "actor_id", "subject_kind", "subject_id", "data")
    return {
        **{name: getattr(event, name) for name in (*columns, "request_id")},
        "actor_name": names.get(event.actor_id) if event.actor_id else None,
    }
