import subprocess
from time import monotonic

import pytest
from redis import Redis

from backend.wechat import tokens
from backend.wechat.accounts import build_wechat
from backend.wechat.tokens import RedisTokens
from backend.wechat.transport import CallFailed
from tests.backend.wechat.conftest import QUOTA, STABLE, ClientMaker, all_at_once
from tests.backend.wechat.test_access_token import call, own_fetches, revoke
from tests.scripts.wechat_simulator.running import APPID, Simulator

TOKEN_KEY = f"wechat:{APPID}_access_token"
LOCK_KEY = "wechat:token_lock"


def test_two_processes_share_one_token(make_client: ClientMaker, redis: Redis, simulator: Simulator) -> None:
    clients = [make_client(tokens=RedisTokens(redis)) for _ in range(2)]
    assert all_at_once(24, lambda number: call(clients[number % 2])) == [0] * 24
    assert own_fetches(simulator) == 1
    assert 6800 < redis.ttl(TOKEN_KEY) <= 6900


def test_two_processes_with_a_revoked_token_refresh_it_once(
    make_client: ClientMaker, redis: Redis, simulator: Simulator
) -> None:
    clients = [make_client(tokens=RedisTokens(redis)) for _ in range(2)]
    call(clients[0])
    revoke(simulator)
    assert all_at_once(20, lambda number: call(clients[number % 2])) == [0] * 20
    assert own_fetches(simulator) == 2


def test_the_ready_made_wechat_keeps_its_token_in_redis(redis: Redis, simulator: Simulator) -> None:
    for _ in range(2):
        build_wechat(
            appid=simulator.appid, secret=simulator.secret, base_url=simulator.base_url + "/", redis=redis
        ).check_reachable()
    assert own_fetches(simulator) == 1


def test_a_connection_that_decodes_text_serves_as_well(
    make_client: ClientMaker, redis: Redis, simulator: Simulator
) -> None:
    first = make_client(tokens=RedisTokens(redis))
    call(first)
    port = redis.connection_pool.connection_kwargs["port"]
    with Redis(port=port, decode_responses=True) as decoding:
        assert make_client(tokens=RedisTokens(decoding)).access_token == first.access_token


def test_without_redis_each_process_goes_on_by_itself(
    make_client: ClientMaker,
    redis: Redis,
    redis_server: tuple[subprocess.Popen[bytes], int],
    simulator: Simulator,
) -> None:
    old, new = (make_client(tokens=RedisTokens(redis)) for _ in range(2))
    call(old)
    redis_server[0].kill()
    redis_server[0].wait()
    assert all_at_once(10, lambda _: call(old)) == [0] * 10
    assert own_fetches(simulator) == 1
    assert all_at_once(10, lambda _: call(new)) == [0] * 10
    assert own_fetches(simulator) == 2
    revoke(simulator)
    assert call(old) == 0


def test_a_dead_holder_of_the_lock_delays_others_a_bounded_time(
    make_client: ClientMaker, redis: Redis, simulator: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tokens, "WAIT_SECONDS", 0.3)
    redis.set(LOCK_KEY, "held by a process that died", px=1200)
    client = make_client(tokens=RedisTokens(redis))
    began = monotonic()
    with pytest.raises(CallFailed):
        call(client)
    assert monotonic() - began < 1
    monkeypatch.setattr(tokens, "WAIT_SECONDS", 3)
    assert call(client) == 0


def test_a_lock_that_runs_out_during_the_fetch_costs_one_more_fetch_at_most(
    make_client: ClientMaker, redis: Redis, simulator: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tokens, "HOLD_SECONDS", 0.2)
    simulator.fault(STABLE, "delay", delay_ms=600)
    clients = [make_client(tokens=RedisTokens(redis)) for _ in range(2)]
    assert all_at_once(2, lambda number: call(clients[number])) == [0, 0]
    assert own_fetches(simulator) <= 2
    assert [made["errcode"] for made in simulator.calls(QUOTA)] == [0, 0]
