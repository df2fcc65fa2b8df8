from datetime import UTC, datetime
from time import monotonic

import pytest
from structlog.testing import capture_logs

from backend.core.errors import Kind
from backend.wechat.accounts import WeChat, build_wechat
from backend.wechat.errors import WeChatAccountBlocked, WeChatCodeInvalid, WeChatUnavailable
from tests.backend.wechat.conftest import LOGIN, QUOTA, STABLE, Watch
from tests.scripts.wechat_simulator.running import Simulator

BROKEN_ANSWERS = ["reset", "redirect", "http500", "html200", "empty200", "jsonlist", "errcode_text"]


def test_a_person_signs_in_with_a_code(wechat: WeChat, simulator: Simulator) -> None:
    openid = simulator.person("甲")["openid"]
    account = wechat.sign_in(simulator.login("甲"))
    assert account.openid == openid
    assert account.unionid is None


def test_a_person_known_across_mini_programs_has_a_unionid(wechat: WeChat, simulator: Simulator) -> None:
    simulator.person("甲", unionid=True)
    assert wechat.sign_in(simulator.login("甲")).unionid


def test_an_account_cannot_be_read_from_a_log_line(wechat: WeChat, simulator: Simulator) -> None:
    simulator.person("甲", unionid=True)
    assert repr(wechat.sign_in(simulator.login("甲"))) == "WeChatAccount()"


def test_a_code_signs_in_once(wechat: WeChat, simulator: Simulator) -> None:
    code = simulator.login("甲")
    wechat.sign_in(code)
    with pytest.raises(WeChatCodeInvalid) as refused:
        wechat.sign_in(code)
    assert refused.value.kind is Kind.UNAUTHENTICATED


def test_an_old_or_invented_code_is_refused(wechat: WeChat, simulator: Simulator) -> None:
    old = simulator.login("甲")
    simulator.advance(300)
    for code in (old, "f" * 32):
        with pytest.raises(WeChatCodeInvalid):
            wechat.sign_in(code)


@pytest.mark.parametrize("code", ["", " ", "a\nb", "码", "\ud800", "x" * 257])
def test_what_cannot_be_a_code_never_reaches_wechat(wechat: WeChat, simulator: Simulator, code: str) -> None:
    with pytest.raises(WeChatCodeInvalid):
        wechat.sign_in(code)
    assert simulator.calls(LOGIN) == []


def test_a_blocked_person_reads_nothing_about_the_reason(wechat: WeChat, simulator: Simulator) -> None:
    simulator.person("甲", high_risk=True)
    with pytest.raises(WeChatAccountBlocked) as refused:
        wechat.sign_in(simulator.login("甲"))
    assert refused.value.kind is Kind.FORBIDDEN
    assert "风险" not in refused.value.detail


def test_signing_in_needs_no_access_token(wechat: WeChat, simulator: Simulator) -> None:
    wechat.sign_in(simulator.login("甲"))
    (call,) = simulator.calls(LOGIN)
    assert set(call["query"]) == {"appid", "secret", "js_code", "grant_type"}
    assert simulator.calls(STABLE) == []


@pytest.mark.parametrize("mode", BROKEN_ANSWERS)
def test_one_broken_answer_is_made_good_by_a_second_try(
    wechat: WeChat, simulator: Simulator, mode: str
) -> None:
    simulator.fault(LOGIN, mode)
    assert wechat.sign_in(simulator.login("甲")).openid
    assert len(simulator.calls(LOGIN)) == 2


@pytest.mark.parametrize("mode", [*BROKEN_ANSWERS, "errcode"])
def test_after_two_broken_answers_the_person_is_asked_to_wait(
    wechat: WeChat, simulator: Simulator, mode: str
) -> None:
    simulator.fault(LOGIN, mode, times=None)
    with pytest.raises(WeChatUnavailable) as refused:
        wechat.sign_in(simulator.login("甲"))
    assert refused.value.data == {"retry_after": 5}
    assert len(simulator.calls(LOGIN)) == 2


def test_an_account_without_an_openid_is_no_account(wechat: WeChat, simulator: Simulator) -> None:
    """Errcode 0 alone, without the fields of an account."""
    simulator.fault(LOGIN, "errcode", errcode=0, times=None)
    with pytest.raises(WeChatUnavailable):
        wechat.sign_in(simulator.login("甲"))


def test_a_code_used_by_an_answer_that_came_too_late_asks_for_a_fresh_one(
    hasty_wechat: WeChat, simulator: Simulator
) -> None:
    simulator.fault(LOGIN, "delay", delay_ms=700)
    with pytest.raises(WeChatCodeInvalid):
        hasty_wechat.sign_in(simulator.login("甲"))
    assert [call["errcode"] for call in simulator.calls(LOGIN)] == [0, 40163]


def test_a_silent_wechat_holds_a_person_for_two_time_outs_at_most(
    hasty_wechat: WeChat, simulator: Simulator
) -> None:
    simulator.fault(LOGIN, "hang", delay_ms=5000, times=None)
    began = monotonic()
    with pytest.raises(WeChatUnavailable):
        hasty_wechat.sign_in(simulator.login("甲"))
    assert 0.8 <= monotonic() - began < 2


@pytest.mark.parametrize(
    ("errcode", "seconds"), [(44990, 1), (44991, 17), (45011, 17), (45009, 8 * 3600 + 17)]
)
def test_a_limit_of_wechat_tells_how_long_its_window_lasts(
    watched_wechat: WeChat, watch: Watch, simulator: Simulator, errcode: int, seconds: int
) -> None:
    watch.at = datetime(2026, 11, 20, 7, 59, 43, tzinfo=UTC)  # 15:59:43 in China
    simulator.fault(LOGIN, "errcode", errcode=errcode)
    with pytest.raises(WeChatUnavailable) as refused:
        watched_wechat.sign_in(simulator.login("甲"))
    assert refused.value.data == {"retry_after": seconds}
    assert len(simulator.calls(LOGIN)) == 1


@pytest.mark.parametrize("errcode", [40013, 40125, 40164, 40243, 50007, 89503])
def test_a_refused_configuration_alarms_operations_and_is_not_retried(
    wechat: WeChat, simulator: Simulator, errcode: int
) -> None:
    simulator.fault(LOGIN, "errcode", errcode=errcode)
    with capture_logs() as logged, pytest.raises(WeChatUnavailable):
        wechat.sign_in(simulator.login("甲"))
    (line,) = logged
    assert line.pop("rid").count("-") == 2
    assert line == {
        "event": "wechat.refuses_our_calls",
        "log_level": "error",
        "kind": "sign_in",
        "errcode": errcode,
    }
    assert len(simulator.calls(LOGIN)) == 1


def test_wechat_is_reachable_when_secret_and_token_are_right(wechat: WeChat, simulator: Simulator) -> None:
    wechat.check_reachable()
    assert [call["errcode"] for call in simulator.calls(QUOTA)] == [0]


def test_wechat_counts_as_out_of_reach_with_a_wrong_secret(simulator: Simulator) -> None:
    wechat = build_wechat(appid=simulator.appid, secret="old", base_url=simulator.base_url, redis=None)
    with pytest.raises(WeChatUnavailable) as refused:
        wechat.check_reachable()
    assert refused.value.data == {"retry_after": 300}
    assert [call["errcode"] for call in simulator.calls(STABLE)] == [40125]
