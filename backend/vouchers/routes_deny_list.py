"""Which tickets no till may take any more although their signature still holds."""

from typing import Any

import marshmallow as ma
from flask.views import MethodView

from backend.core.actor import Audience
from backend.vouchers.ending import list_revoked_tickets
from backend.vouchers.ticket.base64url import to_base64url
from backend.web.audience import audience_blueprint
from backend.web.context import request_time
from backend.web.transaction import request_session
from backend.web.validation import Schema

blueprint = audience_blueprint(Audience.MERCHANT, "revoked_tickets")


class RevokedTicketsSchema(Schema):
    ticket_ids = ma.fields.List(
        ma.fields.String(), required=True, metadata={"description": "base64url；到期的不再列出"}
    )


@blueprint.route("/revoked-tickets")
class RevokedTickets(MethodView):
    @blueprint.response(200, RevokedTicketsSchema)
    def get(self) -> dict[str, Any]:
        """List the tickets on the deny list; a till replaces its copy, and asks with the ETag it has"""
        revoked = list_revoked_tickets(request_session(), now=request_time())
        return {"ticket_ids": [to_base64url(ticket_id) for ticket_id in revoked]}
