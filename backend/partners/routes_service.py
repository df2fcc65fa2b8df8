"""The public keys of the city's seal, and the short address of the page for applying."""

from typing import Any

from flask import Response, current_app, redirect
from flask.views import MethodView

from backend.core.actor import Audience
from backend.core.console import ConsoleAddress
from backend.core.keys import LiveKeys
from backend.partners import schemas
from backend.partners.answers import ALGORITHM
from backend.partners.seal import to_base64url
from backend.web.audience import audience_blueprint

blueprint = audience_blueprint(Audience.SERVICE, "units_outside")


@blueprint.route("/.well-known/seal-keys.json")
class SealKeys(MethodView):
    @blueprint.response(200, schemas.SealKeysSchema)
    def get(self) -> dict[str, Any]:
        """List the public keys of the seal on commitments; earlier ones stay"""
        keys: LiveKeys = current_app.extensions["keys"]
        return {
            "keys": [
                {
                    "key_id": key.key_id,
                    "algorithm": ALGORITHM,
                    "public_key": to_base64url(key.public_bytes),
                    "in_use_since": key.in_use_since,
                }
                for key in keys.seal
            ]
        }


@blueprint.route("/apply")
class Apply(MethodView):
    @blueprint.doc(responses={302: {"description": "To the page of the console where a unit applies"}})
    def get(self) -> Response:
        """Go to the page where a unit applies"""
        address: ConsoleAddress = current_app.extensions["console_address"]
        return redirect(address.page("apply"))  # type: ignore[return-value]
