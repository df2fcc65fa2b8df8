"""A resident's telephone number, which nobody has to give."""

from typing import Any

from flask import current_app
from flask.views import MethodView

from backend.core.actor import Audience
from backend.identity import phone, queries, schemas
from backend.identity.phone import mask_phone
from backend.web.audience import audience_blueprint
from backend.web.context import caller_id, current_actor, request_time
from backend.web.limits import GUESSING, limiter
from backend.web.outside import outside_transaction
from backend.web.transaction import request_session
from backend.wechat.accounts import WeChat

blueprint = audience_blueprint(Audience.RESIDENT, "phone")


@blueprint.route("/phone")
class Phone(MethodView):
    @blueprint.response(200, schemas.PhoneSchema)
    def get(self) -> dict[str, Any]:
        """Show my telephone number with its middle hidden"""
        return shown(queries.get_resident(request_session(), caller_id()).phone)

    @limiter.limit(GUESSING)
    @blueprint.arguments(schemas.PhoneCodeSchema)
    @blueprint.response(200, schemas.PhoneSchema)
    def post(self, body: dict[str, Any]) -> dict[str, Any]:
        """Leave my telephone number, with the code of WeChat's button"""
        wechat: WeChat = current_app.extensions["wechat"]
        queries.get_bound_resident(request_session(), caller_id())
        with outside_transaction():
            number = wechat.phone_number(body["code"])
        phone.keep_phone(
            request_session(),
            resident_id=caller_id(),
            phone=number,
            actor=current_actor(),
            now=request_time(),
        )
        return shown(number)

    @blueprint.response(204)
    def delete(self) -> None:
        """Have my telephone number forgotten"""
        phone.forget_phone(
            request_session(), resident_id=caller_id(), actor=current_actor(), now=request_time()
        )


def shown(number: str | None) -> dict[str, Any]:
    return {"phone": mask_phone(number) if number else None}
