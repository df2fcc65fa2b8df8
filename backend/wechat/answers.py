"""From failed calls to what the rest of the backend hears: a refusal that names no person and no secret."""

from collections.abc import Callable
from typing import TypeVar

import structlog

from backend.wechat.client import Client
from backend.wechat.doors import CallKind
from backend.wechat.errors import WeChatUnavailable
from backend.wechat.transport import CallFailed

STRANGE_PAUSE = 60

T = TypeVar("T")
log = structlog.get_logger(__name__)


def ask(client: Client, kind: CallKind, call: Callable[[], T]) -> T:
    """The result of a call that passed its door; `CallFailed` otherwise."""
    return client.doors[kind].pass_through(call)


def unavailable(failed: CallFailed) -> WeChatUnavailable:
    """What to raise (`from None`) for a failure that says nothing about the person who asked."""
    if not failed.retry_after:
        log.error("wechat.unexpected_refusal", errcode=failed.errcode, rid=failed.rid)
    return WeChatUnavailable(retry_after=failed.retry_after or STRANGE_PAUSE)
