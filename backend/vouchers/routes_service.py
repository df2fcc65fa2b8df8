"""The public keys with which anyone can check a ticket's signature."""

from typing import Any

import marshmallow as ma
from flask import current_app
from flask.views import MethodView

from backend.core.actor import Audience
from backend.vouchers.scanning import public_keys
from backend.vouchers.ticket.base64url import to_base64url
from backend.web.audience import audience_blueprint
from backend.web.validation import Schema

blueprint = audience_blueprint(Audience.SERVICE, "ticket_keys")


class TicketKeySchema(Schema):
    key_id = ma.fields.Integer(required=True)
    algorithm = ma.fields.String(required=True)
    public_key = ma.fields.String(required=True, metadata={"description": "base64url"})
    valid_from = ma.fields.AwareDateTime(required=True)
    valid_until = ma.fields.AwareDateTime(required=True)


class TicketKeysSchema(Schema):
    keys = ma.fields.List(ma.fields.Nested(TicketKeySchema), required=True)


@blueprint.route("/.well-known/hs1-keys.json")
class TicketKeys(MethodView):
    @blueprint.response(200, TicketKeysSchema)
    def get(self) -> dict[str, Any]:
        """List the public keys of tickets; tills fetch them at least daily"""
        keys = public_keys(current_app.extensions["keys"]).values()
        return {
            "keys": [
                {
                    "key_id": key.key_id,
                    "algorithm": "Ed25519",
                    "public_key": to_base64url(key.public_key),
                    "valid_from": key.valid_from,
                    "valid_until": key.valid_until,
                }
                for key in keys
            ]
        }
