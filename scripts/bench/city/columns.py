"""The engines over generated columns: people per second, peak memory, and how both grow with the city."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from backend.city import load_city
from backend.scoring.bulk.running import PEOPLE_PER_SLICE
from backend.scoring.city_model import own_model
from scripts.bench.city import contender
from scripts.bench.city.watched import CityFailed, Watched
from scripts.engines.invented import InventedCity, write_columns

RECORDS_EACH = 40
ON = date(2028, 3, 1)


@dataclass(frozen=True)
class Outcome:
    """How one engine fared with one city. Its processor time includes its start, and says more than the clock
    on a machine that has other work."""

    people: int
    seconds: float
    cpu_seconds: float
    peak_mib: float
    sums: list[int]

    def lines(self, name: str) -> Iterator[str]:
        yield f"city_{name}_{self.people} {self.people / self.seconds:.0f} people/s"
        yield f"city_{name}_{self.people}_cpu {self.cpu_seconds:.1f} s"
        yield f"city_{name}_{self.people}_memory {self.peak_mib:.0f} MiB"


def write_city(folder: Path, people: int) -> Path:
    """The columns of a city of so many people."""
    target = folder / f"city-{people}"
    shutil.rmtree(target, ignore_errors=True)
    model = own_model(load_city(contender.CITY), ON)
    for _ in write_columns(target, InventedCity(people, RECORDS_EACH, model, ON, PEOPLE_PER_SLICE)):
        pass
    return target


def contend(name: str, columns: Path, people: int) -> Outcome:
    watched = Watched(contender.__name__, [name, str(columns), str(PEOPLE_PER_SLICE), ON.isoformat()])
    told = watched.result()
    return Outcome(people, told["seconds"], watched.cpu_seconds, watched.peak_mib, told["sums"])


def check_same(outcomes: list[Outcome]) -> None:
    if len({tuple(outcome.sums) for outcome in outcomes}) > 1:
        raise CityFailed(f"they found out different things: {[outcome.sums for outcome in outcomes]}")
