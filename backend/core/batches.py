"""Batches: what many threads ask for at the same time is done together, in one go.

One thread of the process works. While it works on one batch, what comes in waits and makes the next
one, so batches grow with the load and nobody ever waits for a batch to fill.
"""

import os
import weakref
from collections import deque
from collections.abc import Callable, Collection, Hashable, Sequence
from threading import Condition, Lock, Thread
from typing import Generic, TypeVar

import structlog
from prometheus_client import Counter, Gauge, Histogram
from sqlalchemy.exc import DataError, IntegrityError

from backend.core.errors import DomainError, Kind

log = structlog.get_logger(__name__)

MOST_IN_BATCH = 64
MOST_WAITING = 512
PATIENCE_S = 10.0
STOPS_WITHIN_S = 5.0

# What PostgreSQL shall do on a batch's connection. A lock is waited for less long than PostgreSQL
# waits before it looks for a deadlock: of a batch and a single request that wait for each other, the
# batch gives way and is taken apart. Planning one of the long statements anew costs more than running
# it, and the plan does not depend on the values.
DATABASE_SETTINGS = {"lock_timeout": "500ms", "plan_cache_mode": "force_generic_plan"}

SIZES = Histogram("batch_size", "Requests done together", ["batch"], buckets=(1, 2, 4, 8, 16, 32, 64))
FAILURES = Counter("batch_failures_total", "Batches that failed as a whole", ["batch"])
WAITING = Gauge("batch_waiting", "Requests waiting", ["batch"], multiprocess_mode="livesum")

ROLLED_BACK_OR_LOCKED = {"40", "55"}  # classes of SQLSTATE

Item = TypeVar("Item")
Outcome = TypeVar("Outcome")


class ServiceBusy(DomainError):
    """More is waiting than can be done soon."""

    kind = Kind.UNAVAILABLE
    code = "service.busy"
    detail = "现在使用的人较多，请稍后再试。"


class _Waiting(Generic[Item, Outcome]):
    """Somebody who waits for the outcome of an item. A bare lock wakes him: a Future costs several
    times as much, and is paid for by every request."""

    __slots__ = ("_ended", "error", "item", "keys", "outcome")

    def __init__(self, item: Item, keys: Collection[Hashable]) -> None:
        self.item, self.keys = item, keys
        self.outcome: Outcome | None = None
        self.error: Exception | None = None
        self._ended = Lock()
        self._ended.acquire()

    def end(self, outcome: Outcome | None, error: Exception | None = None) -> None:
        self.outcome, self.error = outcome, error
        self._ended.release()

    def has_ended(self, *, within_s: float) -> bool:
        return self._ended.acquire(timeout=within_s)

    def result(self) -> Outcome | None:
        if self.error:
            raise self.error
        return self.outcome


class Batcher(Generic[Item, Outcome]):
    """Does items in batches: `run` gets some and gives an outcome for each, in their order.

    Two items with a key in common never meet in one batch. When `run` fails through the fault of a
    single item, the batch is run again one by one, so that it harms nobody else; its own outcome is
    None. `run` must undo what it did when it raises.
    """

    def __init__(
        self,
        name: str,
        run: Callable[[Sequence[Item]], Sequence[Outcome]],
        *,
        most_waiting: int = MOST_WAITING,
        patience_s: float = PATIENCE_S,
    ) -> None:
        self._name, self._run = name, run
        self._most_waiting, self._patience_s = most_waiting, patience_s
        self._note_size, self._note_waiting = SIZES.labels(name).observe, WAITING.labels(name).set
        self._begin()
        itself = weakref.ref(self)
        os.register_at_fork(after_in_child=lambda: _begin_anew(itself))

    def submit(self, item: Item, *, keys: Collection[Hashable]) -> Outcome | None:
        """Have it done and wait for the outcome. Raises what `run` raised, and ServiceBusy when too
        much is waiting. Only where it was begun, but not ended within the patience, is it unknown
        after ServiceBusy whether it was done; otherwise it was not."""
        waiting: _Waiting[Item, Outcome] = _Waiting(item, keys)
        with self._changed:
            if self._is_closed or self.waiting >= self._most_waiting:
                raise ServiceBusy
            self._queue.append(waiting)
            self._start_thread()
            self._changed.notify()
        if waiting.has_ended(within_s=self._patience_s):
            return waiting.result()
        with self._changed:
            if waiting in self._queue:
                self._queue.remove(waiting)
                raise ServiceBusy
        if waiting.has_ended(within_s=self._patience_s):
            return waiting.result()
        raise ServiceBusy

    @property
    def waiting(self) -> int:
        """How many wait for the next batch."""
        return len(self._queue)

    def close(self) -> None:
        """Finish what is waiting, then stop; whoever comes later is told ServiceBusy."""
        with self._changed:
            self._is_closed = True
            self._changed.notify()
            thread = self._thread
        if thread:
            thread.join(STOPS_WITHIN_S)

    def _begin(self) -> None:
        self._changed = Condition()
        self._queue: deque[_Waiting[Item, Outcome]] = deque()
        self._thread: Thread | None = None
        self._is_closed = False

    def _start_thread(self) -> None:
        if self._thread is None:
            # A daemon, so that a process that is told to leave does; `close` lets it finish first.
            self._thread = Thread(target=self._work, name=f"batch-{self._name}", daemon=True)
            self._thread.start()

    def _work(self) -> None:
        while batch := self._next_batch():
            self._do(batch)

    def _next_batch(self) -> list[_Waiting[Item, Outcome]]:
        """Wait for items and take up to a batch of them; empty when closed and nothing is left."""
        with self._changed:
            while True:
                if batch := self._take():
                    return batch
                if self._is_closed and not self._queue:
                    return []
                if not self._queue:
                    self._changed.wait()

    def _take(self) -> list[_Waiting[Item, Outcome]]:
        batch: list[_Waiting[Item, Outcome]] = []
        seen: set[Hashable] = set()
        later: list[_Waiting[Item, Outcome]] = []
        while self._queue and len(batch) < MOST_IN_BATCH:
            waiting = self._queue.popleft()
            if not seen.isdisjoint(waiting.keys):
                later.append(waiting)
            else:
                batch.append(waiting)
                seen.update(waiting.keys)
        self._queue.extendleft(reversed(later))
        self._note_waiting(self.waiting)
        return batch

    def _do(self, batch: list[_Waiting[Item, Outcome]]) -> None:
        self._note_size(len(batch))
        try:
            outcomes = self._run([waiting.item for waiting in batch])
        except Exception as error:
            self._take_apart(batch, error)
        else:
            for waiting, outcome in zip(batch, outcomes, strict=True):
                waiting.end(outcome)

    def _take_apart(self, batch: list[_Waiting[Item, Outcome]], error: Exception) -> None:
        # The exception's own text can hold values of the statement, so only its kind is logged.
        state = getattr(getattr(error, "orig", None), "sqlstate", None)
        log.warning("batch failed", batch=self._name, size=len(batch), kind=type(error).__name__, state=state)
        FAILURES.labels(self._name).inc()
        if not _is_one_items_fault(error):
            for waiting in batch:
                waiting.end(None, error)
        elif len(batch) == 1:
            batch[0].end(None)
        else:
            for waiting in batch:
                self._do([waiting])


def _is_one_items_fault(error: Exception) -> bool:
    """Bad data, a broken rule, a deadlock, another's lock: not a database that is gone."""
    state = getattr(getattr(error, "orig", None), "sqlstate", None) or ""
    return isinstance(error, IntegrityError | DataError) or state[:2] in ROLLED_BACK_OR_LOCKED


def _begin_anew(itself: "weakref.ref[Batcher[Item, Outcome]]") -> None:
    """In a forked child: what was waiting belongs to the parent, and the thread stayed there."""
    batcher = itself()
    if batcher:
        batcher._begin()
