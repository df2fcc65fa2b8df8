"""WeChat's call that sends a subscribe message, and what people do with messages on their phones."""

from dataclasses import asdict
from typing import Literal

from flask import Blueprint, Response, request
from pydantic import BaseModel, ConfigDict, Field

from scripts.wechat_simulator.push_events import change_event, popup_event, sent_event
from scripts.wechat_simulator.subscriptions import FIELD_RULES, Template
from scripts.wechat_simulator.wire import Refused, answer, json_body, success
from scripts.wechat_simulator.world import World

Answer = Literal["accept", "reject", "ban", "filter", "acceptWithAlert", "acceptWithAudio"]


class Dialog(BaseModel):
    """Who answered what to a question about messages."""

    model_config = ConfigDict(extra="forbid")
    user: str = Field(min_length=1, max_length=40)
    results: dict[str, Answer] = Field(min_length=1, max_length=5)


class SwitchedOff(BaseModel):
    """Who wants no more messages of a template."""

    model_config = ConfigDict(extra="forbid")
    user: str = Field(min_length=1, max_length=40)
    template_id: str


class NewTemplate(BaseModel):
    """A template granted to the mini-program, with the names of its fields."""

    model_config = ConfigDict(extra="forbid")
    id: str
    kind: Literal["one_time", "long_term"] = "one_time"
    title: str = ""
    fields: list[str] = Field(min_length=1)


class Pages(BaseModel):
    """The pages of the released version."""

    model_config = ConfigDict(extra="forbid")
    pages: list[str]


def message_calls(world: World) -> Blueprint:
    calls = Blueprint("messages", __name__)
    subscriptions = world.subscriptions

    @calls.post("/cgi-bin/message/subscribe/send")
    def send() -> Response:
        world.tokens.check(request.args.get("access_token"))
        body = json_body()
        user = world.persons.find_user(body.get("touser"))
        if user is None:
            raise Refused(40003)
        sent = subscriptions.send(user, body)
        world.pushes.send_later(sent_event(world.persons.openid(user), sent))
        return success(msgid=sent.msgid)

    @calls.post("/__sim/subscribe")
    def subscribe() -> Response:
        dialog = Dialog.model_validate(request.get_json())
        world.persons.set_up(dialog.user, {})
        subscriptions.answer_dialog(dialog.user, dialog.results)
        told = {
            key: "accept" if word.startswith("accept") else "reject" for key, word in dialog.results.items()
        }
        world.pushes.send_later(popup_event(world.persons.openid(dialog.user), told))
        return answer({"errMsg": "requestSubscribeMessage:ok", **dialog.results})

    @calls.post("/__sim/subscribe-off")
    def switch_off() -> Response:
        change = SwitchedOff.model_validate(request.get_json())
        subscriptions.switch_off(change.user, change.template_id)
        world.pushes.send_later(change_event(world.persons.openid(change.user), change.template_id))
        return answer({})

    @calls.get("/__sim/templates")
    def templates() -> Response:
        return answer({"items": [asdict(template) for template in subscriptions.templates.values()]})

    @calls.post("/__sim/templates")
    def add_template() -> Response:
        wanted = NewTemplate.model_validate(request.get_json())
        new = Template(wanted.id, wanted.kind, wanted.title, tuple(wanted.fields))
        subscriptions.templates[new.id] = new
        return answer({**asdict(new), "types": sorted(FIELD_RULES)})

    @calls.post("/__sim/pages")
    def pages() -> Response:
        subscriptions.pages = set(Pages.model_validate(request.get_json()).pages)
        return answer({"pages": sorted(subscriptions.pages)})

    @calls.get("/__sim/inbox")
    def inbox() -> Response:
        return answer({"items": [asdict(sent) for sent in subscriptions.inbox()]})

    return calls
