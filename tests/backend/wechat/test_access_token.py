from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic
from typing import Any

import pytest

from backend.wechat import tokens
from backend.wechat.accounts import WeChat
from backend.wechat.client import Client
from backend.wechat.errors import WeChatUnavailable
from backend.wechat.tokens import MemoryTokens
from backend.wechat.transport import CallFailed
from tests.backend.wechat.conftest import QUOTA, STABLE, ClientMaker, all_at_once
from tests.scripts.wechat_simulator.running import Simulator

PATH = "/wxa/getwxacode"


class UnlockedTokens(MemoryTokens):
    @contextmanager
    def lock(self) -> Iterator[None]:
        yield


def call(client: Client) -> Any:
    return client.quota(PATH)["errcode"]


def revoke(simulator: Simulator) -> None:
    """Somebody else forces a new token, so the present one dies."""
    body = {"grant_type": "client_credential", "appid": simulator.appid, "secret": simulator.secret}
    simulator.post(STABLE, body | {"force_refresh": True})


def own_fetches(simulator: Simulator) -> int:
    return sum("force_refresh" not in fetch["body"] for fetch in simulator.calls(STABLE))


def test_forty_first_callers_fetch_one_token(client: Client, simulator: Simulator) -> None:
    assert all_at_once(40, lambda _: call(client)) == [0] * 40
    assert own_fetches(simulator) == 1


def test_without_the_lock_first_callers_would_fetch_several(
    make_client: ClientMaker, simulator: Simulator
) -> None:
    """The control: the race that the lock prevents is real."""
    simulator.fault(STABLE, "delay", delay_ms=100, times=None)
    client = make_client(tokens=UnlockedTokens())
    all_at_once(10, lambda _: call(client))
    assert own_fetches(simulator) > 1


def test_twenty_callers_with_a_revoked_token_refresh_it_once(client: Client, simulator: Simulator) -> None:
    call(client)
    revoke(simulator)
    assert all_at_once(20, lambda _: call(client)) == [0] * 20
    assert own_fetches(simulator) == 2


def test_an_expired_token_is_replaced_unseen(client: Client, simulator: Simulator) -> None:
    call(client)
    simulator.advance(7200)
    assert call(client) == 0
    assert [made["errcode"] for made in simulator.calls(QUOTA)] == [0, 42001, 0]


@pytest.mark.parametrize("errcode", [40001, 40014, 42001])
def test_a_token_refused_for_ever_ends_after_two_tries(
    client: Client, simulator: Simulator, errcode: int
) -> None:
    simulator.fault(QUOTA, "errcode", errcode=errcode, times=None)
    with pytest.raises(CallFailed) as failed:
        call(client)
    assert failed.value.errcode == errcode
    assert len(simulator.calls(QUOTA)) == 2
    assert own_fetches(simulator) == 2


def test_a_token_refused_for_ever_makes_no_storm_of_fetches(client: Client, simulator: Simulator) -> None:
    simulator.fault(QUOTA, "errcode", errcode=40001, times=None)

    def try_to_call(_: int) -> int:
        with pytest.raises(CallFailed) as failed:
            call(client)
        return failed.value.errcode

    assert all_at_once(20, try_to_call) == [40001] * 20
    assert len(simulator.calls(QUOTA)) == 40
    assert own_fetches(simulator) == 2


@pytest.mark.parametrize("mode", ["errcode", "http500", "html200", "empty200", "jsonlist", "reset"])
def test_a_token_comes_with_the_third_try(client: Client, simulator: Simulator, mode: str) -> None:
    simulator.fault(STABLE, mode, times=2)
    assert call(client) == 0
    assert len(simulator.calls(STABLE)) == 3


def test_a_busy_wechat_is_asked_for_a_token_three_times_with_growing_pauses(
    client: Client, simulator: Simulator, pauses: list[float]
) -> None:
    simulator.fault(STABLE, "errcode", times=None)
    with pytest.raises(CallFailed):
        call(client)
    assert len(simulator.calls(STABLE)) == 3
    assert pauses == [0.2, 0.5]


def test_an_answer_without_a_token_is_no_success(client: Client, simulator: Simulator) -> None:
    simulator.fault(STABLE, "errcode", errcode=0, times=None)
    with pytest.raises(CallFailed):
        call(client)


@pytest.mark.parametrize("path", [STABLE, QUOTA])
def test_a_silent_wechat_fails_inside_the_time_out(
    hasty_wechat: WeChat, simulator: Simulator, path: str
) -> None:
    simulator.fault(path, "hang", delay_ms=5000, times=None)
    began = monotonic()
    with pytest.raises(WeChatUnavailable):
        hasty_wechat.check_reachable()
    assert monotonic() - began < 1.2
    assert len(simulator.calls(path)) == 1


def test_callers_do_not_queue_behind_a_fetch_that_hangs(
    make_client: ClientMaker, simulator: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tokens, "WAIT_SECONDS", 0.2)
    client = make_client(timeout=(1, 1))
    simulator.fault(STABLE, "hang", delay_ms=5000, times=None)
    began = monotonic()

    def try_to_call(_: int) -> str:
        with pytest.raises(CallFailed) as failed:
            call(client)
        return failed.value.reason

    reasons = all_at_once(10, try_to_call)
    assert monotonic() - began < 2
    assert sorted(set(reasons)) == ["ReadTimeout", "another caller's fetch takes too long"]
    assert len(simulator.calls(STABLE)) == 1


def test_a_token_is_given_up_five_minutes_early_but_kept_half_a_minute_at_least(
    make_client: ClientMaker, simulator: Simulator
) -> None:
    now = [0.0]
    kept = MemoryTokens(monotonic=lambda: now[0])
    client = make_client(tokens=kept)
    first = client.access_token
    now[0] = 6899
    assert client.access_token == first
    now[0] = 6900
    simulator.advance(6890)  # the simulator's token has 310 seconds left, 10 of them to use
    assert client.access_token == first
    assert own_fetches(simulator) == 2
    now[0] = 6929
    assert client.access_token == first
    assert own_fetches(simulator) == 2
    now[0] = 6930
    simulator.advance(30)
    assert client.access_token != first
    assert own_fetches(simulator) == 3
