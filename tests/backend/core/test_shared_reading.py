"""One reading for all who ask at the same moment, and never an old one."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from queue import SimpleQueue

import pytest

from backend.core.shared_reading import SharedReading


class Source:
    """Something to read that is read only when the test lets it, in order."""

    def __init__(self) -> None:
        self.begun: SimpleQueue[int] = SimpleQueue()
        self.allowed: SimpleQueue[Callable[[], int]] = SimpleQueue()
        self.readings = 0

    def read(self) -> int:
        self.readings += 1
        self.begun.put(self.readings)
        return self.allowed.get()()


def wait_until_waiting(
    shared: SharedReading[int], pool: ThreadPoolExecutor, number: int
) -> list[Future[int]]:
    """So many callers that have surely asked: a caller is counted when it has its turn in hand."""
    asked: SimpleQueue[None] = SimpleQueue()
    original = shared._changing

    class Noting:
        def __enter__(self) -> None:
            original.acquire()

        def __exit__(self, *_: object) -> None:
            original.release()
            asked.put(None)

    shared._changing = Noting()  # type: ignore[assignment]
    waiting = [pool.submit(shared.get) for _ in range(number)]
    for _ in range(number):
        asked.get(timeout=10)
    shared._changing = original
    return waiting


def test_a_caller_alone_reads_itself() -> None:
    source = Source()
    source.allowed.put(lambda: 7)
    assert SharedReading(source.read).get() == 7


def test_those_who_come_during_a_reading_share_the_next_one_and_never_get_the_present() -> None:
    source = Source()
    shared = SharedReading(source.read)
    with ThreadPoolExecutor(5) as pool:
        first = pool.submit(shared.get)
        assert source.begun.get(timeout=10) == 1
        later = wait_until_waiting(shared, pool, 4)
        source.allowed.put(lambda: 1)
        assert first.result(10) == 1
        assert source.begun.get(timeout=10) == 2
        source.allowed.put(lambda: 2)
        assert [one.result(10) for one in later] == [2] * 4
    assert source.readings == 2


def test_a_reading_that_fails_fails_for_those_who_shared_it_only() -> None:
    source = Source()
    shared = SharedReading(source.read)

    def fail() -> int:
        raise LookupError

    source.allowed.put(fail)
    with pytest.raises(LookupError):
        shared.get()
    source.allowed.put(lambda: 3)
    assert shared.get() == 3
