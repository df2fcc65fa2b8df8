"""Access tokens of both kinds, which live apart: fetching one never disturbs the other."""

import secrets
import threading
from collections import Counter

from scripts.wechat_simulator.clock import Clock
from scripts.wechat_simulator.wire import Refused

LIFE_SECONDS = 7200
OVERLAP_SECONDS = 300
FORCED_PER_DAY = 20
FORCED_APART_SECONDS = 30
CHINA_OFFSET_SECONDS = 8 * 3600


class Tokens:
    """The tokens of one appid. A token is remembered until it is revoked, also when it has expired."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._ends_at: dict[str, float] = {}
        self._plain = ""
        self._stable = ""
        self._forced_at = 0.0
        self._forced_on: Counter[int] = Counter()

    def fetch_plain(self) -> tuple[str, int]:
        """A new token and its seconds; the previous one works for the overlap only."""
        with self._lock:
            if self._plain in self._ends_at:
                overlap_ends = self._clock.now() + OVERLAP_SECONDS
                self._ends_at[self._plain] = min(self._ends_at[self._plain], overlap_ends)
            self._plain = self._issue()
            return self._plain, LIFE_SECONDS

    def fetch_stable(self, *, force: bool) -> tuple[str, int]:
        """The present token and the seconds it has left; a new one when it is old or `force` may act."""
        now = self._clock.now()
        with self._lock:
            if force and self._may_force(now):
                self._ends_at.pop(self._stable, None)
            if self._ends_at.get(self._stable, 0) - now <= OVERLAP_SECONDS:
                self._stable = self._issue()
            return self._stable, int(self._ends_at[self._stable] - now)

    def check(self, token: str | None) -> None:
        """Refuse a token that is missing, unknown, revoked or expired."""
        if not token:
            raise Refused(41001)
        with self._lock:
            ends_at = self._ends_at.get(token)
        if ends_at is None:
            raise Refused(40001)
        if self._clock.now() >= ends_at:
            raise Refused(42001)

    def reset(self) -> None:
        with self._lock:
            self._ends_at.clear()
            self._forced_at = 0.0
            self._forced_on.clear()

    def _may_force(self, now: float) -> bool:
        day = int((now + CHINA_OFFSET_SECONDS) // 86400)
        if now - self._forced_at < FORCED_APART_SECONDS or self._forced_on[day] >= FORCED_PER_DAY:
            return False
        self._forced_at = now
        self._forced_on[day] += 1
        return True

    def _issue(self) -> str:
        token = f"90_{secrets.token_urlsafe(100)}"
        self._ends_at[token] = self._clock.now() + LIFE_SECONDS
        return token
