"""WeChat's check of what people write, by marks in the text."""

import secrets
from typing import Any

from flask import Blueprint, Response, request

from scripts.wechat_simulator.wire import Refused, json_body, success
from scripts.wechat_simulator.world import World

LONGEST = 2500
# Whoever has not opened the mini-program for so long is not judged.
OPENED_WITHIN_SECONDS = 2 * 3600
RISKY, REVIEW, LABELS_AS_TEXT = "[sim:risky]", "[sim:review]", "[sim:text-labels]"


def text_calls(world: World) -> Blueprint:
    calls = Blueprint("texts", __name__)

    @calls.post("/wxa/msg_sec_check")
    def check() -> Response:
        world.tokens.check(request.args.get("access_token"))
        body = json_body()
        content, user = body.get("content"), world.persons.find_user(body.get("openid"))
        if body.get("version") != 2 or not isinstance(content, str) or not content:
            raise Refused(47001)
        if len(content) > LONGEST:
            raise Refused(45002)
        if body.get("scene") not in (1, 2, 3, 4):
            raise Refused(40129)
        if user is None:
            raise Refused(43104)
        if world.clock.now() - world.persons.opened_at(user) > OPENED_WITHIN_SECONDS:
            raise Refused(61010)
        return success(trace_id=secrets.token_hex(16), **_verdict(content))

    return calls


def _verdict(content: str) -> dict[str, Any]:
    suggest, label = "pass", 100
    if RISKY in content:
        suggest, label = "risky", 20001
    elif REVIEW in content:
        suggest, label = "review", 21000
    shown = str(label) if LABELS_AS_TEXT in content else label
    detail = {"strategy": "content_model", "errcode": 0, "suggest": suggest, "label": shown, "prob": 90}
    return {"result": {"suggest": suggest, "label": shown}, "detail": [detail]}
