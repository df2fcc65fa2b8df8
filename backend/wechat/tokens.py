"""Where the access token is kept, and the lock under which one caller fetches a new one.

In Redis all processes share both. Redis is never needed: while it is away each process keeps a token
of its own, and WeChat hands the same stable token to all of them.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from typing import Protocol

from redis import Redis, RedisError
from wechatpy.session.redisstorage import RedisStorage

from backend.wechat.transport import CallFailed

WAIT_SECONDS = 10
# Longer than the slowest fetch with its repetitions, so that only a dead holder loses the lock.
HOLD_SECONDS = 30
AWAY_SECONDS = 5


class TokenStore(Protocol):
    """What the client needs; `get`, `set` and `delete` have the names wechatpy gives them."""

    def get(self, key: str, default: str | None = None) -> str | None: ...

    def set(self, key: str, value: str, ttl: int) -> None: ...

    def lock(self) -> AbstractContextManager[None]: ...


class MemoryTokens:
    """Tokens of this process, each for its life of `ttl` seconds."""

    def __init__(self, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._kept: dict[str, tuple[str, float]] = {}

    def get(self, key: str, default: str | None = None) -> str | None:
        value, ends = self._kept.get(key, ("", 0.0))
        return value if self._monotonic() < ends else default

    def set(self, key: str, value: str, ttl: int) -> None:
        self._kept[key] = (value, self._monotonic() + ttl)

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Held by one thread; the others wait a bounded time, then fail with `CallFailed`."""
        if not self._lock.acquire(timeout=WAIT_SECONDS):
            raise waited_too_long()
        try:
            yield
        finally:
            self._lock.release()


class RedisTokens:
    """Tokens shared through Redis, with this process's own as a stand-in while Redis is away.

    After a failure Redis is left alone for a while, so that an outage is not paid for at every call.
    """

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._shared = RedisStorage(redis, prefix="wechat")
        self._own = MemoryTokens()
        self._away_until = 0.0

    def get(self, key: str, default: str | None = None) -> str | None:
        if not self._is_away():
            with self._noticing_failure():
                value: str | None = self._shared.get(key, default)
                return value
        return self._own.get(key, default)

    def set(self, key: str, value: str, ttl: int) -> None:
        self._own.set(key, value, ttl)
        if not self._is_away():
            with self._noticing_failure():
                self._shared.set(key, value, ttl)

    @contextmanager
    def lock(self) -> Iterator[None]:
        """One thread of this process, and of those one in all processes."""
        with self._own.lock():
            shared = self._redis.lock(
                self._shared.key_name("token_lock"), timeout=HOLD_SECONDS, blocking_timeout=WAIT_SECONDS
            )
            held = None
            if not self._is_away():
                with self._noticing_failure():
                    held = shared.acquire()
            if held is False:
                raise waited_too_long()
            try:
                yield
            finally:
                if held:
                    with suppress(RedisError):  # Redis is away by now, or the lock ran out
                        shared.release()

    def _is_away(self) -> bool:
        return time.monotonic() < self._away_until

    @contextmanager
    def _noticing_failure(self) -> Iterator[None]:
        try:
            yield
        except RedisError:
            self._away_until = time.monotonic() + AWAY_SECONDS


def waited_too_long() -> CallFailed:
    return CallFailed("access token", reason="another caller's fetch takes too long", timed_out=True)
