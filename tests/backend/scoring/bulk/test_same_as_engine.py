"""The bulk engine and the one-person engine give the same numbers, whatever the model and the records."""

from datetime import date, timedelta
from typing import Any

import ibis
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from backend.core.points import MOST_POINTS_MILLI, MOST_QUANTITY, MOST_SUM_MILLI, MOST_VALID_DAYS
from backend.scoring.bulk.expression import largest_lines, lines_of, rules_of, scores_of
from backend.scoring.engine.compute import ScoreResult, compute_score
from backend.scoring.engine.model import Decay, Record, ScoreModel
from tests.backend.scoring.bulk.columns import people_table, records_table
from tests.backend.scoring.engine.builders import a_model, an_indicator
from tests.backend.scoring.engine.strategies import DAYS, TODAY, cities, record_lists


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


@settings(max_examples=60, deadline=None)
@given(
    points=st.integers(1, MOST_POINTS_MILLI),
    sign=st.sampled_from([1, -1]),
    valid_days=st.integers(1, MOST_VALID_DAYS),
    delivered=st.lists(st.tuples(st.integers(1, MOST_QUANTITY), st.integers(0, MOST_VALID_DAYS)), max_size=6),
)
@example(MOST_POINTS_MILLI, 1, MOST_VALID_DAYS, [(MOST_QUANTITY, 0), (MOST_QUANTITY - 1, 1)])
@example(MOST_POINTS_MILLI, -1, MOST_VALID_DAYS, [(MOST_QUANTITY, 0), (MOST_QUANTITY - 1, 1)])
@example(MOST_POINTS_MILLI - 1, -1, MOST_VALID_DAYS - 1, [(MOST_QUANTITY, 1)])
def test_the_largest_records_there_can_be_are_divided_exactly(duckdb, points, sign, valid_days, delivered):
    fading = an_indicator(
        points_milli=sign * points, decay=Decay.LINEAR, valid_days=valid_days, cap_milli=MOST_SUM_MILLI
    )
    model = a_model(fading)
    records = [
        Record(str(number), fading.code, TODAY - timedelta(days=gone), quantity=quantity)
        for number, (quantity, gone) in enumerate(delivered)
    ]
    scores, heaviest = run(duckdb, model, [records], TODAY)
    expected = compute_score(model, records, TODAY)
    assert scores[0] == sums_of(expected)
    assert heaviest.get(0, []) == heaviest_of(expected)


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
