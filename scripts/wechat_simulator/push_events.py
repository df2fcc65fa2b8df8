"""The events that WeChat pushes about messages.

Numbers are texts, and `List` is an object when it has only one entry.
"""

from collections.abc import Mapping
from typing import Any

from scripts.wechat_simulator.subscriptions import Sent


def popup_event(openid: str, results: Mapping[str, str]) -> dict[str, Any]:
    """A question about messages was answered."""
    return _event(
        "subscribe_msg_popup_event",
        openid,
        [
            {"TemplateId": template, "SubscribeStatusString": status, "PopupScene": "0"}
            for template, status in results.items()
        ],
    )


def change_event(openid: str, template_id: str) -> dict[str, Any]:
    """A template was switched off in the list of messages."""
    entry = {"TemplateId": template_id, "SubscribeStatusString": "reject"}
    return _event("subscribe_msg_change_event", openid, [entry])


def sent_event(openid: str, sent: Sent, *, error: str = "0") -> dict[str, Any]:
    """What became of a message in the end."""
    entry = {
        "TemplateId": sent.template_id,
        "MsgID": str(sent.msgid),
        "ErrorCode": error,
        "ErrorStatus": "success" if error == "0" else "system error",
    }
    return _event("subscribe_msg_sent_event", openid, [entry])


def _event(name: str, openid: str, entries: list[dict[str, str]]) -> dict[str, Any]:
    return {
        "FromUserName": openid,
        "MsgType": "event",
        "Event": name,
        "List": entries[0] if len(entries) == 1 else entries,
    }
