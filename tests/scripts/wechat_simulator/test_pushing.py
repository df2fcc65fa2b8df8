"""The simulator's pushes, received by a small server that answers as the test says."""

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit
from xml.etree import ElementTree

import pytest
from wechatpy.crypto import WeChatCrypto

from tests.scripts.wechat_simulator.running import Simulator

TOKEN, AES_KEY = "AAAAA", "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
TEMPLATE = "TemplateOfTheTests00000000000000000000000001"


@dataclass
class Receiver:
    """Who is pushed to: what came, and what to answer, in turn."""

    port: int = 0
    answers: list[tuple[int, str]] = field(default_factory=list)
    came: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    arrived: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    received = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            query = {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}
            received.came.append((query, body))
            status, text = received.answers.pop(0) if received.answers else (200, "success")
            self.send_response(status)
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text.encode())
            received.arrived.release()

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    received.port = server.server_port
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield received
    server.shutdown()
    thread.join(10)
    server.server_close()


def aim(wechat: Simulator, receiver: Receiver, **options: Any) -> None:
    url = f"http://127.0.0.1:{receiver.port}/push"
    wechat.control("push-target", url=url, token=TOKEN, aes_key=AES_KEY, **options)


def push(wechat: Simulator, **message: Any) -> list[dict[str, Any]]:
    tries: list[dict[str, Any]] = wechat.control("push", message=message)["items"]
    return tries


def opened(wechat: Simulator, query: dict[str, str], body: bytes) -> str:
    """What wechatpy, which was written against WeChat, finds in the body."""
    sealed = json.loads(body) if body.startswith(b"{") else body.decode()
    crypto = WeChatCrypto(TOKEN, AES_KEY, wechat.appid)
    text: str = crypto.decrypt_message(sealed, query["msg_signature"], query["timestamp"], query["nonce"])
    return text


def test_a_sealed_push_in_json_opens_with_the_key(wechat: Simulator, receiver: Receiver) -> None:
    aim(wechat, receiver)
    assert [attempt["ended"] for attempt in push(wechat, Event="tests", FromUserName="o1")] == [True]
    ((query, body),) = receiver.came
    assert query["encrypt_type"] == "aes"
    assert json.loads(opened(wechat, query, body))["Event"] == "tests"


def test_a_sealed_push_in_xml_opens_too(wechat: Simulator, receiver: Receiver) -> None:
    aim(wechat, receiver, form="xml")
    push(wechat, Event="tests", Content="<你&好>")
    ((query, body),) = receiver.came
    content = ElementTree.fromstring(opened(wechat, query, body))
    assert content.findtext("Content") == "<你&好>"


def test_a_plain_push_is_as_it_is(wechat: Simulator, receiver: Receiver) -> None:
    aim(wechat, receiver, sealed=False)
    push(wechat, Event="tests")
    ((query, body),) = receiver.came
    assert "msg_signature" not in query
    assert json.loads(body)["Event"] == "tests"


@pytest.mark.parametrize(
    ("answers", "tries"),
    [
        ([], 1),
        ([(200, "")], 1),
        ([(200, "received")], 2),
        ([(500, "success")], 2),
        ([(403, ""), (403, ""), (403, ""), (403, "")], 3),
    ],
)
def test_a_push_is_tried_three_times_until_it_is_answered(
    wechat: Simulator, receiver: Receiver, answers: list[tuple[int, str]], tries: int
) -> None:
    aim(wechat, receiver)
    receiver.answers = answers
    assert len(push(wechat, Event="tests")) == tries == len(receiver.came)
    assert len(wechat.look("pushes")) == tries


def test_nobody_there_is_three_tries_without_an_answer(wechat: Simulator) -> None:
    wechat.control("push-target", url="http://127.0.0.1:9/push", token=TOKEN, aes_key=AES_KEY)
    assert [attempt["status"] for attempt in push(wechat, Event="tests")] == [None] * 3


def test_only_this_machine_is_pushed_to(wechat: Simulator) -> None:
    body = {"url": "http://example.org/push", "token": TOKEN, "aes_key": AES_KEY}
    assert wechat.post("/__sim/push-target", body).status_code == 400


def test_what_people_do_with_messages_is_pushed_with_its_odd_lists(
    wechat: Simulator, receiver: Receiver
) -> None:
    aim(wechat, receiver)
    wechat.subscribe("甲", **{TEMPLATE: "accept"})
    wechat.subscribe("甲", **{TEMPLATE: "accept", "Other": "ban"})
    wechat.control("subscribe-off", user="甲", template_id=TEMPLATE)
    for _ in range(3):
        assert receiver.arrived.acquire(timeout=10)
    told = [json.loads(opened(wechat, query, body)) for query, body in receiver.came]
    assert sorted(message["Event"] for message in told) == [
        "subscribe_msg_change_event",
        "subscribe_msg_popup_event",
        "subscribe_msg_popup_event",
    ]
    shapes = sorted(type(message["List"]).__name__ for message in told)
    assert shapes == ["dict", "dict", "list"]
    assert {message["FromUserName"] for message in told} == {wechat.openid("甲")}
    assert all(message["CreateTime"].isdigit() for message in told)
