"""What holds for every model, every resident and every day."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import HealthCheck, Phase, find, given, reject, settings
from hypothesis import strategies as st

from backend.scoring.engine.compute import Clamp, ClampScope, Line, NotCounted, compute_score
from backend.scoring.engine.model import Indicator, Record, RecordStatus
from backend.scoring.engine.whatif import MOST_REPEATS, ways_to, what_if
from tests.backend.scoring.engine.strategies import (
    DAYS,
    TODAY,
    City,
    cities,
    cities_and_targets,
    gains,
    losses,
    one_more,
)

# A busy machine makes single examples slow; no deadline, so that this fails no build.
thoroughly = settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@thoroughly
@given(cities(), DAYS, st.data())
def test_the_order_of_the_records_does_not_matter(city, on, data):
    shuffled = data.draw(st.permutations(city.records))
    assert compute_score(city.model, shuffled, on) == compute_score(city.model, city.records, on)


@thoroughly
@given(cities(), DAYS)
def test_the_sum_of_the_trace_is_the_score(city, on):
    result = compute_score(city.model, city.records, on)
    assert result.trace_sum_milli == result.score_milli
    assert sum(len(part.lines) for part in result.dimensions) == len(city.records)


@thoroughly
@given(cities(), DAYS)
def test_the_score_stays_between_floor_and_ceiling(city, on):
    assert city.model.floor_milli <= score(city, on) <= city.model.ceiling_milli


@thoroughly
@given(cities(), DAYS)
def test_someone_without_records_has_the_base_and_loses_nothing(city, on):
    model = city.model
    expected = max(model.floor_milli, min(model.base_milli, model.ceiling_milli))
    assert score(City(model, ()), on) == expected


@thoroughly
@given(cities(), st.data())
def test_doing_one_more_good_thing_never_lowers_the_score(city, data):
    good = data.draw(one_more(city, among=gains(city)))
    assert score(with_record(city, good)) >= score(city)


@thoroughly
@given(cities(), st.data())
def test_one_more_misdeed_never_raises_the_score(city, data):
    bad = data.draw(one_more(city, among=losses(city)))
    assert score(with_record(city, bad)) <= score(city)


@thoroughly
@given(cities(), st.data())
def test_a_record_that_has_ended_changes_nothing(city, data):
    record = data.draw(one_more(city, among=list(city.model.indicators)))
    ended = replace(record, expires_on=data.draw(DAYS.filter(lambda day: day <= TODAY)))
    assert score(with_record(city, ended)) == score(city)


@thoroughly
@given(cities(), st.data())
def test_from_the_day_a_record_ends_it_is_as_if_it_had_never_been(city, data):
    record = data.draw(one_more(city, among=list(city.model.indicators)))
    richer = with_record(city, record)
    [ends_on] = [line.ends_on for line in lines_of(richer) if line.record_id == record.id]
    if ends_on is None:
        reject()
    assert score(richer, ends_on) == score(city, ends_on)


@thoroughly
@given(cities(), st.data(), st.sampled_from([RecordStatus.REPAIRED, RecordStatus.WITHDRAWN]))
def test_a_repaired_or_withdrawn_record_is_as_if_it_had_never_been(city, data, status):
    record = replace(data.draw(one_more(city, among=list(city.model.indicators))), status=status)
    assert score(with_record(city, record)) == score(city)


@thoroughly
@given(cities(), st.data())
def test_leaving_out_what_was_just_added_gives_the_score_of_before(city, data):
    record = data.draw(one_more(city, among=list(city.model.indicators)))
    there = what_if(city.model, city.records, add=[record], on=TODAY)
    back = what_if(city.model, [*city.records, record], remove={record.id}, on=TODAY)
    assert there == compute_score(city.model, [*city.records, record], TODAY)
    assert back == compute_score(city.model, city.records, TODAY)


@settings(thoroughly, max_examples=60)
@given(cities_and_targets())
def test_the_way_to_a_target_is_the_one_found_by_trying_every_quantity(city_and_target):
    city, target = city_and_target
    for way in ways_to(city.model, city.records, target_milli=target, on=TODAY):
        tried = [score_with(city, way.indicator, quantity) for quantity in range(1, MOST_REPEATS + 1)]
        enough = min(target, max(tried))
        first = next(quantity for quantity, reached in enumerate(tried, start=1) if reached >= enough)
        assert (way.quantity, way.score_milli) == (first, tried[first - 1])
        assert way.reaches == (max(tried) >= target)


@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize("scope", ClampScope)
def test_the_generated_cities_reach_every_clamp(scope, sign):
    assert_generated(
        cities(),
        lambda city: any(clamp.scope is scope and clamp.cut_milli * sign > 0 for clamp in clamps_of(city)),
    )


@pytest.mark.parametrize("reason", NotCounted)
def test_the_generated_cities_reach_every_reason_not_to_count(reason):
    assert_generated(cities(), lambda city: any(line.not_counted is reason for line in lines_of(city)))


@pytest.mark.parametrize("sign", [1, -1])
def test_the_generated_cities_have_points_partly_decayed(sign):
    def has_decayed(city: City) -> bool:
        points = {record.id: full_points(city, record) for record in city.records}
        return any(0 < line.points_milli * sign < points[line.record_id] * sign for line in lines_of(city))

    assert_generated(cities(), has_decayed)


@pytest.mark.parametrize("sign", [1, -1])
def test_one_more_generated_record_often_moves_the_score(sign):
    def pairs(city: City):
        among = gains(city) if sign > 0 else losses(city)
        return st.tuples(st.just(city), one_more(city, among=among))

    assert_generated(
        cities().flatmap(pairs), lambda pair: (score(with_record(*pair)) - score(pair[0])) * sign > 0
    )


@pytest.mark.parametrize("reaches", [True, False])
def test_the_generated_cities_have_ways_of_several_steps(reaches):
    def has_way(city_and_target) -> bool:
        city, target = city_and_target
        ways = ways_to(city.model, city.records, target_milli=target, on=TODAY)
        return any(way.reaches is reaches and way.quantity > 1 for way in ways)

    assert_generated(cities_and_targets(), has_way)


def assert_generated(strategy, wanted) -> None:
    """Fails with `NoSuchExample` when the properties above would hold for want of examples."""
    eager = settings(max_examples=500, derandomize=True, database=None, phases=[Phase.generate])
    assert wanted(find(strategy, wanted, settings=eager))


def score(city: City, on: date = TODAY) -> int:
    return compute_score(city.model, city.records, on).score_milli


def score_with(city: City, indicator: Indicator, quantity: int) -> int:
    return score(with_record(city, Record("new", indicator.code, TODAY, quantity)))


def with_record(city: City, record: Record) -> City:
    return City(city.model, (*city.records, record))


def full_points(city: City, record: Record) -> int:
    return city.model.indicator(record.indicator).points_milli * record.quantity


def clamps_of(city: City) -> list[Clamp]:
    result = compute_score(city.model, city.records, TODAY)
    return [clamp for part in result.dimensions for clamp in part.adjustments] + list(result.adjustments)


def lines_of(city: City) -> list[Line]:
    result = compute_score(city.model, city.records, TODAY)
    return [line for part in result.dimensions for line in part.lines]
