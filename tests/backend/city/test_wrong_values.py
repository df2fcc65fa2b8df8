"""Whoever edits a city folder is told file, line and field of each wrong value."""

import pytest

from tests.backend.city.conftest import CityCopy, Spoil

INCENTIVES = "incentives/examples.yaml"
DEMONSTRATION = "demonstration.yaml"
GOODWILL = "score/2026-01/indicators/goodwill.yaml"


def test_the_message_holds_file_line_field_and_the_codes_there_are(city_copy: CityCopy) -> None:
    line = city_copy.replace(INCENTIVES, "level: third", "level: xyz")

    assert city_copy.problems() == [
        f"cities/luoyang/{INCENTIVES}:{line}: incentives[3].level: "
        "等级 xyz 不存在（可用：first, second, third）"
    ]


@pytest.mark.parametrize(
    ("file", "old", "new", "problem"),
    [
        (INCENTIVES, ": medical", ": health", "incentives[1].category: 类别 health 不存在"),
        (INCENTIVES, "unit: sample-clinic", "unit: clinic", "incentives[1].unit: 单位 clinic 不存在"),
        (INCENTIVES, '["410304"]', '["420202"]', "incentives[5].districts[0]: 区县 420202 不存在"),
        ("units.yaml", "medical", "health", "units[1].category: 类别 health 不存在"),
        ("units.yaml", '"410303"', '"420202"', "units[1].district: 区县 420202 不存在"),
        (DEMONSTRATION, '"410303"', '"420202"', "people[0].district: 区县 420202 不存在"),
        (DEMONSTRATION, "unit: sample-garden", "unit: garden", "clerks[0].unit: 单位 garden 不存在"),
        (DEMONSTRATION, ": penalty", ": fine", "people[1].records[1].indicator: 指标 fine 不存在"),
    ],
)
def test_a_code_nobody_defined_is_refused(spoil: Spoil, file: str, old: str, new: str, problem: str) -> None:
    assert spoil(file, old, new).startswith(f"here: {problem}")


def test_where_there_are_many_codes_the_similar_ones_are_offered(city_copy: CityCopy) -> None:
    many = "".join(f"  - {{code: field_{number}, name: 领域}}\n" for number in range(30))
    city_copy.replace("city.yaml", "categories:\n", f"categories:\n{many}")
    city_copy.replace(INCENTIVES, ": medical", ": medicla")

    [problem] = city_copy.problems()

    assert problem.endswith("类别 medicla 不存在（是不是 medical？）")


@pytest.mark.parametrize(
    ("file", "old", "new", "problem"),
    [
        (
            INCENTIVES,
            "number: 1001",
            'number: "1001"',
            "incentives[0].number: 应是整数，不加引号（现为 1001）",
        ),
        (INCENTIVES, "number: 1001", "number: 0", "incentives[0].number: 不能小于 1（现为 0）"),
        (INCENTIVES, "number: 1001", "number: 4294967296", "incentives[0].number: 不能大于 4294967295"),
        (
            INCENTIVES,
            ": standing",
            ": forever",
            "incentives[0].form: 没有这个选项（可用：voucher, standing）",
        ),
        (INCENTIVES, "2026-01-01", "2026-02-30", "incentives[0].valid_from: 应是日期"),
        (INCENTIVES, "2026-01-01", "2026", "incentives[0].valid_from: 应是日期"),
        (
            INCENTIVES,
            "example: true",
            "example: yes",
            "incentives[0].example: 应是 true 或 false（现为 yes）",
        ),
        (INCENTIVES, "[图书按期归还]", "图书按期归还", "incentives[0].terms: 应是列表（现为 图书按期归还）"),
        (INCENTIVES, "{times: 1, period: year}", "once", "incentives[0].limit: 应是一组“键: 值”"),
        (INCENTIVES, '"06:00-22:00"', "6am-10pm", 'incentives[2].hours: 时段写成 "09:00-21:00"'),
        (INCENTIVES, '"06:00-22:00"', "22:00-06:00", "incentives[2].hours: 开始时间要早于结束时间"),
        (INCENTIVES, "[mon, tue, wed, thu, fri]", "[]", "incentives[3].days: 至少要有 1 项"),
        (INCENTIVES, "title: 借书免押金", 'title: ""', "incentives[0].title: 不能为空"),
        ("city.yaml", "code: what", "code: What?", "texts.help[0].code: 只用小写字母、数字、- 和 _"),
        ("city.yaml", "name: 老城区", "name: 410302", "districts[0].name: 应是文字，数字也要加引号"),
        ("city.yaml", "timezone: Asia/Shanghai", "timezone: Asia/Luoyang", "timezone: 没有时区 Asia/Luoyang"),
        ("city.yaml", 'id_prefix: "410302"', 'id_prefix: "4103"', "districts[0].id_prefix: 行政区划代码"),
        ("city.yaml", "{lat: 34.684", "{lat: north", "districts[0].centre.lat: 应是数字"),
        ("city.yaml", "{lat: 34.684", "{lat: 112.469", "districts[0].centre.lat: 不能大于 54"),
    ],
)
def test_a_value_of_the_wrong_kind_is_refused(
    spoil: Spoil, file: str, old: str, new: str, problem: str
) -> None:
    assert spoil(file, old, new).startswith(f"here: {problem}")


@pytest.mark.parametrize(
    ("points", "problem"),
    [
        ("1.0", '请加引号写成十进制数，如 "2.5"（现为 1.0）'),
        ("1", '请加引号写成十进制数，如 "2.5"（现为 1）'),
        ('"1.0005"', '最多三位小数（现为 "1.0005"）'),
        ('"1,5"', '不是十进制数（现为 "1,5"）'),
        ('"１.5"', '不是十进制数（现为 "１.5"）'),
        ('"1e3"', '不是十进制数（现为 "1e3"）'),
    ],
)
def test_points_are_quoted_decimals_of_at_most_three_places(spoil: Spoil, points: str, problem: str) -> None:
    found = spoil(GOODWILL, 'points: "1.0"', f"points: {points}")

    assert found == f"here: indicators[0].points: {problem}"


def test_points_become_thousandths_exactly(city_copy: CityCopy) -> None:
    city_copy.replace(GOODWILL, 'points: "1.0"', 'points: "0.005"')
    city_copy.replace(GOODWILL, 'points: "15.0"', 'points: "29.999"')

    volunteer, blood, *_ = city_copy.load().score_models[0].dimensions[1].indicators

    assert (volunteer.points_milli, blood.points_milli) == (5, 29_999)


def test_a_misspelt_field_is_reported_with_the_name_it_resembles(city_copy: CityCopy) -> None:
    line = city_copy.replace(INCENTIVES, "cost_bearer: unit", "cost_bearer: unit\n    offlien: true")

    assert city_copy.problems() == [
        f"cities/luoyang/{INCENTIVES}:{line + 1}: incentives[0].offlien: 没有这个字段，是不是 offline？"
    ]


def test_a_missing_field_is_reported_at_the_item_that_lacks_it(city_copy: CityCopy) -> None:
    line = city_copy.replace(INCENTIVES, "    cost_bearer: unit\n", "")
    item_line = city_copy.line_of(INCENTIVES, "number: 1001")

    assert item_line < line
    assert city_copy.problems() == [
        f"cities/luoyang/{INCENTIVES}:{item_line}: incentives[0].cost_bearer: 缺少这一项"
    ]


def test_every_problem_of_every_file_is_told_at_once(city_copy: CityCopy) -> None:
    city_copy.replace("city.yaml", "timezone: Asia/Shanghai", "timezone: Mars")
    city_copy.replace("calendar/2026.yaml", "year: 2026", "year: next")
    city_copy.replace("units.yaml", "kind: sole_trader", "kind: soup")
    city_copy.replace(INCENTIVES, "level: third", "level: xyz")
    city_copy.replace(INCENTIVES, "form: standing", "form: forever")
    city_copy.replace(GOODWILL, 'points: "1.0"', "points: 1.0")
    city_copy.replace("consents/scoring/2026-01.md", "effective_on: 2026-01-01", "effective_on: soon")
    city_copy.replace(DEMONSTRATION, "sex: female", "sex: f")

    fields = [problem.split(": ")[1] for problem in city_copy.problems()]

    assert fields == [
        "year",
        "timezone",
        "effective_on",
        "people[0].sex",
        "incentives[0].form",
        "incentives[3].level",
        "indicators[0].points",
        "units[5].kind",
    ]
