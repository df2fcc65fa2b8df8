"""Every engine gives everybody the very same score, with every rule in play."""

from collections import Counter
from importlib.util import find_spec
from pathlib import Path

import pytest

from backend.scoring.bulk.engines import DuckDB, Engine
from backend.scoring.bulk.spark import Spark
from scripts.engines.compare import RULES, differences
from scripts.engines.every_rule import MODEL, ON
from scripts.engines.invented import InventedCity, write_columns
from scripts.engines.one_by_one import score_one_by_one

NEEDS_SPARK = (
    pytest.mark.skipif(find_spec("pyspark") is None, reason="Spark is not installed; `make engines` does it"),
    # It leaves the closing of its sockets to the garbage collector.
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning"),
)


@pytest.mark.parametrize(
    ("engine", "people"),
    [
        pytest.param(DuckDB(), 3_000, id="duckdb"),
        pytest.param(Spark("local[1]", memory="1g"), 300, id="spark", marks=NEEDS_SPARK),
    ],
)
def test_nobody_has_another_score_than_alone(tmp_path: Path, engine: Engine, people: int) -> None:
    city = InventedCity(people, 12, MODEL, ON, per_slice=people // 2)
    rules: Counter[str] = Counter()
    for number in write_columns(tmp_path / "columns", city):
        expected = score_one_by_one(city, number, rules)
        found = engine.score(tmp_path / "columns", number, per_slice=city.per_slice, model=MODEL, on=ON)
        assert list(differences(expected, found)) == []
    assert people < 3_000 or [rule for rule in RULES if not rules[rule]] == []


def test_a_difference_of_one_thousandth_is_found_and_named(tmp_path: Path) -> None:
    city = InventedCity(50, 12, MODEL, ON, per_slice=50)
    list(write_columns(tmp_path / "columns", city))
    asked = {"per_slice": 50, "model": MODEL, "on": ON}
    found = DuckDB().score(tmp_path / "columns", 0, **asked)
    other = InventedCity(50, 12, MODEL, ON, per_slice=50, seed=1)
    [scores, heaviest] = differences(score_one_by_one(other, 0, Counter()), found)
    assert scores.startswith("scores: {'person': 0,")
    assert heaviest.startswith("heaviest: {'person': ")
