"""What WeChat's pushes say about messages: who agreed to which, and what became of one."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from backend.city.serving import current_city
from backend.notices import credits, messages
from backend.notices.post_office import post_office

POPUP, CHANGE, SENT = "subscribe_msg_popup_event", "subscribe_msg_change_event", "subscribe_msg_sent_event"


def take_push(db: Session, *, message: Mapping[str, Any], now: datetime) -> None:
    """Take in a push that is about messages; others, and those about strangers, are passed over."""
    event, openid = message.get("Event"), message.get("FromUserName")
    if event not in (POPUP, CHANGE, SENT) or not isinstance(openid, str):
        return
    resident_id = post_office().resident_of(db, openid)
    if resident_id is None:
        return
    for entry in entries(message):
        if event == SENT:
            _take_result(db, resident_id, entry, now)
        else:
            _take_answer(db, resident_id, entry, now)


def entries(message: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The entries of `List`, which WeChat writes as an object when there is only one."""
    found = message.get("List")
    for entry in found if isinstance(found, list) else [found]:
        if isinstance(entry, dict):
            yield entry


def _take_answer(db: Session, resident_id: UUID, entry: Mapping[str, Any], now: datetime) -> None:
    template = current_city().messages.with_id(str(entry.get("TemplateId")))
    status = entry.get("SubscribeStatusString")
    if template is None:
        return
    if status == "accept":
        credits.count_acceptance(db, resident_id, template, now=now)
    elif status == "reject":
        credits.count_refusal(db, resident_id, template, now=now)


def _take_result(db: Session, resident_id: UUID, entry: Mapping[str, Any], now: datetime) -> None:
    """Numbers come as texts. A failure here is WeChat's own; what the person refused fails at once."""
    msgid = entry.get("MsgID")
    messages.settle_sent(
        db,
        resident_id,
        template_id=str(entry.get("TemplateId")),
        msgid=str(msgid) if msgid else None,
        arrived=str(entry.get("ErrorCode")) == "0",
        now=now,
    )
