"""A process that scores the city and is killed after some slices.

`python -m tests.backend.scoring.bulk.until_killed DATABASE FOLDER SECONDS_AHEAD SLICES`
"""

import os
import signal
import sys
from datetime import timedelta
from pathlib import Path

from backend.city import load_city
from backend.config import PROJECT
from backend.core.clock import ShiftedClock
from backend.core.database import connect, system_sessions
from backend.scoring.bulk.engines import DuckDB
from backend.scoring.bulk.running import CityScorer, Progress

PER_SLICE = 25


def main(url: str, folder: str, ahead: str, slices: str) -> None:
    engine = connect(url, pool_size=1)
    clock = ShiftedClock(timedelta(seconds=float(ahead)))
    scorer = CityScorer(engine, system_sessions(engine), engine=DuckDB(), folder=Path(folder), clock=clock)
    told: list[Progress] = []

    def die_in_time(progress: Progress) -> None:
        told.append(progress)
        if len(told) == int(slices):
            os.kill(os.getpid(), signal.SIGKILL)

    scorer.run(load_city(PROJECT / "cities" / "huangshi"), per_slice=PER_SLICE, tell=die_in_time)


if __name__ == "__main__":
    main(*sys.argv[1:])
