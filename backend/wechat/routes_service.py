"""Where WeChat pushes messages and events to."""

from typing import Any

import marshmallow as ma
from flask import Response, current_app, request
from flask.views import MethodView

from backend.core.actor import Audience
from backend.web.audience import audience_blueprint
from backend.web.context import request_time
from backend.web.transaction import act_as_system, request_session
from backend.web.validation import Schema
from backend.wechat import pushes
from backend.wechat.push_seal import PushSeal

blueprint = audience_blueprint(Audience.SERVICE, "wechat_push")
TEXT = "text/plain; charset=utf-8"


class PushQuery(Schema):
    """What WeChat signs; it sends further parameters, which say nothing to us."""

    timestamp = ma.fields.String(load_default="")
    nonce = ma.fields.String(load_default="")
    signature = ma.fields.String(load_default="")
    msg_signature = ma.fields.String(load_default="")
    echostr = ma.fields.String(load_default="")


@blueprint.route("/wechat/push")
class WeChatPush(MethodView):
    @blueprint.arguments(PushQuery, location="query", unknown=ma.EXCLUDE)
    @blueprint.response(200, content_type=TEXT)
    def get(self, query: dict[str, Any]) -> Response:
        """Show WeChat that this address is ours"""
        seal().check_address(
            signature=query["signature"],
            timestamp=query["timestamp"],
            nonce=query["nonce"],
            now=request_time(),
        )
        return Response(query["echostr"], content_type=TEXT)

    @blueprint.arguments(PushQuery, location="query", unknown=ma.EXCLUDE)
    @blueprint.response(200, content_type=TEXT)
    def post(self, query: dict[str, Any]) -> Response:
        """Take a sealed message or event from WeChat; one that came before is answered the same"""
        now = request_time()
        message = seal().open(
            request.get_data(),
            msg_signature=query["msg_signature"],
            timestamp=query["timestamp"],
            nonce=query["nonce"],
            now=now,
        )
        act_as_system()
        pushes.keep_push(request_session(), message, now=now)
        # Sent after the commit, and work begins after it: WeChat waits five seconds at most.
        return Response("success", content_type=TEXT)


def seal() -> PushSeal:
    sealing: PushSeal = current_app.extensions["push_seal"]
    return sealing
