"""A message leaves once: what WeChat did not take is told apart from what it may have taken."""

import pytest
from structlog.testing import capture_logs

from backend.wechat.accounts import WeChat
from backend.wechat.messages import SendOutcome, Sent
from backend.wechat.transport import Transport
from tests.backend.wechat.conftest import SEND, STABLE, ClientMaker, Watch
from tests.scripts.wechat_simulator.running import Simulator

TEMPLATE = "TemplateOfTheTests00000000000000000000000001"
PAGE = "pages/vouchers/index"


@pytest.fixture
def openid(simulator: Simulator) -> str:
    simulator.control("templates", id=TEMPLATE, fields=["thing1", "date2"])
    simulator.control("pages", pages=[PAGE])
    simulator.subscribe("甲", **{TEMPLATE: "accept"})
    return simulator.openid("甲")


def send(wechat: WeChat, openid: str, page: str | None = PAGE, thing: str = "借书免押金") -> Sent:
    data = {"thing1": thing, "date2": "2026年11月22日"}
    return wechat.send_message(openid=openid, template_id=TEMPLATE, page=page, data=data)


def test_a_message_arrives_as_it_was_written(wechat: WeChat, simulator: Simulator, openid: str) -> None:
    sent = send(wechat, openid)
    (arrived,) = simulator.inbox("甲")
    assert sent == Sent(SendOutcome.SENT, str(arrived["msgid"]))
    assert arrived["data"] == {"thing1": "借书免押金", "date2": "2026年11月22日"}
    assert arrived["page"] == PAGE


def test_an_agreement_is_good_for_one_message(wechat: WeChat, simulator: Simulator, openid: str) -> None:
    assert send(wechat, openid).outcome is SendOutcome.SENT
    assert send(wechat, openid).outcome is SendOutcome.REFUSED
    assert len(simulator.inbox("甲")) == 1


def test_an_account_of_elsewhere_is_a_bad_address(wechat: WeChat, openid: str) -> None:
    assert send(wechat, "o" + "x" * 27).outcome is SendOutcome.BAD_ADDRESS


def test_a_page_that_is_not_released_is_left_out(wechat: WeChat, simulator: Simulator, openid: str) -> None:
    with capture_logs() as logged:
        assert send(wechat, openid, page="pages/nowhere").outcome is SendOutcome.SENT
    (arrived,) = simulator.inbox("甲")
    assert arrived["page"] is None
    assert [line["event"] for line in logged] == ["wechat.message_page_unknown"]


@pytest.mark.parametrize("errcode", [47003, 40037, 45168, 41030, 99999])
def test_what_wechat_will_never_take_alarms_and_is_not_repeated(
    wechat: WeChat, simulator: Simulator, openid: str, errcode: int
) -> None:
    simulator.fault(SEND, "errcode", errcode=errcode, times=None)
    with capture_logs() as logged:
        assert send(wechat, openid, page=None).outcome is SendOutcome.REJECTED
    assert [line["log_level"] for line in logged] == ["error"]
    assert len(simulator.calls(SEND)) == 1


def test_a_field_that_breaks_its_rule_is_rejected_by_wechat(wechat: WeChat, openid: str) -> None:
    assert send(wechat, openid, thing="长" * 21).outcome is SendOutcome.REJECTED


@pytest.mark.parametrize(("busy", "calls"), [(1, 2), (2, 3)])
def test_a_busy_wechat_is_asked_again(
    wechat: WeChat, simulator: Simulator, openid: str, busy: int, calls: int
) -> None:
    simulator.fault(SEND, "errcode", times=busy)
    assert send(wechat, openid).outcome is SendOutcome.SENT
    assert len(simulator.calls(SEND)) == calls
    assert len(simulator.inbox("甲")) == 1


def test_one_that_stays_busy_gets_the_message_later(
    wechat: WeChat, simulator: Simulator, openid: str
) -> None:
    simulator.fault(SEND, "errcode", times=None)
    assert send(wechat, openid) == Sent(SendOutcome.LATER, retry_after=5)
    assert len(simulator.calls(SEND)) == 3


@pytest.mark.parametrize(
    "mode",
    ["hang", "reset", "half", "http500", "html200", "empty200", "jsonlist", "errcode_text", "redirect"],
)
def test_an_unclear_end_is_unknown_and_not_repeated(
    wechat: WeChat, simulator: Simulator, openid: str, mode: str
) -> None:
    simulator.fault(SEND, mode, times=None)
    assert send(wechat, openid).outcome is SendOutcome.UNKNOWN
    assert len(simulator.calls(SEND)) == 1


def test_an_answer_without_errcode_is_unknown(wechat: WeChat, simulator: Simulator, openid: str) -> None:
    simulator.fault(SEND, "answer", body={"errmsg": "ok"})
    assert send(wechat, openid).outcome is SendOutcome.UNKNOWN


def test_an_answer_that_came_too_late_left_one_message(
    make_client: ClientMaker, simulator: Simulator, openid: str
) -> None:
    simulator.fault(SEND, "delay", delay_ms=700)
    assert send(WeChat(make_client(timeout=(0.4, 0.4))), openid).outcome is SendOutcome.UNKNOWN
    assert len(simulator.inbox("甲")) == 1


def test_a_wechat_that_nobody_answers_for_gets_it_later(
    make_client: ClientMaker, simulator: Simulator
) -> None:
    client = make_client()
    assert client.access_token
    client._http = Transport("http://127.0.0.1:9", (1, 1))
    assert send(WeChat(client), "o" + "x" * 27).outcome is SendOutcome.LATER
    client._http.close()


@pytest.mark.parametrize("mode", ["hang", "reset", "http500"])
def test_without_a_token_nothing_has_left(
    wechat: WeChat, simulator: Simulator, openid: str, mode: str
) -> None:
    simulator.fault(STABLE, mode, times=None)
    assert send(wechat, openid).outcome is SendOutcome.LATER
    assert simulator.calls(SEND) == []


@pytest.mark.parametrize(("errcode", "seconds"), [(45009, 60), (44991, 60), (40164, 300), (43108, 3600)])
def test_a_limit_or_a_refused_configuration_sends_it_later(
    watched_wechat: WeChat, watch: Watch, simulator: Simulator, openid: str, errcode: int, seconds: int
) -> None:
    watch.at = watch.at.replace(hour=15, minute=59, second=0, microsecond=0)
    simulator.fault(SEND, "errcode", errcode=errcode, times=None)
    assert send(watched_wechat, openid) == Sent(SendOutcome.LATER, retry_after=seconds)


def test_a_token_revoked_meanwhile_is_replaced_and_one_message_arrives(
    wechat: WeChat, simulator: Simulator, openid: str
) -> None:
    simulator.fault(SEND, "errcode", errcode=40001)
    assert send(wechat, openid).outcome is SendOutcome.SENT
    assert len(simulator.inbox("甲")) == 1
