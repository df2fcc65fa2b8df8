"""Work on batches spread over the processors, its results in the order of the batches."""

import ctypes
import os
import signal
from collections.abc import Callable, Iterable, Iterator
from multiprocessing import get_context
from typing import Any, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")

_PR_SET_PDEATHSIG = 1


class _Work:
    """What a worker process does. It is inherited: a closure with keys in it cannot be sent."""

    do: Callable[[Any], Any]


def on_all_cores(
    work: Callable[[list[Item]], Result], batches: Iterable[list[Item]], *, wanted: bool
) -> Iterator[tuple[int, Result]]:
    """For each batch its size and what `work` made of it; in this very process when not `wanted`.

    The workers are forked, so `work` may use whatever was set up before, but no connection.
    """
    if not wanted:
        yield from ((len(batch), work(batch)) for batch in batches)
        return
    _Work.do = work
    cores = len(os.sched_getaffinity(0))
    with get_context("fork").Pool(cores, initializer=_end_with, initargs=(os.getpid(),)) as pool:
        yield from pool.imap(_do, batches)


def _do(batch: list[Item]) -> tuple[int, Any]:
    return len(batch), _Work.do(batch)


def _end_with(parent: int) -> None:
    """Leave ending to the parent, and end with it even when it is killed outright."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)
