from datetime import date

import pytest

from backend.scoring.engine.compute import compute_score
from backend.scoring.engine.errors import DuplicateRecord, UnknownRecord
from backend.scoring.engine.model import Decay, Record
from backend.scoring.engine.whatif import MOST_REPEATS, ways_to, what_if
from tests.backend.scoring.engine.builders import a_dimension, a_model, an_indicator

TODAY = date(2026, 3, 1)

VOLUNTEER = an_indicator("volunteer", positive_action="参加一次志愿服务。")
BLOOD = an_indicator("blood", points_milli=5_000, cap_milli=30_000, positive_action="无偿献血一次。")
AWARD = an_indicator("award", points_milli=9_000, cap_milli=50_000)
FINE = an_indicator("fine", points_milli=-5_000, positive_action="按时缴纳罚款。")


def test_three_more_acts_of_service_show_the_score_they_would_bring():
    result = what_if(a_model(VOLUNTEER), [], add=[Record("new", "volunteer", TODAY, 3)], on=TODAY)
    assert result.score_milli == 56_000


def test_without_the_fine_the_score_is_higher():
    records = [Record("1", "fine", TODAY), Record("2", "volunteer", TODAY)]
    result = what_if(a_model(VOLUNTEER, FINE), records, remove={"1"}, on=TODAY)
    assert result.score_milli == 52_000


def test_what_will_be_is_answered_for_a_later_day_too():
    records = [Record("1", "fine", TODAY, expires_on=date(2026, 3, 12))]
    model = a_model(FINE)
    assert what_if(model, records, on=date(2026, 3, 11)).score_milli == 45_000
    assert what_if(model, records, on=date(2026, 3, 12)).score_milli == 50_000


def test_asking_changes_nothing_about_the_real_records():
    records = [Record("1", "fine", TODAY)]
    what_if(a_model(FINE), records, add=[Record("2", "fine", TODAY)], remove={"1"}, on=TODAY)
    assert records == [Record("1", "fine", TODAY)]


def test_leaving_out_a_record_that_is_not_there_is_refused():
    with pytest.raises(UnknownRecord) as refusal:
        what_if(a_model(VOLUNTEER), [Record("1", "volunteer", TODAY)], remove={"1", "2"}, on=TODAY)
    assert refusal.value.data == {"record_id": "2"}


def test_adding_a_record_that_is_there_already_is_refused():
    with pytest.raises(DuplicateRecord):
        what_if(
            a_model(VOLUNTEER),
            [Record("1", "volunteer", TODAY)],
            add=[Record("1", "volunteer", TODAY)],
            on=TODAY,
        )


def test_the_way_needing_the_fewest_comes_first_and_is_as_short_as_possible():
    ways = ways_to(a_model(VOLUNTEER, BLOOD), [], target_milli=60_000, on=TODAY)
    assert told(ways) == [("blood", 2, 60_000, True), ("volunteer", 5, 60_000, True)]


def test_of_two_ways_equally_short_the_one_bringing_more_comes_first():
    lesser = an_indicator("lesser", points_milli=10_000, positive_action="做一件好事。")
    greater = an_indicator("greater", points_milli=12_000, positive_action="做一件更好的事。")
    ways = ways_to(a_model(lesser, greater), [], target_milli=60_000, on=TODAY)
    assert told(ways) == [("greater", 1, 62_000, True), ("lesser", 1, 60_000, True)]


def test_a_target_one_thousandth_further_takes_one_more():
    ways = ways_to(a_model(VOLUNTEER, BLOOD), [], target_milli=60_001, on=TODAY)
    assert told(ways) == [("blood", 3, 65_000, True), ("volunteer", 6, 62_000, True)]


def test_a_way_that_falls_short_tells_the_fewest_that_bring_the_most():
    ways = ways_to(a_model(VOLUNTEER, BLOOD), [], target_milli=75_000, on=TODAY)
    assert told(ways) == [("blood", 5, 75_000, True), ("volunteer", 10, 70_000, False)]


def test_nobody_is_told_to_do_a_thing_more_often_than_is_sensible():
    crumb = an_indicator("crumb", points_milli=100, positive_action="做一件小事。")
    ways = ways_to(a_model(crumb), [], target_milli=60_000, on=TODAY)
    assert told(ways) == [("crumb", MOST_REPEATS, 55_000, False)]


def test_what_nobody_can_choose_to_do_and_what_costs_points_is_no_way():
    assert ways_to(a_model(AWARD, FINE), [], target_milli=60_000, on=TODAY) == ()


def test_an_action_whose_cap_is_used_up_is_no_way():
    records = [Record("1", "volunteer", TODAY, 10)]
    assert ways_to(a_model(VOLUNTEER), records, target_milli=90_000, on=TODAY) == ()


def test_a_full_dimension_leaves_only_the_ways_in_the_others():
    model = a_model(
        VOLUNTEER,
        an_indicator("blood", dimension="public", positive_action="无偿献血一次。"),
        dimensions=(a_dimension("conduct", max_milli=4_000), a_dimension("public")),
    )
    ways = ways_to(model, [Record("1", "volunteer", TODAY, 2)], target_milli=60_000, on=TODAY)
    assert told(ways) == [("blood", 3, 60_000, True)]


def test_what_is_done_on_the_day_counts_in_full_although_it_will_fade():
    fading = an_indicator(decay=Decay.LINEAR, valid_days=10, positive_action="参加一次志愿服务。")
    ways = ways_to(a_model(fading), [], target_milli=60_000, on=TODAY)
    assert told(ways) == [("volunteer", 5, 60_000, True)]


def test_a_target_already_reached_needs_no_way():
    assert ways_to(a_model(VOLUNTEER), [], target_milli=50_000, on=TODAY) == ()


def test_a_way_is_found_whatever_the_ids_of_the_records():
    records = [Record(record_id, "fine", TODAY) for record_id in ("+", "++", "+++")]
    [way] = ways_to(a_model(VOLUNTEER, FINE), records, target_milli=40_000, on=TODAY)
    bare = compute_score(a_model(VOLUNTEER, FINE), records, TODAY).score_milli
    assert (bare, way.quantity, way.score_milli) == (35_000, 3, 41_000)


def told(ways):
    return [(way.indicator.code, way.quantity, way.score_milli, way.reaches) for way in ways]
