import shutil
import socket
import subprocess
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from threading import Barrier
from time import sleep
from typing import Any

import pytest
from redis import Redis, RedisError
from redis.backoff import NoBackoff
from redis.retry import Retry

from backend.wechat import transport
from backend.wechat.accounts import WeChat
from backend.wechat.client import Client
from backend.wechat.tokens import MemoryTokens, TokenStore
from backend.wechat.transport import Transport
from tests.scripts.wechat_simulator.running import Simulator, running_simulator

LOGIN = "/sns/jscode2session"
STABLE = "/cgi-bin/stable_token"
QUOTA = "/cgi-bin/openapi/quota/get"
PHONE = "/wxa/business/getuserphonenumber"
FACE_BEGIN = "/cityservice/face/identify/getverifyid"
FACE_RESULT = "/cityservice/face/identify/queryverifyinfo"
SEND = "/cgi-bin/message/subscribe/send"
CODE = "/wxa/getwxacodeunlimit"
TEXT = "/wxa/msg_sec_check"


@pytest.fixture(autouse=True)
def _only_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """No host name can be looked up, so a call to the real WeChat would fail."""
    look_up = socket.getaddrinfo

    def local_only(host: Any, *args: Any, **kwargs: Any) -> Any:
        assert host in ("127.0.0.1", "localhost"), f"a call went out to {host}"
        return look_up(host, *args, **kwargs)

    monkeypatch.setattr(socket, "getaddrinfo", local_only)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


@pytest.fixture(autouse=True)
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The pauses between tries, noted instead of waited for."""
    noted: list[float] = []
    monkeypatch.setattr(transport, "_wait", noted.append)
    return noted


@pytest.fixture(scope="package")
def program(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Simulator]:
    with running_simulator(tmp_path_factory.mktemp("wechat")) as simulator:
        yield simulator


@pytest.fixture
def simulator(program: Simulator) -> Simulator:
    """A simulator without persons, tokens and faults."""
    program.reset()
    return program


ClientMaker = Callable[..., Client]


@pytest.fixture
def make_client(simulator: Simulator) -> Iterator[ClientMaker]:
    """Clients of the simulator, each with a connection pool of its own as in a process of its own."""
    opened = []

    def make(
        *, tokens: TokenStore | None = None, timeout: tuple[float, float] = (2, 5), **times: Any
    ) -> Client:
        connections = Transport(simulator.base_url, timeout)
        opened.append(connections)
        return Client(
            simulator.appid,
            simulator.secret,
            transport=connections,
            tokens=tokens or MemoryTokens(),
            **times,
        )

    yield make
    for connections in opened:
        connections.close()


@pytest.fixture
def client(make_client: ClientMaker) -> Client:
    return make_client()


@pytest.fixture
def wechat(client: Client) -> WeChat:
    return WeChat(client)


@dataclass
class Watch:
    """The time as a client sees it, both ways; a test moves it."""

    at: datetime = field(default_factory=lambda: datetime.now(UTC))
    seconds: float = 0

    def now(self) -> datetime:
        return self.at

    def monotonic(self) -> float:
        return self.seconds

    def pass_by(self, seconds: float) -> None:
        self.seconds += seconds
        self.at += timedelta(seconds=seconds)


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def watched_wechat(make_client: ClientMaker, watch: Watch) -> WeChat:
    """Goes by a time that the test moves."""
    return WeChat(make_client(clock=watch, monotonic=watch.monotonic))


@pytest.fixture
def hasty_wechat(make_client: ClientMaker) -> WeChat:
    """Waits 0.4 seconds for an answer instead of five."""
    return WeChat(make_client(timeout=(0.4, 0.4)))


def all_at_once(count: int, work: Callable[[int], Any]) -> list[Any]:
    """Do the work in so many threads that all begin together."""
    ready = Barrier(count)

    def begin(number: int) -> Any:
        ready.wait(timeout=10)
        return work(number)

    with ThreadPoolExecutor(count) as threads:
        return list(threads.map(begin, range(count)))


@pytest.fixture
def redis_server(tmp_path: Any) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    binary = shutil.which("redis-server")
    assert binary is not None, "redis-server is missing; `make test` installs it"
    with closing(socket.socket()) as chosen:
        chosen.bind(("127.0.0.1", 0))
        port = chosen.getsockname()[1]
    command = [binary, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        try:
            yield process, port
        finally:
            process.kill()


@pytest.fixture
def redis(redis_server: tuple[subprocess.Popen[bytes], int]) -> Iterator[Redis]:
    no_retry = Retry(NoBackoff(), 0)
    with Redis(port=redis_server[1], retry=no_retry) as connection:
        for _ in range(100):
            try:
                connection.ping()
                break
            except RedisError:
                sleep(0.05)
        yield connection
