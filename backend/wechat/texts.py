"""WeChat's opinion of what people write. It never refuses anything by itself: people decide."""

from collections.abc import Iterator
from enum import IntEnum, StrEnum
from typing import Any

import structlog

from backend.wechat.answers import ask
from backend.wechat.client import Client
from backend.wechat.doors import CallKind
from backend.wechat.transport import PAUSES, CallFailed, repeat_while_unclear

PATH = "wxa/msg_sec_check"
LONGEST = 2500
# A word cut in two at the end of one piece is whole in the next.
OVERLAP = 100
MOST_PIECES = 8
NORMAL = 100

log = structlog.get_logger(__name__)


class TextScene(IntEnum):
    """Where the text will be read."""

    PROFILE = 1
    COMMENT = 2
    FORUM = 3
    SOCIAL_LOG = 4


class TextVerdict(StrEnum):
    """`PASS` only when WeChat clearly said so of every piece; without a clear verdict `REVIEW`."""

    PASS = "pass"  # noqa: S105
    REVIEW = "review"
    RISKY = "risky"


def check_text(client: Client, *, openid: str, text: str, scene: TextScene) -> TextVerdict:
    """The worst verdict on any piece of the text. Its author must have opened the mini-program
    within the last two hours, so this belongs into the request that brings the text."""
    pieces = list(split(text))
    if len(pieces) > MOST_PIECES:
        return TextVerdict.REVIEW
    verdicts = set()
    for piece in pieces:
        verdict = _judge(client, {"version": 2, "openid": openid, "scene": int(scene), "content": piece})
        if verdict is TextVerdict.RISKY:
            return verdict
        verdicts.add(verdict)
    return TextVerdict.REVIEW if TextVerdict.REVIEW in verdicts else TextVerdict.PASS


def split(text: str) -> Iterator[str]:
    """Pieces that WeChat takes, each beginning with the end of the one before."""
    start = 0
    while True:
        yield text[start : start + LONGEST]
        start += LONGEST - OVERLAP
        if start + OVERLAP >= len(text):
            return


def _judge(client: Client, body: dict[str, object]) -> TextVerdict:
    try:
        answer = ask(
            client,
            CallKind.TEXT,
            lambda: repeat_while_unclear(lambda: client.call(PATH, body), pauses=PAUSES[:1]),
        )
    except CallFailed as failed:
        if not failed.retry_after:
            log.info("wechat.text_not_judged", errcode=failed.errcode, rid=failed.rid)
        return TextVerdict.REVIEW
    return read_verdict(answer)


def read_verdict(answer: dict[str, Any]) -> TextVerdict:
    """What the answer says; errcode 0 says nothing, and whatever looks odd is for people."""
    result, details = answer.get("result"), answer.get("detail", [])
    if answer.get("errcode") != 0 or not isinstance(result, dict) or not isinstance(details, list):
        return TextVerdict.REVIEW
    suggest, label = result.get("suggest"), result.get("label")
    if type(label) is not int or suggest not in list(TextVerdict):
        return TextVerdict.REVIEW
    verdict = TextVerdict(suggest)
    if verdict is TextVerdict.PASS and (label != NORMAL or not all(map(_is_clean, details))):
        return TextVerdict.REVIEW
    return verdict


def _is_clean(detail: object) -> bool:
    return isinstance(detail, dict) and detail.get("suggest", "pass") == "pass"
