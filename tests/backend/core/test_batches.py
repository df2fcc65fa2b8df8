"""What many threads ask for at once is done together, and nobody pays for another's mistake."""

import os
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from threading import Event, Thread

import pytest
from sqlalchemy.exc import DataError, IntegrityError, OperationalError

from backend.core.batches import MOST_IN_BATCH, Batcher, ServiceBusy

WAIT_S = 10


class Refused(Exception):
    """What a database driver raises: with the state that tells whose fault it was."""

    def __init__(self, sqlstate: str) -> None:
        super().__init__(sqlstate)
        self.sqlstate = sqlstate


@dataclass
class Work:
    """Notes the batches it gets. The first stays under way until `go_on` is set."""

    batches: list[list[int]] = field(default_factory=list)
    begun: Event = field(default_factory=Event)
    go_on: Event = field(default_factory=Event)
    spoiled_by: dict[int, Exception] = field(default_factory=dict)

    def run(self, items: Sequence[int]) -> list[int]:
        self.batches.append(list(items))
        self.begun.set()
        assert self.go_on.wait(WAIT_S)
        for item in items:
            if item in self.spoiled_by:
                raise self.spoiled_by[item]
        return [item * 10 for item in items]


@pytest.fixture
def work() -> Work:
    return Work()


def begin(batcher: Batcher[int, int], work: Work, threads: ThreadPoolExecutor) -> Future[int | None]:
    """A first item under way, so that whatever comes now has to wait."""
    first = threads.submit(batcher.submit, 0, keys=["first"])
    assert work.begun.wait(WAIT_S)
    return first


def put(batcher: Batcher[int, int], threads: ThreadPoolExecutor, item: int, *keys: str) -> Future[int | None]:
    """Hand an item in from a thread of its own; returns once it waits in the queue."""
    before = batcher.waiting
    answer = threads.submit(batcher.submit, item, keys=keys or [str(item)])
    until(lambda: batcher.waiting > before or answer.done())
    return answer


def until(condition: Callable[[], bool]) -> None:
    checked = Event()
    for _ in range(WAIT_S * 1000):
        if condition():
            return
        checked.wait(0.001)
    raise AssertionError("it never came to that")


def test_a_single_item_is_done_at_once(work: Work) -> None:
    work.go_on.set()
    assert Batcher("test", work.run).submit(7, keys=["a"]) == 70


def test_what_comes_while_a_batch_is_under_way_makes_the_next(work: Work) -> None:
    batcher = Batcher("test", work.run)
    with ThreadPoolExecutor() as threads:
        first = begin(batcher, work, threads)
        others = [put(batcher, threads, item) for item in (1, 2, 3)]
        work.go_on.set()
        assert [answer.result(WAIT_S) for answer in [first, *others]] == [0, 10, 20, 30]
    assert work.batches == [[0], [1, 2, 3]]


def test_items_with_a_key_in_common_never_meet_and_keep_their_order(work: Work) -> None:
    batcher = Batcher("test", work.run)
    with ThreadPoolExecutor(8) as threads:
        begin(batcher, work, threads)
        put(batcher, threads, 1, "ann")
        put(batcher, threads, 2, "ann", "ticket")
        put(batcher, threads, 3, "ben")
        last = put(batcher, threads, 4, "ticket")
        work.go_on.set()
        last.result(WAIT_S)
    assert work.batches == [[0], [1, 3, 4], [2]]


def test_a_batch_has_a_largest_size(work: Work) -> None:
    batcher = Batcher("test", work.run)
    with ThreadPoolExecutor(MOST_IN_BATCH + 10) as threads:
        begin(batcher, work, threads)
        answers = [put(batcher, threads, item) for item in range(1, MOST_IN_BATCH + 5)]
        work.go_on.set()
        assert [answer.result(WAIT_S) for answer in answers] == [n * 10 for n in range(1, len(answers) + 1)]
    assert [len(batch) for batch in work.batches] == [1, MOST_IN_BATCH, 4]


@pytest.mark.parametrize(
    "trouble",
    [
        IntegrityError("…", {}, Refused("23505")),
        DataError("…", {}, Refused("22003")),
        OperationalError("…", {}, Refused("40P01")),
        OperationalError("…", {}, Refused("55P03")),
    ],
)
def test_a_bad_item_harms_nobody_else(work: Work, trouble: Exception) -> None:
    work.spoiled_by[2] = trouble
    batcher = Batcher("test", work.run)
    with ThreadPoolExecutor(8) as threads:
        begin(batcher, work, threads)
        answers = [put(batcher, threads, item) for item in (1, 2, 3)]
        work.go_on.set()
        assert [answer.result(WAIT_S) for answer in answers] == [10, None, 30]
    assert work.batches == [[0], [1, 2, 3], [1], [2], [3]]


@pytest.mark.parametrize(
    "trouble",
    [OperationalError("…", {}, Refused("57P01")), OperationalError("…", {}, Refused("")), RuntimeError("…")],
)
def test_when_the_database_is_gone_all_are_told_and_the_thread_lives_on(
    work: Work, trouble: Exception
) -> None:
    work.spoiled_by[2] = trouble
    batcher = Batcher("test", work.run)
    with ThreadPoolExecutor(8) as threads:
        begin(batcher, work, threads)
        answers = [put(batcher, threads, item) for item in (1, 2, 3)]
        work.go_on.set()
        assert [answer.exception(WAIT_S) for answer in answers] == [trouble] * 3
    assert work.batches == [[0], [1, 2, 3]], "nothing is tried again"
    assert batcher.submit(4, keys=["d"]) == 40


def test_a_full_queue_refuses_and_the_refused_item_is_never_done(work: Work) -> None:
    batcher = Batcher("test", work.run, most_waiting=2)
    with ThreadPoolExecutor(8) as threads:
        begin(batcher, work, threads)
        answers = [put(batcher, threads, item) for item in (1, 2)]
        with pytest.raises(ServiceBusy):
            batcher.submit(3, keys=["c"])
        work.go_on.set()
        assert [answer.result(WAIT_S) for answer in answers] == [10, 20]
    assert work.batches == [[0], [1, 2]]


def test_whoever_waited_too_long_is_told_so_and_is_not_served_behind_his_back(work: Work) -> None:
    batcher = Batcher("test", work.run, patience_s=0.05)
    with ThreadPoolExecutor(8) as threads:
        begun = begin(batcher, work, threads)
        late = put(batcher, threads, 1)
        assert isinstance(late.exception(WAIT_S), ServiceBusy)
        assert isinstance(begun.exception(WAIT_S), ServiceBusy), "begun, but nobody knows its end"
        work.go_on.set()
        batcher.close()
    assert work.batches == [[0]]


def test_closing_finishes_what_waits_and_refuses_what_comes_later(work: Work) -> None:
    batcher = Batcher("test", work.run)
    with ThreadPoolExecutor(8) as threads:
        begin(batcher, work, threads)
        waiting = put(batcher, threads, 1)
        closing = Thread(target=batcher.close)
        closing.start()
        work.go_on.set()
        assert waiting.result(WAIT_S) == 10
        closing.join(WAIT_S)
    with pytest.raises(ServiceBusy):
        batcher.submit(2, keys=["b"])


def test_a_forked_child_has_a_queue_and_a_thread_of_its_own(work: Work) -> None:
    work.go_on.set()
    batcher = Batcher("test", work.run)
    assert batcher.submit(1, keys=["a"]) == 10
    child = os.fork()
    if child == 0:
        answer = None
        try:
            answer = batcher.submit(2, keys=["b"])
        finally:
            os._exit(0 if answer == 20 else 1)
    assert os.waitpid(child, 0)[1] == 0
    assert batcher.submit(3, keys=["c"]) == 30
    assert work.batches == [[1], [3]]
