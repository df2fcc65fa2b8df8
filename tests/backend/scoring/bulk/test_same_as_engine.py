"""The bulk engine and the one-person engine give the same numbers, whatever the model and the records."""

from datetime import date
from typing import Any

import ibis
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backend.scoring.bulk.expression import largest_lines, lines_of, rules_of, scores_of
from backend.scoring.engine.compute import ScoreResult, compute_score
from backend.scoring.engine.model import ScoreModel
from tests.backend.scoring.bulk.columns import people_table, records_table
from tests.backend.scoring.engine.strategies import DAYS, cities, record_lists


@pytest.fixture(scope="module")
def duckdb() -> ibis.BaseBackend:
    return ibis.duckdb.connect()


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(city=cities(), on=DAYS, data=st.data())
def test_every_sum_is_the_same(duckdb, city, on, data):
    others = data.draw(st.lists(record_lists(city.model), max_size=4))
    people = [list(city.records), *others, []]
    scores, heaviest = run(duckdb, city.model, people, on)
    for person, records in enumerate(people):
        expected = compute_score(city.model, records, on)
        assert scores[person] == sums_of(expected)
        assert heaviest.get(person, []) == heaviest_of(expected)


def run(
    backend: ibis.BaseBackend, model: ScoreModel, people: list[list[Any]], on: date
) -> tuple[dict[int, Any], dict[int, list[tuple[str, int]]]]:
    rules = ibis.memtable(rules_of(model))
    lines = lines_of(records_table(model, people), rules, on)
    scored = backend.to_pyarrow(scores_of(people_table(len(people)), lines, rules, model)).to_pylist()
    ranked = backend.to_pyarrow(largest_lines(lines).order_by("person", "place")).to_pylist()
    heaviest: dict[int, list[tuple[str, int]]] = {}
    for line in ranked:
        heaviest.setdefault(line["person"], []).append((line["record"].decode(), line["points"]))
    return {row.pop("person"): row for row in scored}, heaviest


def sums_of(result: ScoreResult) -> dict[str, Any]:
    return {
        "score_milli": result.score_milli,
        "level": result.level.code if result.level else None,
        "lines_milli": result.indicator_sums.total(),
        **{f"dimension_{place}": part.points_milli for place, part in enumerate(result.dimensions)},
    }


def heaviest_of(result: ScoreResult) -> list[tuple[str, int]]:
    return [(line.record_id, line.points_milli) for line in result.heaviest_lines]
