import logging
import re
from datetime import timedelta

import pytest

from backend.wechat.accounts import WeChat
from backend.wechat.errors import WeChatPhoneCodeInvalid, WeChatUnavailable
from tests.backend.wechat.conftest import PHONE, ClientMaker, Watch
from tests.scripts.wechat_simulator.running import Simulator


def test_a_tap_brings_the_number_with_its_country(wechat: WeChat, simulator: Simulator) -> None:
    code = simulator.tap_phone("甲", number="13912345678")
    assert wechat.phone_number(code) == "+8613912345678"
    assert wechat.phone_number(simulator.tap_phone("甲", number="61234567", country="852")) == "+85261234567"


def test_the_country_code_is_understood_as_text_and_as_number(wechat: WeChat, simulator: Simulator) -> None:
    numbers = [wechat.phone_number(simulator.tap_phone("甲")) for _ in range(2)]
    assert numbers[0] == numbers[1]
    assert re.fullmatch(r"\+86190\d{8}", numbers[0])


def test_a_code_works_once_for_five_minutes_and_is_no_sign_in_code(
    wechat: WeChat, simulator: Simulator
) -> None:
    used, old = simulator.tap_phone("甲"), simulator.tap_phone("甲")
    wechat.phone_number(used)
    simulator.advance(300)
    foreign = simulator.tap_phone("甲", appid="wx0000000000000002")
    for code in (used, old, foreign, simulator.login("甲"), "f" * 64, "", "a b", "码", "x" * 257):
        with pytest.raises(WeChatPhoneCodeInvalid):
            wechat.phone_number(code)


def test_a_foreign_code_alarms_nobody_and_holds_nobody_up(wechat: WeChat, simulator: Simulator) -> None:
    for _ in range(6):
        with pytest.raises(WeChatPhoneCodeInvalid):
            wechat.phone_number(simulator.tap_phone("甲", appid="wx0000000000000002"))
    assert wechat.phone_number(simulator.tap_phone("甲"))


def test_an_answer_that_came_too_late_asks_for_another_tap(
    make_client: ClientMaker, simulator: Simulator
) -> None:
    wechat = WeChat(make_client(timeout=(0.4, 0.4)))
    simulator.fault(PHONE, "delay", delay_ms=700)
    with pytest.raises(WeChatPhoneCodeInvalid):
        wechat.phone_number(simulator.tap_phone("甲"))
    assert [call["errcode"] for call in simulator.calls(PHONE)] == [0, 40029]


@pytest.mark.parametrize("minutes", [-5, 0, 5])
def test_clocks_may_be_five_minutes_apart(
    watched_wechat: WeChat, watch: Watch, simulator: Simulator, minutes: int
) -> None:
    watch.at += timedelta(minutes=minutes)
    assert watched_wechat.phone_number(simulator.tap_phone("甲"))


@pytest.mark.parametrize("minutes", [-15, 15])
def test_a_number_fifteen_minutes_away_is_refused(
    watched_wechat: WeChat, watch: Watch, simulator: Simulator, minutes: int
) -> None:
    watch.at += timedelta(minutes=minutes)
    with pytest.raises(WeChatUnavailable):
        watched_wechat.phone_number(simulator.tap_phone("甲"))


@pytest.mark.parametrize(
    "change",
    [
        {"watermark": {"appid": "wx0000000000000002", "timestamp": 4102444800}},
        {"watermark": None},
        {"watermark": {"appid": "wx1234567890abcdef", "timestamp": "soon"}},
        {"purePhoneNumber": ""},
        {"purePhoneNumber": "1391234567x"},
        {"countryCode": None},
    ],
)
def test_an_answer_that_is_not_wholly_ours_is_no_number(
    wechat: WeChat, simulator: Simulator, caplog: pytest.LogCaptureFixture, change: dict[str, object]
) -> None:
    caplog.set_level(logging.DEBUG)
    found = {
        "purePhoneNumber": "13912345678",
        "countryCode": "86",
        "watermark": {"appid": simulator.appid, "timestamp": 4102444800},
    }
    body = {"errcode": 0, "errmsg": "ok", "phone_info": found | change}
    simulator.fault(PHONE, "answer", body=body, times=None)
    with pytest.raises(WeChatUnavailable) as refused:
        wechat.phone_number("c" * 32)
    assert "1391234567" not in caplog.text + repr(vars(refused.value))


def test_without_quota_the_phone_itself_says_so(simulator: Simulator) -> None:
    simulator.control("phone-quota", left=1)
    assert simulator.tap_phone("甲")
    assert simulator.control("phone", user="甲")["errno"] == 1400001
