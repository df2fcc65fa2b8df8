"""The access token in a file, for the processes of one machine that have no Redis."""

import fcntl
import json
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from backend.wechat import tokens

POLL_SECONDS = 0.05
OWNER_ONLY = 0o600


class FileTokens:
    """Tokens with the end of their life, in a file that only its owner may read.

    The lock is the kernel's on a file beside it, so it is free as soon as its holder dies.
    """

    def __init__(self, path: Path, *, now: Callable[[], float] = time.time) -> None:
        self._path = path
        self._lock_path = path.with_suffix(".lock")
        self._now = now
        self._thread_lock = threading.Lock()

    def get(self, key: str, default: str | None = None) -> str | None:
        value, ends = self._read().get(key, ("", 0.0))
        return value if self._now() < ends else default

    def set(self, key: str, value: str, ttl: int) -> None:
        """Only under the lock, as the client does: the file is replaced as a whole."""
        kept = self._read() | {key: (value, self._now() + ttl)}
        fresh = self._path.with_suffix(".new")
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, OWNER_ONLY), "w") as file:
            json.dump(kept, file)
        fresh.replace(self._path)

    @contextmanager
    def lock(self) -> Iterator[None]:
        """One thread of one process; the others wait a bounded time, then fail with `CallFailed`."""
        give_up_at = time.monotonic() + tokens.WAIT_SECONDS
        if not self._thread_lock.acquire(timeout=tokens.WAIT_SECONDS):
            raise tokens.waited_too_long()
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with self._lock_path.open("a") as file:
                while not _is_taken(file.fileno()):
                    if time.monotonic() >= give_up_at:
                        raise tokens.waited_too_long()
                    time.sleep(POLL_SECONDS)
                yield
        finally:
            self._thread_lock.release()

    def _read(self) -> dict[str, tuple[str, float]]:
        """Nothing when there is no file, or one that somebody spoilt."""
        try:
            return {key: (str(value), float(ends)) for key, (value, ends) in self._load().items()}
        except (OSError, ValueError, TypeError, AttributeError):
            return {}

    def _load(self) -> dict[str, tuple[str, float]]:
        kept: dict[str, tuple[str, float]] = json.loads(self._path.read_text())
        return kept


def _is_taken(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
