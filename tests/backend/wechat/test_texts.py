from typing import Any

import pytest

from backend.wechat.accounts import WeChat
from backend.wechat.texts import LONGEST, OVERLAP, TextScene, TextVerdict, split
from tests.backend.wechat.conftest import TEXT
from tests.scripts.wechat_simulator.running import Simulator


@pytest.fixture
def openid(wechat: WeChat, simulator: Simulator) -> str:
    """Somebody who has the mini-program open."""
    return wechat.sign_in(simulator.login("甲")).openid


def judge(wechat: WeChat, openid: str, text: str) -> TextVerdict:
    return wechat.check_text(openid=openid, text=text, scene=TextScene.FORUM)


def test_wechat_judges_by_what_the_text_says(wechat: WeChat, openid: str) -> None:
    assert judge(wechat, openid, "图书馆的座位很好找") is TextVerdict.PASS
    assert judge(wechat, openid, "请看 [sim:review]") is TextVerdict.REVIEW
    assert judge(wechat, openid, "请看 [sim:risky]") is TextVerdict.RISKY


def test_a_long_text_is_judged_in_pieces_by_the_worst(
    wechat: WeChat, simulator: Simulator, openid: str
) -> None:
    assert judge(wechat, openid, "好" * 6000) is TextVerdict.PASS
    assert len(simulator.calls(TEXT)) == 3
    assert judge(wechat, openid, "好" * 5000 + "[sim:review]") is TextVerdict.REVIEW
    assert judge(wechat, openid, "[sim:review]" + "好" * 5000 + "[sim:risky]") is TextVerdict.RISKY


def test_a_mark_cut_in_two_is_whole_in_the_next_piece(wechat: WeChat, openid: str) -> None:
    assert judge(wechat, openid, "好" * (LONGEST - 5) + "[sim:risky]" + "好" * 500) is TextVerdict.RISKY


@pytest.mark.parametrize("length", [0, 1, LONGEST, LONGEST + 1, 2 * LONGEST - OVERLAP, 2 * LONGEST, 9999])
def test_the_pieces_cover_the_text_and_overlap(length: int) -> None:
    text = "".join(chr(0x4E00 + number) for number in range(length))
    pieces = list(split(text))
    assert all(len(piece) <= LONGEST for piece in pieces)
    assert pieces[0] + "".join(piece[OVERLAP:] for piece in pieces[1:]) == text
    assert all(piece[OVERLAP:] for piece in pieces[1:])


def test_a_book_is_for_people_and_not_asked_about(wechat: WeChat, simulator: Simulator, openid: str) -> None:
    assert judge(wechat, openid, "好" * 30_000) is TextVerdict.REVIEW
    assert simulator.calls(TEXT) == []


def test_without_a_clear_verdict_people_decide(wechat: WeChat, simulator: Simulator, openid: str) -> None:
    assert judge(wechat, "o" + "x" * 27, "好") is TextVerdict.REVIEW  # not an account here
    assert judge(wechat, openid, "[sim:text-labels]") is TextVerdict.REVIEW
    simulator.advance(2 * 3600 + 1)  # 61010: not opened for two hours
    assert judge(wechat, openid, "好") is TextVerdict.REVIEW


@pytest.mark.parametrize("errcode", [-1, 61010, 45009, 44991, 40129, 43104, 40001, 40164, 99999])
def test_no_refusal_of_wechat_passes_a_text(
    wechat: WeChat, simulator: Simulator, openid: str, errcode: int
) -> None:
    simulator.fault(TEXT, "errcode", errcode=errcode, times=None)
    assert judge(wechat, openid, "好") is TextVerdict.REVIEW


@pytest.mark.parametrize("mode", ["reset", "http500", "html200", "empty200", "jsonlist", "half"])
def test_no_outage_passes_a_text(wechat: WeChat, simulator: Simulator, openid: str, mode: str) -> None:
    simulator.fault(TEXT, mode, times=None)
    assert judge(wechat, openid, "好") is TextVerdict.REVIEW


CLEAN = {"suggest": "pass", "label": 100}


@pytest.mark.parametrize(
    "body",
    [
        {"errcode": 0},
        {"errcode": 0, "result": None},
        {"errcode": 0, "result": {"suggest": "pass"}},
        {"errcode": 0, "result": {"suggest": "ok", "label": 100}},
        {"errcode": 0, "result": {"suggest": "pass", "label": 20001}},
        {"errcode": 0, "result": {"suggest": "risky", "label": "20001"}},
        {"errcode": 0, "result": {"suggest": ["pass"], "label": 100}},
        {"errcode": 0, "result": CLEAN, "detail": [{"suggest": "risky", "label": 20001}]},
        {"errcode": 0, "result": CLEAN, "detail": "none"},
        {"result": CLEAN},
    ],
)
def test_errcode_zero_is_not_clean(
    wechat: WeChat, simulator: Simulator, openid: str, body: dict[str, Any]
) -> None:
    simulator.fault(TEXT, "answer", body=body, times=None)
    assert judge(wechat, openid, "好") is TextVerdict.REVIEW
