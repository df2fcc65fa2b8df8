"""One reading for all who ask at the same moment, and none of them gets an old one."""

import time
from collections.abc import Callable
from concurrent.futures import Future
from threading import Lock
from typing import Generic, TypeVar

Value = TypeVar("Value")


class SharedReading(Generic[Value]):
    """Gives every caller a value whose reading began after the call.

    While one reading is under way, those who come wait for the next one together. The first of them
    does it, in its own thread, so that a caller alone waits for nobody. Under load the readings begin
    `apart_s` apart at the least: the more come together, the less each of them costs.
    """

    def __init__(self, read: Callable[[], Value], *, apart_s: float = 0) -> None:
        self._read = read
        self._apart_s = apart_s
        self._begun_at = -apart_s
        self._changing = Lock()
        self._reading = Lock()
        self._next: Future[Value] | None = None

    def get(self) -> Value:
        """Raises what the reading raised."""
        with self._changing:
            is_first = self._next is None
            if self._next is None:
                self._next = Future()
            turn = self._next
        if is_first:
            self._take(turn)
        return turn.result()

    def _take(self, turn: Future[Value]) -> None:
        with self._reading:
            time.sleep(max(0, self._begun_at + self._apart_s - time.monotonic()))
            with self._changing:
                self._next = None
            self._begun_at = time.monotonic()
            try:
                value = self._read()
            except BaseException as error:
                turn.set_exception(error)
            else:
                turn.set_result(value)
