"""A kind of call that fails is held back; the others go on, and it comes back by itself."""

from threading import Event
from typing import Any

import pytest
from prometheus_client import REGISTRY
from structlog.testing import capture_logs

from backend.core.errors import DomainError
from backend.wechat.accounts import WeChat
from backend.wechat.doors import BROKEN_SECONDS, CONFIGURATION_SECONDS, UNCLEAR_IN_A_ROW
from backend.wechat.errors import WeChatCodeInvalid, WeChatUnavailable
from tests.backend.wechat.conftest import (
    CODE,
    FACE_BEGIN,
    LOGIN,
    PHONE,
    STABLE,
    ClientMaker,
    Watch,
    all_at_once,
)
from tests.scripts.wechat_simulator.running import Simulator

TRIES_OF_A_SIGN_IN = 2


def fail_to_sign_in(wechat: WeChat, code: str = "f" * 32) -> int:
    """Seconds until asking again makes sense."""
    with pytest.raises(WeChatUnavailable) as refused:
        wechat.sign_in(code)
    seconds: int = refused.value.data["retry_after"]
    return seconds


def break_sign_in(wechat: WeChat, simulator: Simulator, **options: Any) -> None:
    simulator.fault(LOGIN, "http500", times=UNCLEAR_IN_A_ROW * TRIES_OF_A_SIGN_IN, **options)
    for _ in range(UNCLEAR_IN_A_ROW):
        fail_to_sign_in(wechat)


def gauge(kind: str) -> float | None:
    return REGISTRY.get_sample_value("wechat_door_closed", {"kind": kind})


def test_after_five_unclear_ends_wechat_is_left_alone_for_a_while(
    watched_wechat: WeChat, watch: Watch, simulator: Simulator
) -> None:
    with capture_logs() as logged:
        break_sign_in(watched_wechat, simulator)
    assert [line["kind"] for line in logged if line["event"] == "wechat.door_closed"] == ["sign_in"]
    calls = len(simulator.calls(LOGIN))
    watch.pass_by(4.5)
    assert fail_to_sign_in(watched_wechat) == BROKEN_SECONDS - 4
    assert len(simulator.calls(LOGIN)) == calls
    assert gauge("sign_in") == 1


def test_four_unclear_ends_and_a_clear_one_close_nothing(
    watched_wechat: WeChat, simulator: Simulator
) -> None:
    """A refused code is a clear answer: WeChat is well."""
    for _ in range(3):
        simulator.fault(LOGIN, "http500", times=(UNCLEAR_IN_A_ROW - 1) * TRIES_OF_A_SIGN_IN)
        for _ in range(UNCLEAR_IN_A_ROW - 1):
            fail_to_sign_in(watched_wechat)
        with pytest.raises(WeChatCodeInvalid):
            watched_wechat.sign_in("f" * 32)


def test_a_success_after_the_pause_opens_the_door(
    watched_wechat: WeChat, watch: Watch, simulator: Simulator
) -> None:
    break_sign_in(watched_wechat, simulator)
    watch.pass_by(BROKEN_SECONDS)
    assert watched_wechat.sign_in(simulator.login("甲")).openid
    assert gauge("sign_in") == 0
    simulator.fault(LOGIN, "http500", times=TRIES_OF_A_SIGN_IN)
    fail_to_sign_in(watched_wechat)
    assert watched_wechat.sign_in(simulator.login("甲")).openid


def test_a_failure_after_the_pause_closes_the_door_again(
    watched_wechat: WeChat, watch: Watch, simulator: Simulator
) -> None:
    break_sign_in(watched_wechat, simulator)
    watch.pass_by(BROKEN_SECONDS)
    simulator.fault(LOGIN, "http500", times=TRIES_OF_A_SIGN_IN)
    assert fail_to_sign_in(watched_wechat) == BROKEN_SECONDS
    calls = len(simulator.calls(LOGIN))
    fail_to_sign_in(watched_wechat)
    assert len(simulator.calls(LOGIN)) == calls


def test_one_call_tries_while_the_others_wait_for_its_end(
    watched_wechat: WeChat, watch: Watch, simulator: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    break_sign_in(watched_wechat, simulator)
    watch.pass_by(BROKEN_SECONDS)
    tried, refused = [], Event()
    exchange = watched_wechat._exchange

    def slow_exchange(code: str) -> Any:
        tried.append(code)
        assert refused.wait(10)
        return exchange(code)

    monkeypatch.setattr(watched_wechat, "_exchange", slow_exchange)
    codes = [simulator.login("甲") for _ in range(6)]

    def sign_in(number: int) -> bool:
        try:
            return bool(watched_wechat.sign_in(codes[number]).openid)
        except WeChatUnavailable:
            refused.set()
            return False

    assert sum(all_at_once(6, sign_in)) == 1
    assert len(tried) == 1


def test_an_unforeseen_error_does_not_keep_the_door_shut(
    watched_wechat: WeChat, watch: Watch, simulator: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    break_sign_in(watched_wechat, simulator)
    watch.pass_by(BROKEN_SECONDS)
    with monkeypatch.context() as broken:
        broken.setattr(watched_wechat, "_exchange", lambda _code: 1 // 0)
        with pytest.raises(ZeroDivisionError):
            watched_wechat.sign_in("f" * 32)
    assert watched_wechat.sign_in(simulator.login("甲")).openid


def test_a_dead_face_check_does_not_close_sign_in_or_phone(
    watched_wechat: WeChat, simulator: Simulator
) -> None:
    openid = simulator.openid("甲")
    simulator.fault(FACE_BEGIN, "reset", times=None)
    for number in range(UNCLEAR_IN_A_ROW + 2):
        with pytest.raises(WeChatUnavailable):
            watched_wechat.begin_face_check(
                openid=openid, name="张三", id_number="310101199801011234", number=f"check-{number}"
            )
    assert len(simulator.calls(FACE_BEGIN)) == UNCLEAR_IN_A_ROW
    assert watched_wechat.sign_in(simulator.login("甲")).openid == openid
    assert watched_wechat.phone_number(simulator.tap_phone("甲"))


def test_a_token_that_cannot_be_had_is_asked_for_five_times_by_all_kinds_together(
    watched_wechat: WeChat, simulator: Simulator
) -> None:
    """Each time with its two repetitions; sign-in, which needs no token, goes on."""
    simulator.fault(STABLE, "http500", times=None)
    for _ in range(4):
        for ask in (
            lambda: watched_wechat.phone_number("c" * 32),
            lambda: watched_wechat.mini_program_code(scene="a", page="pages/index/index"),
        ):
            with pytest.raises(WeChatUnavailable):
                ask()
    assert len(simulator.calls(STABLE)) == UNCLEAR_IN_A_ROW * 3
    assert gauge("token") == 1
    assert watched_wechat.sign_in(simulator.login("甲")).openid


@pytest.mark.parametrize("errcode", [40164, 40125, 40243, 48001, 89503])
def test_a_refused_configuration_alarms_once_and_closes_its_door_for_five_minutes(
    watched_wechat: WeChat, watch: Watch, simulator: Simulator, errcode: int
) -> None:
    simulator.fault(PHONE, "errcode", errcode=errcode, times=None)
    with capture_logs() as logged:
        for _ in range(4):
            with pytest.raises(WeChatUnavailable) as refused:
                watched_wechat.phone_number(simulator.tap_phone("甲"))
    assert [line["event"] for line in logged] == ["wechat.refuses_our_calls"]
    assert refused.value.data == {"retry_after": CONFIGURATION_SECONDS}
    assert len(simulator.calls(PHONE)) == 1
    assert watched_wechat.sign_in(simulator.login("甲")).openid
    watch.pass_by(CONFIGURATION_SECONDS)
    simulator.control("reset")
    assert watched_wechat.phone_number(simulator.tap_phone("甲"))


def test_a_used_up_day_holds_a_kind_back_until_midnight_in_china(
    watched_wechat: WeChat, watch: Watch, simulator: Simulator
) -> None:
    watch.at = watch.at.replace(hour=15, minute=59, second=0, microsecond=0)  # 23:59 in China
    simulator.fault(FACE_BEGIN, "errcode", errcode=45009)
    person = {"openid": simulator.openid("甲"), "name": "张三", "id_number": "310101199801011234"}
    for waits in (60, 60 - 59):
        with pytest.raises(WeChatUnavailable) as refused:
            watched_wechat.begin_face_check(**person, number="check-1")
        assert refused.value.data == {"retry_after": waits}
        watch.pass_by(59)
    assert len(simulator.calls(FACE_BEGIN)) == 1
    assert watched_wechat.begin_face_check(**person, number="check-1")


def test_for_codes_the_same_number_means_a_minute(
    watched_wechat: WeChat, watch: Watch, simulator: Simulator
) -> None:
    watch.at = watch.at.replace(hour=1, second=40)
    simulator.fault(CODE, "errcode", errcode=45009)
    with pytest.raises(WeChatUnavailable) as refused:
        watched_wechat.mini_program_code(scene="a", page="pages/index/index")
    assert refused.value.data == {"retry_after": 20}


def test_one_person_who_signs_in_too_often_locks_nobody_else_out(
    watched_wechat: WeChat, simulator: Simulator
) -> None:
    simulator.fault(LOGIN, "errcode", errcode=45011)
    fail_to_sign_in(watched_wechat)
    assert watched_wechat.sign_in(simulator.login("乙")).openid


@pytest.mark.parametrize("errcode", [40029, 40163, 40226])
def test_refused_persons_close_no_door(watched_wechat: WeChat, simulator: Simulator, errcode: int) -> None:
    simulator.fault(LOGIN, "errcode", errcode=errcode, times=20)
    for _ in range(20):
        with pytest.raises(DomainError):
            watched_wechat.sign_in("f" * 32)
    assert watched_wechat.sign_in(simulator.login("甲")).openid


def test_a_wechat_that_fails_now_and_then_is_asked_on(make_client: ClientMaker, simulator: Simulator) -> None:
    """A quarter of all calls fails: repetitions carry nearly everybody through, no door closes for long."""
    simulator.fault(LOGIN, "reset", times=None, share=0.25)
    wechat = WeChat(make_client())
    signed_in = 0
    for _ in range(40):
        try:
            signed_in += bool(wechat.sign_in(simulator.login("甲")).openid)
        except WeChatUnavailable:
            continue
    assert signed_in >= 34
