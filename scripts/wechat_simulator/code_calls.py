"""WeChat's call for an image with a code of the mini-program."""

import io
import re

import segno
from flask import Blueprint, Response, request

from scripts.wechat_simulator.wire import Refused, json_body
from scripts.wechat_simulator.world import World

NARROWEST, WIDEST, USUAL = 280, 1280, 430
_SCENE = re.compile(r"[0-9A-Za-z!#$&'()*+,/:;=?@\-._~]{1,32}")


def code_calls(world: World) -> Blueprint:
    calls = Blueprint("codes", __name__)

    @calls.post("/wxa/getwxacodeunlimit")
    def code() -> Response:
        """A QR code instead of WeChat's round one: a phone would open the text `page?scene=…`."""
        world.tokens.check(request.args.get("access_token"))
        body = json_body()
        scene, page, width = body.get("scene"), body.get("page"), body.get("width", USUAL)
        if not isinstance(scene, str) or not _SCENE.fullmatch(scene):
            raise Refused(40169)
        checks_page = body.get("check_path", True) is not False
        if not isinstance(page, str) or (checks_page and page not in world.subscriptions.pages):
            raise Refused(41030)
        if not isinstance(width, int) or not NARROWEST <= width <= WIDEST:
            raise Refused(40097)
        # The content type has been seen to be wrong, so nobody may rely on it.
        return Response(_picture(f"{page}?scene={scene}", width), mimetype="image/jpeg")

    return calls


def _picture(text: str, width: int) -> bytes:
    symbol = segno.make_qr(text, error="m")
    modules, _ = symbol.symbol_size(border=4)
    buffer = io.BytesIO()
    symbol.save(buffer, kind="png", scale=max(1, width // modules), border=4)
    return buffer.getvalue()
