"""Values that are each well formed and still do not go together."""

import pytest

from backend.city.score_files import NEGATIVE_DAYS_AT_MOST
from tests.backend.city.conftest import CityCopy, Spoil

INCENTIVES = "incentives/examples.yaml"
MODEL = "score/2026-01/model.yaml"
LAWFUL = "score/2026-01/indicators/lawful.yaml"
GOODWILL = "score/2026-01/indicators/goodwill.yaml"


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ('score: "720.0"', 'score: "720.0"\n    level: first', "score: level 与 score 只能写一个"),
        ('score: "720.0"', 'score: "1000.1"', "score: 高于模型的最高分，无人能达到"),
        ("per_day: 50}", "per_day: 501}", "quota.per_day: 不能大于 total"),
        ("per_day: 50}", "per_shop: 501}", "quota.per_shop: 不能大于 total"),
        ("voucher_days: 30", "voucher_days: null", "voucher_days: 券（voucher）必须填写"),
        ("quota: {total: 500, per_day: 50}", "quota: null", "quota: 券（voucher）必须填写"),
        ("needs_match: true", "quota: {total: 9}", "quota: 常享权益（standing）不填写"),
        ("needs_match: true", "voucher_days: 9", "voucher_days: 常享权益（standing）不填写"),
        ("needs_match: true", "uses: 2", "uses: 常享权益（standing）不填写，次数由 limit 决定"),
        ("needs_match: true", "unavailable_reason: 无", "unavailable_reason: 只在 claimable 为 false 时填写"),
        ("needs_match: true", "source: {name: 报纸}", "source: 示例（example: true）没有出处"),
        ("unit: sample-clinic", "unit: null", "unit: 没有单位的条目无处可用"),
        ("valid_until: 2027-12-31", "valid_until: 2025-12-31", "valid_until: 早于 valid_from"),
    ],
)
def test_an_incentive_that_contradicts_itself_is_refused(
    spoil: Spoil, old: str, new: str, problem: str
) -> None:
    found = spoil(INCENTIVES, old, new)

    assert found.startswith("here: incentives[")
    assert problem in found


def test_an_incentive_without_level_and_score_must_not_be_claimable(city_copy: CityCopy) -> None:
    line = city_copy.line_of(INCENTIVES, "number: 1005")
    city_copy.replace(INCENTIVES, '    score: "720.0"\n', "")

    [problem] = city_copy.problems()

    assert problem.startswith(f"cities/luoyang/{INCENTIVES}:{line}: incentives[4].score: ")


def test_what_cannot_be_claimed_says_why(city_copy: CityCopy) -> None:
    line = city_copy.line_of(INCENTIVES, "number: 1005")
    city_copy.replace(INCENTIVES, '    score: "720.0"\n', "    claimable: false\n")

    assert city_copy.problems() == [
        f"cities/luoyang/{INCENTIVES}:{line}: "
        "incentives[4].unavailable_reason: claimable 为 false 时要写明原因"
    ]


def test_what_is_no_example_says_where_it_was_published(city_copy: CityCopy) -> None:
    line = city_copy.line_of(INCENTIVES, "number: 1001")
    city_copy.replace(INCENTIVES, "example: true", "example: false")

    assert city_copy.problems() == [
        f"cities/luoyang/{INCENTIVES}:{line}: incentives[0].source: 不是示例就要写出处"
    ]


def test_a_number_is_given_once_in_all_files_of_a_city(city_copy: CityCopy) -> None:
    text = (city_copy.folder / INCENTIVES).read_text(encoding="utf-8")
    first = text[: text.index("  - number: 1002")]
    city_copy.write("incentives/more.yaml", first)

    assert city_copy.problems() == [
        "cities/luoyang/incentives/more.yaml:3: incentives[0].number: 1001 重复（第一次在 examples.yaml:3）"
    ]


@pytest.mark.parametrize(
    ("file", "old", "new", "problem"),
    [
        ("city.yaml", "code: second, name", "code: first, name", "levels[1].code: first 重复"),
        ("units.yaml", "key: sample-clinic", "key: sample-library", "units[1].key: sample-library 重复"),
        (GOODWILL, "code: charity-donation", "code: penalty", "indicators[1].code: penalty 重复"),
        ("demonstration.yaml", "user: ly-bai", "user: ly-qin", "people[1].user: ly-qin 重复"),
        ("demonstration.yaml", "ly-clerk-soup", "ly-clerk-garden", "clerks[1].user: ly-clerk-garden 重复"),
    ],
)
def test_a_code_stands_for_one_thing(
    city_copy: CityCopy, file: str, old: str, new: str, problem: str
) -> None:
    city_copy.replace(file, old, new)

    assert any(problem in line and "重复（第一次在 " in line for line in city_copy.problems())


@pytest.mark.parametrize(
    ("file", "old", "new", "problem"),
    [
        (MODEL, 'base: "600.0"', 'base: "1001"', "base: 要在 floor 与 ceiling 之间"),
        (MODEL, 'ceiling: "1000"', 'ceiling: "800"', "ceiling: 等级 third 的下限不在 floor 与 ceiling 之间"),
        (MODEL, 'max: "150.0"', 'max: "-600.0"', "dimensions[0].max: 要大于 min"),
        (MODEL, "version: 2026-01", "version: 2026-02", "version: 要与文件夹同名（2026-01）"),
        (GOODWILL, 'points: "1.0"', 'points: "0"', "indicators[0].points: 不能为 0"),
        (GOODWILL, 'cap: "90.0"', 'cap: "14.9"', "indicators[1].cap: 是正数，且不小于 points 的绝对值"),
        (GOODWILL, 'points: "1.0"', 'points: "200.001"', "indicators[0].points: 绝对值最多 200.0"),
        (GOODWILL, 'cap: "90.0"', 'cap: "1000001"', "indicators[1].cap: 绝对值最多 1000000.0"),
        (GOODWILL, "valid_days: 730", "valid_days: 36526", "indicators[0].valid_days: 不能大于 36525"),
        (GOODWILL, "valid_days: 730", "valid_days: null", "indicators[0].valid_days: decay 为 linear 时"),
        (LAWFUL, "valid_days: 730", "valid_days: null", "indicators[0].valid_days: 扣分指标最多"),
        (
            LAWFUL,
            "valid_days: 730",
            f"valid_days: {NEGATIVE_DAYS_AT_MOST + 1}",
            "indicators[0].valid_days: 扣分指标最多 1826 天（五年）",
        ),
        (LAWFUL, "positive_action: null", "positive_action: 改", "indicators[0].positive_action: 扣分指标"),
        (
            LAWFUL,
            "source: 示例模型",
            "most_a_year: 2\n    source: 示例模型",
            "indicators[0].most_a_year: 没有 positive_action 的指标不填写",
        ),
        ("city.yaml", 'from: "750"', 'from: "950"', "levels: 按 from 从低到高排列"),
        ("city.yaml", "code: luoyang", "code: loyang", "code: 要与文件夹同名（luoyang）"),
        ("city.yaml", '  code: "410302"', '  code: "410309"', "districts[0].code: 有行政区划代码的区县"),
        ("calendar/2026.yaml", "year: 2026", "year: 2027", "year: 要与文件名一致（2026）"),
        ("calendar/2026.yaml", "last: 2026-01-03", "last: 2025-01-03", "holidays[0].last: 早于 first"),
        ("calendar/2026.yaml", "2026-01-04", "2026-01-05", "make_up_days[0]: 2026-01-05 不是周六或周日"),
    ],
)
def test_data_that_cannot_be_right_is_refused(
    city_copy: CityCopy, file: str, old: str, new: str, problem: str
) -> None:
    city_copy.replace(file, old, new)

    assert any(f": {problem}" in line for line in city_copy.problems())


@pytest.mark.parametrize("field", ["catalogue_item", "legal_basis", "source_unit"])
def test_an_indicator_without_catalogue_item_legal_basis_or_source_unit_is_refused(
    city_copy: CityCopy, field: str
) -> None:
    text = (city_copy.folder / GOODWILL).read_text(encoding="utf-8")
    lines = [line for line in text.splitlines(keepends=True) if not line.startswith(f"    {field}:")]
    city_copy.write(GOODWILL, "".join(lines))

    problems = city_copy.problems()

    assert len(problems) == 4
    assert all(f"].{field}: 缺少这一项" in problem for problem in problems)


def test_two_texts_of_a_purpose_do_not_begin_on_the_same_day(city_copy: CityCopy) -> None:
    text = (city_copy.folder / "consents/scoring/2026-01.md").read_text(encoding="utf-8")
    city_copy.write("consents/scoring/2026-02.md", text)

    assert city_copy.problems() == [
        "cities/luoyang/consents/scoring/2026-02.md:3: effective_on: 与同一用途的另一版同日生效"
    ]
