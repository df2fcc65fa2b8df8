"""Subscribe messages: sent once, and never again when it is unknown whether they were."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import structlog

from backend.wechat.answers import ask
from backend.wechat.client import Client
from backend.wechat.doors import CallKind
from backend.wechat.transport import CallFailed, repeat_while_unclear

PATH = "cgi-bin/message/subscribe/send"
PAGE_UNKNOWN = 41030
# Barred for the moment, or too many at once for one person; what WeChat means by them is not published.
PARALLEL = {43107, 43108}
PARALLEL_PAUSE = 3600

log = structlog.get_logger(__name__)


class SendOutcome(StrEnum):
    """What became of a message.

    `REFUSED`: the person does not want it, or the one-time credit is used up. `BAD_ADDRESS`: no
    account of this mini-program. `REJECTED`: our template, page or text is wrong. `LATER`: nothing was
    sent, it may be tried again. `UNKNOWN`: it may have been sent, so it must not be tried again.
    """

    SENT = "sent"
    REFUSED = "refused"
    BAD_ADDRESS = "bad_address"
    REJECTED = "rejected"
    LATER = "later"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Sent:
    """The outcome; `msgid` where WeChat names one, `retry_after` in seconds with `LATER`."""

    outcome: SendOutcome
    msgid: str | None = None
    retry_after: int = 0


# Refused by the person; wrong address; template, field, page or wording that WeChat does not take.
ENDS = {
    43101: SendOutcome.REFUSED,
    40003: SendOutcome.BAD_ADDRESS,
    47003: SendOutcome.REJECTED,
    PAGE_UNKNOWN: SendOutcome.REJECTED,
    40037: SendOutcome.REJECTED,
    45168: SendOutcome.REJECTED,
}


def send_message(
    client: Client, *, openid: str, template_id: str, page: str | None, data: Mapping[str, str]
) -> Sent:
    """Send a message. It is repeated only where WeChat said that it did not take it."""
    body: dict[str, object] = {
        "touser": openid,
        "template_id": template_id,
        "data": {key: {"value": value} for key, value in data.items()},
    }
    try:
        answer = _send_with_page(client, body, page) if page else _send(client, body)
    except CallFailed as failed:
        return _outcome(failed)
    msgid = answer.get("msgid")
    return Sent(SendOutcome.SENT, str(msgid) if msgid else None)


def _send_with_page(client: Client, body: dict[str, object], page: str) -> dict[str, object]:
    """Without the page when the released version does not have it: the message counts more."""
    try:
        return _send(client, body | {"page": page})
    except CallFailed as failed:
        if failed.errcode != PAGE_UNKNOWN:
            raise
        log.error("wechat.message_page_unknown", errcode=failed.errcode, rid=failed.rid)
    return _send(client, body)


def _send(client: Client, body: dict[str, object]) -> dict[str, object]:
    return ask(
        client, CallKind.MESSAGE, lambda: repeat_while_unclear(lambda: _attempt(client, body), in_doubt=False)
    )


def _attempt(client: Client, body: dict[str, object]) -> dict[str, object]:
    """Success has to be said: an answer without errcode tells nothing."""
    answer = client.call(PATH, body)
    if answer.get("errcode") != 0:
        raise CallFailed(PATH, reason="no errcode in the answer", in_doubt=True)
    return answer


def _outcome(failed: CallFailed) -> Sent:
    if failed.in_doubt:
        return Sent(SendOutcome.UNKNOWN)
    if failed.errcode in PARALLEL:
        return Sent(SendOutcome.LATER, retry_after=PARALLEL_PAUSE)
    if failed.errcode not in ENDS and failed.retry_after:
        return Sent(SendOutcome.LATER, retry_after=failed.retry_after)
    outcome = ENDS.get(failed.errcode, SendOutcome.REJECTED)
    if outcome is SendOutcome.REJECTED:
        log.error("wechat.message_rejected", errcode=failed.errcode, rid=failed.rid)
    return Sent(outcome)
