from datetime import date

import pytest

from backend.scoring.engine.compute import compute_score
from backend.scoring.engine.errors import DuplicateRecord, UnknownIndicator
from backend.scoring.engine.model import Record
from tests.backend.scoring.engine.builders import a_dimension, a_model, an_indicator

TODAY = date(2026, 3, 1)


def test_lines_are_told_by_day_and_then_by_id():
    records = [
        Record("3", "volunteer", date(2026, 2, 2)),
        Record("2", "blood", date(2026, 2, 1)),
        Record("1", "volunteer", date(2026, 2, 2)),
    ]
    result = compute_score(a_model(an_indicator("volunteer"), an_indicator("blood")), records, TODAY)
    assert [line.record_id for line in result.dimensions[0].lines] == ["2", "1", "3"]


def test_dimensions_are_told_in_the_order_of_the_model_even_when_empty():
    model = a_model(
        an_indicator("volunteer", dimension="public"),
        dimensions=(a_dimension("work"), a_dimension("public"), a_dimension("conduct")),
    )
    result = compute_score(model, [Record("1", "volunteer", TODAY)], TODAY)
    told = [(part.code, part.points_milli, len(part.lines)) for part in result.dimensions]
    assert told == [("work", 0, 0), ("public", 2_000, 1), ("conduct", 0, 0)]


def test_a_result_says_which_model_and_day_it_is_for():
    result = compute_score(a_model(version="2026.2", base_milli=61_000), [], TODAY)
    assert (result.model_version, result.on, result.base_milli) == ("2026.2", TODAY, 61_000)
    assert result.level is not None
    assert result.level.name == "信用良好"


def test_someone_held_at_the_floor_has_the_level_that_starts_there():
    model = a_model(an_indicator("fine", points_milli=-5_000), floor_milli=60_000, base_milli=62_000)
    result = compute_score(model, [Record("1", "fine", TODAY)], TODAY)
    assert result.score_milli == 60_000
    assert result.level == model.levels[0]


def test_a_record_of_an_unknown_indicator_is_refused_not_left_out():
    records = [Record("1", "volunteer", TODAY), Record("2", "blood", TODAY)]
    with pytest.raises(UnknownIndicator) as refusal:
        compute_score(a_model(an_indicator("volunteer")), records, TODAY)
    assert refusal.value.data == {"indicator": "blood"}


def test_a_record_handed_in_twice_does_not_count_twice():
    records = [Record("1", "volunteer", TODAY), Record("1", "volunteer", date(2026, 2, 1))]
    with pytest.raises(DuplicateRecord) as refusal:
        compute_score(a_model(), records, TODAY)
    assert refusal.value.data == {"record_id": "1"}


def test_a_validity_beyond_the_calendar_has_no_end():
    model = a_model(an_indicator(valid_days=365))
    record = Record("1", "volunteer", date(9999, 12, 1))
    [line] = compute_score(model, [record], date(9999, 12, 31)).dimensions[0].lines
    assert (line.counted, line.ends_on) == (True, None)
