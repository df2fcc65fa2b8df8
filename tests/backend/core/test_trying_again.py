"""Jobs that failed are tried again soon, then every hour, and not for ever."""

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import cast

import pytest
from procrastinate.jobs import Job

from backend.core.jobs import TRY_AGAIN, TRY_SOON_OR_NOT, Patience


def wait_after(attempts: int, patience: Patience) -> float | None:
    """Seconds until the next try, of a job that was tried so often before this one failed."""
    job = cast(Job, SimpleNamespace(attempts=attempts))
    decision = patience.get_retry_decision(exception=OSError(), job=job)
    if decision is None:
        return None
    assert decision.retry_at is not None
    return round((decision.retry_at - datetime.now(UTC)).total_seconds())


@pytest.mark.parametrize(
    ("attempts", "seconds"), [(0, 4), (1, 16), (4, 1024), (5, 3600), (20, 3600), (76, 3600), (77, None)]
)
def test_a_job_is_tried_for_three_days(attempts: int, seconds: int | None) -> None:
    assert wait_after(attempts, TRY_AGAIN) == seconds


def test_what_somebody_waits_for_fails_within_half_an_hour() -> None:
    waits = [wait_after(attempts, TRY_SOON_OR_NOT) for attempts in range(6)]
    assert sum(waits[:5]) < 1800  # type: ignore[arg-type]
    assert waits[5] is None
