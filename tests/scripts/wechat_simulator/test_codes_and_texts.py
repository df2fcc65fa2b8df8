import struct
import zlib
from typing import Any

import pytest

from tests.scripts.wechat_simulator.running import Simulator
from tests.scripts.wechat_simulator.test_login import account
from tests.scripts.wechat_simulator.test_tokens import stable

CODE = "/wxa/getwxacodeunlimit"
TEXT = "/wxa/msg_sec_check"


@pytest.fixture
def token(wechat: Simulator) -> str:
    token: str = stable(wechat)["access_token"]
    return token


def test_a_code_is_a_whole_png_under_a_wrong_content_type(wechat: Simulator, token: str) -> None:
    body = {"scene": "v=1", "page": "pages/index/index", "width": 430}
    answer = wechat.post(CODE, body, access_token=token)
    assert answer.headers["Content-Type"] == "image/jpeg"
    kinds = {}
    rest = answer.content.removeprefix(b"\x89PNG\r\n\x1a\n")
    while rest:
        length = int.from_bytes(rest[:4], "big")
        kinds[rest[4:8]] = rest[8 : 8 + length]
        assert zlib.crc32(rest[4 : 8 + length]) == int.from_bytes(rest[8 + length : 12 + length], "big")
        rest = rest[12 + length :]
    assert next(iter(kinds)) == b"IHDR"
    assert list(kinds)[-1] == b"IEND"
    width, height = struct.unpack(">II", kinds[b"IHDR"][:8])
    assert 350 < width == height <= 430


@pytest.mark.parametrize(
    ("changes", "errcode"),
    [
        ({"scene": ""}, 40169),
        ({"scene": "a" * 33}, 40169),
        ({"scene": "50%"}, 40169),
        ({"scene": "店"}, 40169),
        ({"scene": None}, 40169),
        ({"page": "pages/nowhere"}, 41030),
        ({"page": "/pages/index/index"}, 41030),
        ({"width": 100}, 40097),
    ],
)
def test_a_code_with_wrong_words_is_refused_in_json(
    wechat: Simulator, token: str, changes: dict[str, Any], errcode: int
) -> None:
    body = {"scene": "a", "page": "pages/index/index"} | changes
    assert wechat.post(CODE, body, access_token=token).json()["errcode"] == errcode


def test_unchecked_a_page_may_be_any(wechat: Simulator, token: str) -> None:
    body = {"scene": "a", "page": "pages/nowhere", "check_path": False}
    assert wechat.post(CODE, body, access_token=token).content.startswith(b"\x89PNG")


def check(wechat: Simulator, token: str, content: str = "你好", **changes: Any) -> dict[str, Any]:
    body = {"version": 2, "openid": wechat.openid("甲"), "scene": 2, "content": content} | changes
    answer: dict[str, Any] = wechat.post(TEXT, body, access_token=token).json()
    return answer


@pytest.mark.parametrize(
    ("content", "suggest", "label"),
    [
        ("你好", "pass", 100),
        ("[sim:review]", "review", 21000),
        ("[sim:risky]", "risky", 20001),
        ("[sim:text-labels]", "pass", "100"),
    ],
)
def test_marks_in_a_text_make_the_verdict(
    wechat: Simulator, token: str, content: str, suggest: str, label: object
) -> None:
    account(wechat, wechat.login("甲"))
    answer = check(wechat, token, content)
    assert answer["result"] == {"suggest": suggest, "label": label}
    assert answer["trace_id"]


def test_a_text_is_judged_of_somebody_who_was_here_within_two_hours(wechat: Simulator, token: str) -> None:
    assert check(wechat, token)["errcode"] == 61010
    account(wechat, wechat.login("甲"))
    wechat.advance(7190)
    token = stable(wechat)["access_token"]
    assert check(wechat, token)["errcode"] == 0
    wechat.advance(20)
    assert check(wechat, token)["errcode"] == 61010


def test_a_text_with_wrong_words_is_refused(wechat: Simulator, token: str) -> None:
    account(wechat, wechat.login("甲"))
    assert check(wechat, token, "好" * 2501)["errcode"] == 45002
    assert check(wechat, token, scene=5)["errcode"] == 40129
    assert check(wechat, token, version=1)["errcode"] == 47001
    assert check(wechat, token, openid="o" + "x" * 27)["errcode"] == 43104
