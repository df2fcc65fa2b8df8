"""What we believe of WeChat, in one suite: always asked of the simulator, and of WeChat itself when
WECHAT_CONTRACT_APPID and WECHAT_CONTRACT_SECRET name an account to test with.

Only calls that change nothing: a token, and refusals.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from backend.wechat.accounts import WeChat
from backend.wechat.client import Client
from backend.wechat.errors import WeChatCodeInvalid, WeChatPhoneCodeInvalid
from backend.wechat.texts import TextScene, TextVerdict
from backend.wechat.tokens import MemoryTokens
from backend.wechat.transport import WECHAT_ADDRESS, CallFailed, Transport
from tests.scripts.wechat_simulator.running import Simulator

ACCOUNT = (os.environ.get("WECHAT_CONTRACT_APPID"), os.environ.get("WECHAT_CONTRACT_SECRET"))
HOSTS = ["simulator", *(["wechat"] if all(ACCOUNT) else [])]
NOBODY = "o" + "x" * 27


@dataclass
class Host:
    """WeChat or its simulator, with the account to call it as."""

    base_url: str
    appid: str
    secret: str

    def client(self, transport: Transport, *, secret: str | None = None) -> Client:
        return Client(self.appid, secret or self.secret, transport=transport, tokens=MemoryTokens())


@pytest.fixture(params=HOSTS)
def host(
    request: pytest.FixtureRequest, simulator: Simulator, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Host]:
    if request.param == "simulator":
        yield Host(simulator.base_url, simulator.appid, simulator.secret)
        return
    monkeypatch.undo()  # the guard that no host but this machine can be looked up
    yield Host(WECHAT_ADDRESS, str(ACCOUNT[0]), str(ACCOUNT[1]))


@pytest.fixture
def transport(host: Host) -> Iterator[Transport]:
    with Transport(host.base_url, (5, 10)) as connections:
        yield connections


@pytest.fixture
def asked(host: Host, transport: Transport) -> Client:
    return host.client(transport)


def refused(client: Client, path: str, body: dict[str, object]) -> CallFailed:
    with pytest.raises(CallFailed) as failed:
        client.call(path, body)
    return failed.value


def test_the_stable_token_is_the_same_when_asked_for_again(host: Host, transport: Transport) -> None:
    tokens = {host.client(transport).access_token for _ in range(2)}
    assert len(tokens) == 1
    assert len(tokens.pop()) <= 512


def test_a_wrong_secret_is_told(host: Host, transport: Transport) -> None:
    with pytest.raises(CallFailed) as failed:
        _ = host.client(transport, secret="0" * 31 + "1").access_token
    assert failed.value.errcode in (40125, 40001)
    assert failed.value.rid


def test_an_invented_sign_in_code_is_refused(asked: Client) -> None:
    with pytest.raises(WeChatCodeInvalid):
        WeChat(asked).sign_in("0" * 32)


def test_an_invented_phone_code_is_refused(asked: Client) -> None:
    with pytest.raises(WeChatPhoneCodeInvalid):
        WeChat(asked).phone_number("0" * 64)


def test_a_token_that_wechat_did_not_give_is_refused_and_replaced(asked: Client) -> None:
    asked.session.set(asked.access_token_key, "invented", 60)
    assert asked.quota("/wxa/getwxacode")["errcode"] == 0


def test_a_scene_that_is_too_long_is_refused(asked: Client) -> None:
    body = {"scene": "a" * 33, "page": "pages/index/index", "check_path": False}
    assert refused(asked, "wxa/getwxacodeunlimit", body).errcode == 40169


def test_a_text_of_nobody_is_not_judged(asked: Client) -> None:
    verdict = WeChat(asked).check_text(openid=NOBODY, text="你好", scene=TextScene.COMMENT)
    assert verdict is TextVerdict.REVIEW


def test_a_message_to_nobody_is_refused_as_a_bad_address_or_template(asked: Client) -> None:
    body: dict[str, object] = {"touser": NOBODY, "template_id": "T" * 43, "data": {}}
    assert refused(asked, "cgi-bin/message/subscribe/send", body).errcode in (40003, 40037)


def test_the_figures_of_a_call_can_be_asked_for(asked: Client) -> None:
    """What `check_reachable` does."""
    WeChat(asked).check_reachable()
