"""What Huangshi's folder offers: the published incentives word for word, examples for everything else."""

import pytest

from backend.city import City
from backend.city.incentive_files import Incentive
from tests.scripts.demonstration.conftest import TODAY

PUBLISHED = [
    (1001, "矿博园门票九折", "矿博园", "good", "discount", "门票 9 折"),
    (
        1002,
        "鄂东医疗集团住院先诊疗后付费",
        "鄂东医疗集团所属医院",
        "excellent",
        "pay_later",
        "住院先诊疗后付费",
    ),
    (1003, "东楚集团场馆运动八五折", "东楚集团下辖场馆", "outstanding", "discount", "运动 8.5 折"),
    (1004, "社区医院免挂号费", None, "outstanding", "fee_waived", "免挂号费"),
    (1005, "定期上门体检", None, "outstanding", "honour", "定期上门体检"),
    (1006, "指定景区门票六折", None, "outstanding", "discount", "指定景区门票 6 折"),
    (1007, "小区物业费八五折", None, "outstanding", "discount", "小区物业费 8.5 折"),
    (
        1008,
        "公积金业务绿色通道",
        "市公积金中心",
        None,
        "priority",
        "绿色通道；符合条件当场办结；容缺受理、提前审批",
    ),
    (
        1009,
        "图书馆免押金办证与多借",
        "市图书馆",
        None,
        "deposit_waived",
        "免押金办证；借阅 2 本增至 4 本；1 个月延至 2 个月",
    ),
]


@pytest.fixture(scope="module")
def examples(city: City) -> list[Incentive]:
    return [incentive for incentive in city.incentives if incentive.example]


def test_the_published_incentives_are_kept_word_for_word(city: City) -> None:
    published = [incentive for incentive in city.incentives if not incentive.example]
    assert [
        (
            incentive.number,
            incentive.title,
            incentive.unit and city.unit(incentive.unit).name,
            incentive.level,
            incentive.benefit_kind,
            incentive.benefit,
        )
        for incentive in published
    ] == PUBLISHED


def test_a_published_incentive_without_unit_or_level_cannot_be_claimed(city: City) -> None:
    published = [incentive for incentive in city.incentives if not incentive.example]
    complete = {incentive.number for incentive in published if incentive.unit and incentive.level}
    assert (
        {incentive.number for incentive in published if incentive.claimable} == complete == {1001, 1002, 1003}
    )


def test_a_published_unit_promises_nothing_but_what_was_published(
    city: City, examples: list[Incentive]
) -> None:
    for incentive in examples:
        assert incentive.unit is not None
        unit = city.unit(incentive.unit)
        assert unit.example
        assert unit.name.startswith("示例·")


def test_examples_cover_every_category_benefit_kind_form_and_level(
    city: City, examples: list[Incentive]
) -> None:
    assert len(examples) >= 60
    assert {incentive.category for incentive in examples} == {category.code for category in city.categories}
    assert {incentive.form for incentive in examples} == {"voucher", "standing"}
    assert len({incentive.benefit_kind for incentive in examples}) == 9
    assert {incentive.level for incentive in examples} == {"good", "excellent", "outstanding", None}
    assert sum(incentive.score_milli is not None for incentive in examples) >= 5


def test_every_example_unit_offers_something(city: City, examples: list[Incentive]) -> None:
    offering = {incentive.unit for incentive in examples}
    assert {unit.key for unit in city.units if unit.example} <= offering


def test_the_demonstration_finds_what_it_shows(examples: list[Incentive]) -> None:
    vouchers = [incentive for incentive in examples if incentive.quota]
    quotas = {incentive.quota.total for incentive in vouchers if incentive.quota}
    assert {1, 100} <= quotas
    assert any(incentive.quota and incentive.quota.per_day for incentive in vouchers)
    assert any(incentive.uses == 3 for incentive in vouchers)
    assert any(incentive.needs_match for incentive in examples)
    assert any(incentive.offline for incentive in examples)
    assert any(incentive.has_return for incentive in examples)
    assert any(incentive.valid_until < TODAY for incentive in examples)
    assert any(incentive.valid_from > TODAY for incentive in examples)


def test_an_entitlement_twice_a_day_holds_in_several_shops(city: City, examples: list[Incentive]) -> None:
    twice_a_day = {
        incentive.unit
        for incentive in examples
        if incentive.form == "standing" and (incentive.limit.times, incentive.limit.period) == (2, "day")
    }
    later_shops = {clerk.unit for clerk in city.demonstration.clerks if clerk.shop > 0}
    assert twice_a_day & later_shops


def test_both_purposes_have_a_text_in_force_and_the_older_one_is_kept(city: City) -> None:
    assert [text.version for text in city.consents["scoring"]] == ["2025-06", "2026-01"]
    current = {purpose: city.consents.current(purpose, TODAY) for purpose in ("scoring", "reminders")}
    assert {purpose: text and text.version for purpose, text in current.items()} == {
        "scoring": "2026-01",
        "reminders": "2026-01",
    }
