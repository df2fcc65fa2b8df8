"""A run over the bench's city in a process of its own: `python -m scripts.bench.city.running URL FOLDER`."""

import sys
from pathlib import Path

import orjson

from backend.city import load_city
from backend.core.clock import SystemClock
from scripts.bench.city import database
from scripts.bench.city.contender import CITY


def main(url: str, folder: Path) -> None:
    seconds = database.run(url, load_city(CITY), folder=folder, clock=SystemClock())
    sys.stdout.buffer.write(orjson.dumps({"seconds": seconds}))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
