"""A shadow run in a process of its own: `python -m scripts.bench.city.trying URL FOLDER RUN`."""

import sys
import time
from pathlib import Path
from uuid import UUID

import orjson
from sqlalchemy import NullPool, create_engine

from backend.config import Settings
from backend.core.background import in_background
from backend.core.database import system_sessions
from backend.main import assemble
from backend.scoring.versions.models import ShadowRun
from backend.scoring.versions.shadow import ShadowRunner
from scripts.bench.city.watched import CityFailed


def main(url: str, folder: Path, run_id: UUID) -> float:
    """Seconds until the report is there."""
    # For the keys, with which it reads how old people are.
    parts = assemble(Settings(log_level="WARNING"))
    engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://", 1), poolclass=NullPool)
    sessions = system_sessions(engine)
    runner = ShadowRunner(engine, sessions, folder=folder, clock=parts.clock)
    began = time.monotonic()
    in_background(lambda: runner.run(parts.city, run_id))
    seconds = time.monotonic() - began
    with sessions() as db:
        report = db.get_one(ShadowRun, run_id).report
    if not report or not report["people"]:
        raise CityFailed(f"the shadow run left no report: {report}")
    return seconds


if __name__ == "__main__":
    taken = main(sys.argv[1], Path(sys.argv[2]), UUID(sys.argv[3]))
    sys.stdout.buffer.write(orjson.dumps({"seconds": taken}))
