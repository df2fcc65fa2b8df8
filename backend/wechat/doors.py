"""Doors to WeChat, one per kind of call: a kind that fails is held back, the others go on.

A door closes after several unclear failures in a row, for the rest of a used-up window, or while
WeChat refuses our configuration. When its time is over one call tries, and the others wait for it.
Doors belong to a process: each finds out for itself, after a handful of calls.
"""

import math
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TypeVar

import structlog
from prometheus_client import Counter, Gauge

from backend.core.clock import CHINA, Clock
from backend.wechat.transport import CallFailed

UNCLEAR_IN_A_ROW = 5
UNCLEAR_PAUSE = 5
BROKEN_SECONDS = 15
CONFIGURATION_SECONDS = 300
TRIAL_PAUSE = 2
SECOND_LIMIT, MINUTE_LIMITS, DAY_LIMIT = 44990, {44991, 45011}, 45009
# Wrong or frozen secret, a token refused for ever, an address not allowed, a right not granted.
CONFIGURATION = {40001, 40002, 40013, 40014, 40125, 40164, 40243, 41001, 41002, 41004, 42001}
CONFIGURATION |= {48001, 48004, 50004, 50007, 89503, 89506, 89507}

T = TypeVar("T")
log = structlog.get_logger(__name__)
CALLS = Counter("wechat_calls_total", "Calls to WeChat by how they ended", ["kind", "outcome"])
CLOSED = Gauge(
    "wechat_door_closed",
    "1 while calls of that kind are held back and until one has succeeded",
    ["kind"],
    multiprocess_mode="livemax",
)


class CallKind(StrEnum):
    SIGN_IN = "sign_in"
    TOKEN = "token"  # noqa: S105
    PHONE = "phone"
    FACE = "face"
    MESSAGE = "message"
    CODE = "code"
    TEXT = "text"
    PROBE = "probe"


# Told about one person or one input: anybody could provoke them, so they close no door.
HARMLESS = {CallKind.SIGN_IN: {45011}, CallKind.PHONE: {40013}}
# A limit by the minute although the number elsewhere means the day.
MINUTE_HERE = {CallKind.CODE: {DAY_LIMIT}}


class Door:
    """Lets calls of one kind through, or refuses them at once with `CallFailed`.

    Every `CallFailed` that leaves a door knows after how many seconds asking again makes sense.
    """

    def __init__(self, kind: CallKind, *, clock: Clock, monotonic: Callable[[], float]) -> None:
        self.kind = kind
        self._clock = clock
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._unclear = 0
        self._closed = False
        self._closed_until = 0.0
        self._trying = False

    def pass_through(self, call: Callable[[], T]) -> T:
        """The call's result; an unforeseen error counts for nothing and opens nothing."""
        self._enter()
        try:
            result = call()
        except CallFailed as failed:
            self._note_failure(failed)
            raise
        except BaseException:
            self._end_trial()
            raise
        self._note_answer("answered")
        return result

    def check_open(self) -> None:
        """Raise `CallFailed` while the door is closed; for callers that would queue before it."""
        with self._lock:
            self._refuse_while_closed()

    def _enter(self) -> None:
        with self._lock:
            self._refuse_while_closed()
            if self._closed:
                if self._trying:
                    raise self._held_back(TRIAL_PAUSE)
                self._trying = True

    def _refuse_while_closed(self) -> None:
        left = self._closed_until - self._monotonic()
        if left > 0:
            raise self._held_back(math.ceil(left))

    def _held_back(self, seconds: int) -> CallFailed:
        CALLS.labels(self.kind, "held_back").inc()
        return CallFailed(self.kind, reason="held back", retry_after=seconds)

    def _note_failure(self, failed: CallFailed) -> None:
        if failed.retry_after:  # it failed at another door, which has noted it
            self._end_trial()
        elif failed.is_unclear:
            self._note_unclear(failed)
        elif failed.errcode in {SECOND_LIMIT, DAY_LIMIT} | MINUTE_LIMITS:
            failed.retry_after = self._seconds_of_window(failed.errcode)
            log.warning("wechat.limit_reached", kind=self.kind, errcode=failed.errcode, rid=failed.rid)
            self._note_refusal(failed, "limited")
        elif failed.errcode in CONFIGURATION and failed.errcode not in HARMLESS.get(self.kind, ()):
            failed.retry_after = CONFIGURATION_SECONDS
            self._note_refusal(failed, "misconfigured")
        else:
            self._note_answer("refused")

    def _note_unclear(self, failed: CallFailed) -> None:
        CALLS.labels(self.kind, "unclear").inc()
        log.warning("wechat.no_useful_answer", kind=self.kind, reason=failed.reason or "busy", rid=failed.rid)
        with self._lock:
            self._unclear += 1
            breaks = self._unclear >= UNCLEAR_IN_A_ROW
            failed.retry_after = BROKEN_SECONDS if breaks else UNCLEAR_PAUSE
            if breaks and not self._is_shut():
                self._close(BROKEN_SECONDS)
                log.error("wechat.door_closed", kind=self.kind, seconds=BROKEN_SECONDS)
            self._trying = False

    def _note_refusal(self, failed: CallFailed, outcome: str) -> None:
        CALLS.labels(self.kind, outcome).inc()
        with self._lock:
            self._trying = False
            if failed.errcode in HARMLESS.get(self.kind, ()):
                return
            if outcome == "misconfigured" and not self._is_shut():  # one alarm, not one for each call
                log.error("wechat.refuses_our_calls", kind=self.kind, errcode=failed.errcode, rid=failed.rid)
            self._close(failed.retry_after)

    def _note_answer(self, outcome: str) -> None:
        CALLS.labels(self.kind, outcome).inc()
        with self._lock:
            self._unclear = 0
            if self._trying:
                self._closed = self._trying = False
                CLOSED.labels(self.kind).set(0)

    def _end_trial(self) -> None:
        with self._lock:
            self._trying = False

    def _is_shut(self) -> bool:
        return self._monotonic() < self._closed_until

    def _close(self, seconds: int) -> None:
        self._closed = True
        self._closed_until = max(self._closed_until, self._monotonic() + seconds)
        CLOSED.labels(self.kind).set(1)

    def _seconds_of_window(self, errcode: int) -> int:
        if errcode == SECOND_LIMIT:
            return 1
        now = self._clock.now().astimezone(CHINA)
        if errcode in MINUTE_LIMITS | MINUTE_HERE.get(self.kind, set()):
            return 60 - now.second
        return seconds_until_midnight(now)


class Doors(dict[CallKind, Door]):
    """A door for every kind."""

    def __init__(self, *, clock: Clock, monotonic: Callable[[], float]) -> None:
        super().__init__({kind: Door(kind, clock=clock, monotonic=monotonic) for kind in CallKind})


def seconds_until_midnight(now: datetime) -> int:
    """Until the next day begins where `now` is; quotas are taken to begin anew then."""
    tomorrow = (now + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    return max(1, math.ceil((tomorrow - now).total_seconds()))
