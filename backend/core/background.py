"""Heavy work beside people who wait for an answer."""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

Result = TypeVar("Result")
# Of the processor it gets about a tenth of what a request gets that wants it at the same time (nice(2)).
LESS_URGENT = 10


def in_background(work: Callable[[], Result]) -> Result:
    """Do it in a thread that gives way to requests, as do all threads it starts. Returns when it is done.

    Linux counts urgency by thread, and a thread may not become more urgent again: hence one of its own.
    """
    with ThreadPoolExecutor(1, initializer=os.nice, initargs=(LESS_URGENT,)) as thread:
        return thread.submit(work).result()
