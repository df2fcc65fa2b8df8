"""One engine in a process of its own, over slices that lie ready: `python -m scripts.bench.city.contender`.

Prints one line of JSON: seconds without the first opening of the engine, and sums that must not differ.
"""

import sys
import time
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Protocol

import orjson
from pyarrow import compute

from backend.city import load_city
from backend.config import PROJECT
from backend.scoring.bulk.columns import count_people, names_of
from backend.scoring.bulk.engines import DuckDB, Results
from backend.scoring.bulk.slices import gather
from backend.scoring.bulk.spark import Spark
from backend.scoring.city_model import own_model
from backend.scoring.engine.model import ScoreModel
from scripts.bench.city.by_hand import DuckDBByHand

CITY = PROJECT / "cities" / "huangshi"


class Contender(Protocol):
    def score(self, folder: Path, number: int, *, per_slice: int, model: ScoreModel, on: date) -> Results: ...


CONTENDERS: Mapping[str, Contender] = {
    "duckdb": DuckDB(),
    "duckdb_by_hand": DuckDBByHand(),
    "spark": Spark("local[2]"),
}


def main(name: str, folder: Path, per_slice: int, on: date) -> None:
    contender, model = CONTENDERS[name], own_model(load_city(CITY), on)
    people = count_people(folder)
    if name == "spark":
        contender.score(folder, people, per_slice=per_slice, model=model, on=on)
    began, milli, lines = time.monotonic(), 0, 0
    for number in range(-(-people // per_slice)):
        results = contender.score(folder, number, per_slice=per_slice, model=model, on=on)
        rows = gather(results, names_of(folder, number, per_slice=per_slice), model)
        milli += compute.sum(rows["score_milli"]).as_py()
        lines += results.heaviest.num_rows
    told = {"seconds": time.monotonic() - began, "sums": [people, milli, lines]}
    sys.stdout.buffer.write(orjson.dumps(told))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]), date.fromisoformat(sys.argv[4]))
