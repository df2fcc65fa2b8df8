"""However an answer comes or does not come, a call ends in time and as `CallFailed`."""

from time import monotonic
from typing import Any

import pytest

from backend.wechat.client import Client
from backend.wechat.transport import CallFailed, Transport
from tests.backend.wechat.conftest import LOGIN, QUOTA, STABLE, ClientMaker
from tests.scripts.wechat_simulator.running import Simulator


def fail(client: Client, path: str = QUOTA) -> CallFailed:
    with pytest.raises(CallFailed) as failed:
        client.call(path.removeprefix("/"), {"cgi_path": "/wxa/getwxacode"})
    return failed.value


def test_an_answer_that_drips_ends_with_the_time_out(make_client: ClientMaker, simulator: Simulator) -> None:
    """Every byte comes in time, the whole never does."""
    client = make_client(timeout=(0.5, 0.5))
    assert client.access_token
    simulator.fault(QUOTA, "drip", delay_ms=100)
    began = monotonic()
    failed = fail(client)
    assert monotonic() - began < 2
    assert failed.timed_out
    assert failed.in_doubt


def test_a_slow_answer_in_time_is_an_answer(make_client: ClientMaker, simulator: Simulator) -> None:
    client = make_client(timeout=(2, 5))
    simulator.fault(QUOTA, "drip", delay_ms=2)
    assert client.quota("/wxa/getwxacode")["errcode"] == 0


def test_a_connection_is_used_again_after_an_answer(client: Client, simulator: Simulator) -> None:
    for _ in range(3):
        client.quota("/wxa/getwxacode")
    pools = client._http.get_adapter(simulator.base_url).poolmanager.pools
    (key,) = pools.keys()
    pool = pools[key]
    assert pool.num_connections == 1
    assert pool.num_requests == 4


@pytest.mark.parametrize(
    ("mode", "in_doubt"),
    [
        ("hang", True),
        ("reset", True),
        ("half", True),
        ("redirect", True),
        ("http500", True),
        ("html200", True),
        ("empty200", True),
        ("jsonlist", True),
        ("errcode_text", True),
        ("errcode", False),
    ],
)
def test_a_failure_tells_whether_the_call_may_have_worked(
    make_client: ClientMaker, simulator: Simulator, mode: str, in_doubt: bool
) -> None:
    client = make_client(timeout=(0.4, 0.4))
    assert client.access_token
    simulator.fault(QUOTA, mode, delay_ms=500 if mode == "hang" else 0)
    failed = fail(client)
    assert failed.in_doubt is in_doubt
    assert failed.is_unclear


def test_what_never_left_is_not_in_doubt(make_client: ClientMaker) -> None:
    with Transport("http://127.0.0.1:9", (1, 1)) as nobody, pytest.raises(CallFailed) as failed:
        nobody.request("GET", "anything")
    assert not failed.value.in_doubt


def test_an_unknown_path_answers_in_html_and_is_survived(client: Client) -> None:
    failed = fail(client, "/wxa/nothing_here")
    assert failed.reason == "HTTP 404"


@pytest.mark.parametrize(
    "answer",
    [
        {"access_token": "t" * 512, "expires_in": 0},
        {"access_token": "t" * 512, "expires_in": 1},
        {"access_token": "t" * 512},
        {"access_token": "t" * 512, "expires_in": "soon"},
    ],
)
def test_a_token_of_no_life_is_kept_half_a_minute_and_not_asked_for_in_a_loop(
    client: Client, simulator: Simulator, answer: dict[str, Any]
) -> None:
    simulator.fault(STABLE, "answer", body=answer, times=None)
    for _ in range(5):
        assert client.access_token == "t" * 512
    assert len(simulator.calls(STABLE)) == 1


@pytest.mark.parametrize("path", [LOGIN, STABLE])
def test_nothing_follows_a_redirect(client: Client, simulator: Simulator, path: str) -> None:
    simulator.fault(path, "redirect", times=None)
    failed = fail(client, path)
    assert failed.is_unclear
    assert len(simulator.calls(path)) <= 3
