"""Huangshi's list: nine entries the city published, and examples marked as such."""

from datetime import date

from backend.city import City

PUBLISHED = {
    "矿博园门票九折": "good",
    "鄂东医疗集团住院先诊疗后付费": "excellent",
    "东楚集团场馆运动八五折": "outstanding",
    "社区医院免挂号费": "outstanding",
    "定期上门体检": "outstanding",
    "指定景区门票六折": "outstanding",
    "小区物业费八五折": "outstanding",
    "公积金业务绿色通道": None,
    "图书馆免押金办证与多借": None,
}


def test_the_nine_published_entries_stand_with_their_level_and_source(huangshi: City) -> None:
    published = [incentive for incentive in huangshi.incentives if not incentive.example]

    assert {incentive.title: incentive.level for incentive in published} == PUBLISHED
    assert {incentive.source.name[:4] for incentive in published if incentive.source} == {
        "湖北日报",
        "精神文明",
    }


def test_a_published_entry_without_unit_or_level_is_shown_but_not_given_out(huangshi: City) -> None:
    published = [incentive for incentive in huangshi.incentives if not incentive.example]
    vague = [incentive for incentive in published if incentive.unit is None or incentive.level is None]

    assert len(vague) >= 5
    assert not any(incentive.claimable for incentive in vague)


def test_there_are_enough_examples_to_walk_through_the_city(huangshi: City) -> None:
    examples = [incentive for incentive in huangshi.incentives if incentive.example]

    assert len(examples) >= 60
    assert {incentive.form for incentive in examples} == {"voucher", "standing"}
    assert {incentive.category for incentive in examples} == {c.code for c in huangshi.categories}


def test_an_example_is_given_by_an_example_unit(huangshi: City) -> None:
    for incentive in huangshi.incentives:
        if incentive.unit is not None:
            assert huangshi.unit(incentive.unit).example == incentive.example


def test_every_level_and_every_kind_of_benefit_occurs(huangshi: City) -> None:
    assert {i.level for i in huangshi.incentives} == {level.code for level in huangshi.levels} | {None}
    assert len({i.benefit_kind for i in huangshi.incentives}) == 9


def test_most_of_the_list_can_be_used_on_any_day(huangshi: City) -> None:
    today = date(2026, 11, 22)
    usable = [i for i in huangshi.incentives if i.claimable and i.valid_from <= today <= i.valid_until]

    assert len(usable) >= 60
    assert min(incentive.number for incentive in huangshi.incentives) == 1001
