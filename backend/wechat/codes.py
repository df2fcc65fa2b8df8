"""Images with WeChat's own codes, which open a page of the mini-program when scanned."""

import re

from backend.wechat.answers import ask, unavailable
from backend.wechat.client import Client
from backend.wechat.doors import CallKind
from backend.wechat.transport import PAUSES, CallFailed, repeat_while_unclear

PATH = "wxa/getwxacodeunlimit"
NARROWEST, WIDEST = 280, 1280

_SCENE = re.compile(r"[0-9A-Za-z!#$&'()*+,/:;=?@\-._~]{1,32}")
_PAGE = re.compile(r"[0-9A-Za-z_-]+(?:/[0-9A-Za-z_-]+)*")


def mini_program_code(client: Client, *, scene: str, page: str, width: int = 430) -> bytes:
    """A PNG or JPEG of `width` pixels that opens `page` of the released version with `scene`.

    What WeChat would refuse is refused before it is asked, as a ValueError: scene and page are ours
    and never typed by people. `scene` is readable by everybody, so it holds nothing personal.
    """
    if not _SCENE.fullmatch(scene):
        raise ValueError("scene: 1 to 32 of the characters WeChat allows")
    if not _PAGE.fullmatch(page):
        raise ValueError("page: a path without a leading slash and without a query")
    if not NARROWEST <= width <= WIDEST:
        raise ValueError(f"width: {NARROWEST} to {WIDEST} pixels")
    body = {"scene": scene, "page": page, "check_path": True, "env_version": "release", "width": width}
    try:
        return ask(
            client,
            CallKind.CODE,
            lambda: repeat_while_unclear(lambda: client.image(PATH, body), pauses=PAUSES[:1]),
        )
    except CallFailed as failed:
        raise unavailable(failed) from None
