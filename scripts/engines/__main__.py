"""Score generated people one by one, by DuckDB and by Spark, and compare everything: `make engines`.

Milli-points, level, sum of the trace, every dimension and the ten heaviest lines must be the same to the
last digit, and every rule must have been in play. Exit codes: 0 the same, 1 a difference, 2 misused.
"""

import sys
import time
from collections import Counter
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from backend.scoring.bulk.engines import DuckDB, Engine
from backend.scoring.bulk.spark import Spark
from scripts.engines.compare import RULES, differences
from scripts.engines.every_rule import MODEL, ON
from scripts.engines.invented import InventedCity, write_columns
from scripts.engines.one_by_one import score_one_by_one

PER_SLICE = 50_000
RECORDS_EACH = 12


@click.command(help=__doc__)
@click.option("--people", default=200_000, show_default=True, type=click.IntRange(1))
@click.option("--seed", default=20_260, show_default=True)
@click.option("--spark", "master", default="local[2]", show_default=True, help="Spark 的地址。")
def main(people: int, seed: int, master: str) -> None:
    if find_spec("pyspark") is None:
        raise click.UsageError("没有安装 Spark，请用 make engines。")
    city = InventedCity(people, RECORDS_EACH, MODEL, ON, PER_SLICE, seed)
    rules, wrong = compare(city, {"duckdb": DuckDB(), "spark": Spark(master)})
    for rule in RULES:
        click.echo(f"rule_{rule} {rules[rule]} times")
    idle = [rule for rule in RULES if not rules[rule]]
    if idle:
        click.echo(f"没有用到的规则：{'、'.join(idle)}", err=True)
    click.echo(f"people {people} compared")
    sys.exit(1 if wrong or idle else 0)


def compare(city: InventedCity, engines: Mapping[str, Engine]) -> tuple[Counter[str], int]:
    """How often each rule was in play, and how many differences were found."""
    rules: Counter[str] = Counter()
    wrong = 0
    with TemporaryDirectory(prefix="engines-") as temporary:
        folder = Path(temporary) / "columns"
        for number in write_columns(folder, city):
            began = time.monotonic()
            expected = score_one_by_one(city, number, rules)
            told = [f"one_by_one {time.monotonic() - began:.1f} s"]
            for name, engine in engines.items():
                began = time.monotonic()
                found = engine.score(folder, number, per_slice=city.per_slice, model=city.model, on=city.on)
                told.append(f"{name} {time.monotonic() - began:.1f} s")
                for difference in differences(expected, found):
                    wrong += 1
                    click.echo(f"{name} {difference}", err=True)
            click.echo(f"slice {number + 1}/{len(city.slices)}: {', '.join(told)}")
    return rules, wrong


if __name__ == "__main__":
    main()
