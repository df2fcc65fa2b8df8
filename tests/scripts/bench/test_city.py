"""What the bench of the city run compares gives the same answers, or the comparison would mean nothing."""

from pathlib import Path

import pytest

from backend.scoring.bulk.engines import DuckDB
from scripts.bench.city.by_hand import DuckDBByHand
from scripts.bench.city.columns import Outcome, check_same
from scripts.bench.city.watched import CityFailed, Watched
from scripts.engines.compare import differences
from scripts.engines.every_rule import MODEL, ON
from scripts.engines.invented import InventedCity, write_columns


def test_the_sql_written_by_hand_finds_out_the_same(tmp_path: Path) -> None:
    city = InventedCity(600, 12, MODEL, ON, per_slice=400)
    for number in write_columns(tmp_path / "columns", city):
        asked = {"per_slice": 400, "model": MODEL, "on": ON}
        by_hand = DuckDBByHand().score(tmp_path / "columns", number, **asked)
        found = DuckDB().score(tmp_path / "columns", number, **asked)
        assert by_hand.scores.num_rows == min(400, 600 - number * 400)
        assert list(differences(by_hand, found)) == []


def test_engines_that_find_out_different_things_fail_the_bench() -> None:
    one, other = (Outcome(10, 1.0, 1.0, 1.0, [10, milli, 5]) for milli in (700, 701))
    check_same([one, one])
    with pytest.raises(CityFailed, match="different things"):
        check_same([one, other])


def test_what_a_process_that_ends_badly_said_is_told() -> None:
    with pytest.raises(CityFailed, match="No module named"):
        Watched("no.such.thing", []).result()
