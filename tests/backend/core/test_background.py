"""Heavy work gives way to requests, and leaves those who ordered it as they were."""

import os
import threading

import pytest

from backend.core.background import LESS_URGENT, in_background

LEAST_URGENT = 19


def urgency() -> int:
    return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())


def test_the_work_and_the_threads_it_starts_are_less_urgent_and_the_caller_is_not() -> None:
    before = urgency()

    def work() -> list[int]:
        seen = [urgency()]
        helper = threading.Thread(target=lambda: seen.append(urgency()))
        helper.start()
        helper.join()
        return seen

    expected = min(LEAST_URGENT, before + LESS_URGENT)
    assert in_background(work) == [expected, expected]
    assert urgency() == before


def test_what_goes_wrong_is_told_to_the_caller() -> None:
    def work() -> None:
        raise ValueError("on purpose")

    with pytest.raises(ValueError, match="on purpose"):
        in_background(work)
