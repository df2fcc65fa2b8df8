"""The simulator's time, which tests can move forward."""

import time


class Clock:
    def __init__(self) -> None:
        self._ahead = 0

    def now(self) -> float:
        """Seconds since 1970."""
        return time.time() + self._ahead

    def advance(self, seconds: int) -> None:
        self._ahead += seconds

    def reset(self) -> None:
        self._ahead = 0
