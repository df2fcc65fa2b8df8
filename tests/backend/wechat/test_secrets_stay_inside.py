"""Whatever goes wrong, neither secret, token, code nor address shows in an error or a log."""

import logging
import traceback
from collections.abc import Iterator

import pytest
from structlog.testing import capture_logs

from backend.core.errors import DomainError
from backend.wechat.accounts import WeChat
from backend.wechat.client import Client
from backend.wechat.tokens import MemoryTokens
from backend.wechat.transport import Transport
from tests.backend.wechat.conftest import LOGIN, QUOTA, STABLE
from tests.scripts.wechat_simulator.running import Simulator

FAULTS = [
    ("hang", 0),
    ("delay", 0),
    ("reset", 0),
    ("redirect", 0),
    ("http500", 0),
    ("html200", 0),
    ("empty200", 0),
    ("jsonlist", 0),
    ("errcode_text", 40029),
    *(
        ("errcode", number)
        for number in (-1, 0, 40001, 40013, 40029, 40125, 40163, 40164, 40226, 45009, 99999)
    ),
]


def chain_of(error: BaseException | None) -> Iterator[BaseException]:
    """The error and all that stand behind it, shown or hidden."""
    while error is not None:
        yield error
        yield from chain_of(error.__cause__)
        error = error.__context__


def all_that_shows(error: BaseException, caplog: pytest.LogCaptureFixture) -> str:
    shown = ["".join(traceback.format_exception(error)), caplog.text]
    for part in chain_of(error):
        shown += [str(part), repr(part), repr(vars(part))]
    return "\n".join(shown)


def check_nothing_leaks(shown: str, *secrets: str) -> None:
    assert not [secret for secret in secrets if secret in shown], shown


@pytest.mark.parametrize(("mode", "errcode"), FAULTS)
def test_a_failed_sign_in_shows_nothing(
    hasty_wechat: WeChat, simulator: Simulator, caplog: pytest.LogCaptureFixture, mode: str, errcode: int
) -> None:
    caplog.set_level(logging.DEBUG)
    simulator.fault(
        LOGIN, mode, errcode=errcode, times=None, delay_ms=600 if mode in ("hang", "delay") else 0
    )
    code = simulator.login("甲")
    caplog.clear()  # what the test itself sent
    with capture_logs() as logged, pytest.raises(DomainError) as refused:
        hasty_wechat.sign_in(code)
    shown = all_that_shows(refused.value, caplog) + repr(logged)
    check_nothing_leaks(shown, code, simulator.secret, simulator.base_url)


@pytest.mark.parametrize("path", [STABLE, QUOTA])
@pytest.mark.parametrize(("mode", "errcode"), [fault for fault in FAULTS if fault != ("errcode", 0)])
def test_a_failed_call_with_a_token_shows_nothing(
    hasty_wechat: WeChat,
    simulator: Simulator,
    caplog: pytest.LogCaptureFixture,
    path: str,
    mode: str,
    errcode: int,
) -> None:
    caplog.set_level(logging.DEBUG)
    token = hasty_wechat._client.access_token
    if path == STABLE:
        simulator.advance(7200)  # the token must be fetched anew
    simulator.fault(path, mode, errcode=errcode, times=None, delay_ms=600 if mode in ("hang", "delay") else 0)
    caplog.clear()
    with capture_logs() as logged, pytest.raises(DomainError) as refused:
        hasty_wechat.check_reachable()
    shown = all_that_shows(refused.value, caplog) + repr(logged)
    check_nothing_leaks(shown, token, simulator.secret, simulator.base_url)


def test_an_unreachable_wechat_shows_nothing(simulator: Simulator, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    nobody = "http://127.0.0.1:9"
    with Transport(nobody, (1, 1)) as transport:
        client = Client(simulator.appid, simulator.secret, transport=transport, tokens=MemoryTokens())
        for work in (lambda: WeChat(client).sign_in("c" * 32), WeChat(client).check_reachable):
            with capture_logs() as logged, pytest.raises(DomainError) as refused:
                work()
            shown = all_that_shows(refused.value, caplog) + repr(logged)
            check_nothing_leaks(shown, "c" * 32, simulator.secret, nobody)


def test_a_successful_sign_in_logs_nothing(
    wechat: WeChat, simulator: Simulator, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    code = simulator.login("甲")
    caplog.clear()
    with capture_logs() as logged:
        wechat.sign_in(code)
        wechat.check_reachable()
    assert logged == []
    check_nothing_leaks(caplog.text, code, simulator.secret, "access_token=")
