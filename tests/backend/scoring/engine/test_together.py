"""Several things done together: every plan reaches its target on the very engine, with nothing to spare."""

from dataclasses import replace
from datetime import date
from itertools import combinations, product

import pytest
from hypothesis import HealthCheck, given, settings

from backend.scoring.engine.model import Indicator, Record
from backend.scoring.engine.standing import MOST_REPEATS, Standing, Step
from backend.scoring.engine.together import (
    MOST_PLANS,
    MOST_TOGETHER,
    MOST_TRIED,
    MOST_WITH_ONE,
    Plan,
    plans_to,
)
from backend.scoring.engine.whatif import what_if
from tests.backend.scoring.engine.builders import a_dimension, a_model, an_indicator
from tests.backend.scoring.engine.strategies import TODAY as GENERATED_TODAY
from tests.backend.scoring.engine.strategies import City, cities_and_targets
from tests.backend.scoring.engine.test_properties import assert_generated

TODAY = date(2026, 3, 1)
thoroughly = settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def an_action(code: str, points_milli: int, cap_milli: int, **changes: object) -> Indicator:
    values = {"points_milli": points_milli, "cap_milli": cap_milli, "positive_action": "做一件好事。"}
    return an_indicator(code, **(values | changes))


BLOOD = an_action("blood", 5_000, 10_000)
HOURS = an_action("hours", 100, 3_000)
TITLE = an_action("title", 4_000, 4_000)


@thoroughly
@given(cities_and_targets(more=5))
def test_every_plan_reaches_the_target_and_one_less_of_anything_does_not(city_and_target):
    city, target = city_and_target
    for plan in plans_of(city, target):
        assert 2 <= len(plan.steps) <= MOST_TOGETHER
        assert len({step.indicator.code for step in plan.steps}) == len(plan.steps)
        assert by_engine(city, plan.steps) == plan.score_milli >= target
        for place, step in enumerate(plan.steps):
            less = replace(step, quantity=step.quantity - 1)
            steps = [*plan.steps[:place], *([less] if less.quantity else []), *plan.steps[place + 1 :]]
            assert by_engine(city, steps) < target


@thoroughly
@given(cities_and_targets(more=5))
def test_where_two_or_three_things_are_needed_and_enough_a_plan_is_found(city_and_target):
    city, target = city_and_target
    standing = Standing(city.model, city.records, GENERATED_TODAY)
    most = [
        Step(action, min(standing.room(action), action.most_a_year or MOST_REPEATS))
        for action in standing.actions
        if standing.room(action)
    ]
    groups = [group for size in (1, 2, 3) for group in combinations(most, size)]
    enough = {len(group) for group in groups if by_engine(city, group) >= target}
    if enough and 1 not in enough:
        assert plans_of(city, target)


def test_the_generated_cities_have_plans_of_two_and_of_three_steps():
    for size in (2, 3):
        assert_generated(
            cities_and_targets(more=5),
            lambda found, size=size: any(len(plan.steps) == size for plan in plans_of(*found)),
        )


def test_what_brings_least_is_asked_for_least():
    plans = plans_to(a_model(BLOOD, HOURS, TITLE), [], target_milli=65_500, on=TODAY)
    assert told(plans) == [(("blood", 2), ("hours", 15), ("title", 1))]


@pytest.mark.parametrize("target_milli", range(51_000, 68_000, 1_300))
def test_no_other_quantities_of_the_same_things_are_fewer_in_all(target_milli):
    model = a_model(BLOOD, HOURS, TITLE)
    for plan in plans_to(model, [], target_milli=target_milli, on=TODAY):
        tried = product(*(range(1, 31) for _ in plan.steps))
        enough = [
            sum(quantities)
            for quantities in tried
            if by_engine(City(model, ()), steps_of(plan, quantities), TODAY) >= target_milli
        ]
        assert plan.effort == min(enough)


def test_what_one_thing_does_in_less_is_no_plan():
    assert plans_to(a_model(BLOOD, HOURS), [], target_milli=55_000, on=TODAY) == ()


def test_nothing_is_asked_for_more_often_than_a_year_has_room_for():
    pension = an_action("pension", 1_500, 6_000, most_a_year=1)
    water = an_action("water", 500, 2_000, most_a_year=1)
    [plan] = plans_to(a_model(pension, water, TITLE), [], target_milli=55_500, on=TODAY)
    assert told([plan]) == [(("pension", 1), ("title", 1))]
    assert plans_to(a_model(pension, water), [], target_milli=53_000, on=TODAY) == ()
    twice = replace(BLOOD, most_a_year=2, cap_milli=40_000)
    assert told(plans_to(a_model(twice, TITLE), [], target_milli=64_000, on=TODAY)) == [
        (("blood", 2), ("title", 1))
    ]
    assert plans_to(a_model(twice, TITLE), [], target_milli=64_001, on=TODAY) == ()


def test_a_full_dimension_and_a_full_cap_are_of_no_help():
    done = [Record("1", "title", TODAY)]
    model = a_model(
        TITLE,
        BLOOD,
        replace(HOURS, dimension="public"),
        dimensions=(a_dimension(max_milli=9_000), a_dimension("public")),
    )
    [plan] = plans_to(model, done, target_milli=60_000, on=TODAY)
    assert told([plan]) == [(("blood", 1), ("hours", 10))]
    assert plans_to(model, done, target_milli=62_001, on=TODAY) == ()


def test_the_plans_are_few_and_not_all_about_the_same_thing():
    actions = [an_action(f"deed-{number}", 2_000 + number, 2_100) for number in range(12)]
    plans = plans_to(a_model(*actions), [], target_milli=54_000, on=TODAY)
    assert len(plans) == MOST_PLANS
    codes = [step.indicator.code for plan in plans for step in plan.steps]
    assert max(codes.count(code) for code in codes) == MOST_WITH_ONE


def test_a_target_already_reached_needs_no_plan():
    assert plans_to(a_model(BLOOD, HOURS), [], target_milli=50_000, on=TODAY) == ()


@pytest.mark.parametrize("target_milli", [53_000, 70_000, 99_000])
def test_the_work_is_bounded_however_many_actions_a_model_has(target_milli, monkeypatch):
    asked = []
    ask = Standing.score_with
    monkeypatch.setattr(Standing, "score_with", lambda self, *steps: asked.append(1) or ask(self, *steps))
    actions = [an_action(f"deed-{number}", 700 + number, 20_000) for number in range(200)]
    plans_to(a_model(*actions), [], target_milli=target_milli, on=TODAY)
    groups = sum(len(list(combinations(range(MOST_TRIED), size))) for size in range(1, MOST_TOGETHER + 1))
    # Once with the most of each, then each step by halves, then the plan.
    assert len(asked) <= groups * (1 + MOST_TOGETHER * 6 + 1)


def plans_of(city: City, target: int) -> tuple[Plan, ...]:
    return plans_to(city.model, city.records, target_milli=target, on=GENERATED_TODAY)


def by_engine(city: City, steps: "list[Step] | tuple[Step, ...]", on: date = GENERATED_TODAY) -> int:
    add = [Record(f"new-{n}", step.indicator.code, on, step.quantity) for n, step in enumerate(steps)]
    return what_if(city.model, city.records, add=add, on=on).score_milli


def steps_of(plan: Plan, quantities: tuple[int, ...]) -> list[Step]:
    return [Step(step.indicator, quantity) for step, quantity in zip(plan.steps, quantities, strict=True)]


def told(plans: "list[Plan] | tuple[Plan, ...]") -> list[tuple[tuple[str, int], ...]]:
    return [tuple(sorted((step.indicator.code, step.quantity) for step in plan.steps)) for plan in plans]
