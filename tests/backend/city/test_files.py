"""Files that are missing, misplaced or no YAML."""

from pathlib import Path
from shutil import copytree, rmtree

import pytest

from backend.city import CityDataError, load_city
from tests.backend.city.conftest import CityCopy, Spoil

INCENTIVES = "incentives/examples.yaml"


def test_an_untouched_copy_loads(city_copy: CityCopy) -> None:
    assert city_copy.load().name == "洛阳市"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("form: standing", "form: [standing", "YAML 语法错误"),
        ("form: standing", "form: *other", "YAML 语法错误"),
        ("form: standing", 'form: "standing', "YAML 语法错误"),
    ],
)
def test_a_syntax_error_is_reported_on_its_line(
    city_copy: CityCopy, old: str, new: str, message: str
) -> None:
    line = city_copy.replace(INCENTIVES, old, new)

    [problem] = city_copy.problems()
    file, found_line, said = problem.split(":", 2)

    assert file == f"cities/luoyang/{INCENTIVES}"
    assert int(found_line) >= line
    assert message in said


def test_a_repeated_key_is_reported_with_the_line_of_the_first(city_copy: CityCopy) -> None:
    line = city_copy.replace(INCENTIVES, "title: 借书免押金", "title: 甲\n    title: 乙")

    assert city_copy.problems() == [
        f"cities/luoyang/{INCENTIVES}:{line + 1}: incentives[0].title: 重复的键（第一次在第 {line} 行）"
    ]


def test_an_unknown_tag_is_refused(spoil: Spoil) -> None:
    assert "incentives[0].title: 不认识的标记" in spoil(INCENTIVES, "title: 借", "title: !shout 借")


@pytest.mark.parametrize(
    "file",
    ["city.yaml", "units.yaml", "score/2026-01/model.yaml"],
)
def test_a_missing_file_is_named(city_copy: CityCopy, file: str) -> None:
    city_copy.remove(file)

    assert f"cities/luoyang/{file}:1: 缺少这个文件" in city_copy.problems()


@pytest.mark.parametrize("folder", ["calendar", "incentives", "score", "consents"])
def test_a_missing_folder_is_named(city_copy: CityCopy, folder: str) -> None:
    rmtree(city_copy.folder / folder)

    assert f"cities/luoyang/{folder}:1: 缺少这个文件夹" in city_copy.problems()


@pytest.mark.parametrize(
    ("folder", "message"),
    [
        ("calendar", "至少要有一个 .yaml 文件"),
        ("incentives", "至少要有一个 .yaml 文件"),
        ("score", "至少要有一个文件夹"),
        ("consents/scoring", "至少要有一个 .md 文件"),
    ],
)
def test_an_empty_folder_is_named(city_copy: CityCopy, folder: str, message: str) -> None:
    rmtree(city_copy.folder / folder)
    (city_copy.folder / folder).mkdir()

    assert f"cities/luoyang/{folder}:1: {message}" in city_copy.problems()


@pytest.mark.parametrize(
    ("file", "message"),
    [
        ("incentives/more.yml", "这里只放 .yaml 文件"),
        ("consents/scoring/2026-02.txt", "这里只放 .md 文件"),
        ("consents/readme.md", "这里只放文件夹"),
        ("score/model.yaml", "这里只放文件夹"),
    ],
)
def test_a_file_nobody_would_read_is_named(city_copy: CityCopy, file: str, message: str) -> None:
    city_copy.write(file, "x")

    assert city_copy.problems() == [f"cities/luoyang/{file}:1: {message}"]


def test_an_empty_file_is_named(city_copy: CityCopy) -> None:
    city_copy.write("calendar/2027.yaml", "# 待通知公布\n")

    assert city_copy.problems() == ["cities/luoyang/calendar/2027.yaml:1: 文件是空的"]


def test_a_file_in_another_encoding_is_named_with_the_line(city_copy: CityCopy) -> None:
    (city_copy.folder / "calendar/2027.yaml").write_bytes("year: 2027\nsource: 公告\n".encode("gb18030"))

    assert city_copy.problems() == ["cities/luoyang/calendar/2027.yaml:2: 不是 UTF-8 编码"]


def test_a_file_that_holds_another_shape_is_named(city_copy: CityCopy) -> None:
    city_copy.write("units.yaml", "- 单位\n")

    assert "cities/luoyang/units.yaml:1: 应是一组“键: 值”" in city_copy.problems()


def test_a_dimension_without_indicators_is_named(city_copy: CityCopy) -> None:
    line = city_copy.line_of("score/2026-01/model.yaml", "code: goodwill")
    (city_copy.folder / "score/2026-01/indicators/goodwill.yaml").rename(
        city_copy.folder / "score/2026-01/indicators/kindness.yaml"
    )

    assert city_copy.problems() == [
        "cities/luoyang/score/2026-01/indicators/kindness.yaml:1: "
        "model.yaml 里没有维度 kindness（可用：lawful, goodwill）",
        f"cities/luoyang/score/2026-01/model.yaml:{line}: dimensions[1].code: 缺少 indicators/goodwill.yaml",
    ]


def test_two_models_do_not_take_effect_on_the_same_day(city_copy: CityCopy) -> None:
    copytree(city_copy.folder / "score/2026-01", city_copy.folder / "score/2026-02")
    city_copy.replace("score/2026-02/model.yaml", "version: 2026-01", "version: 2026-02")

    [problem] = city_copy.problems()

    assert problem.startswith("cities/luoyang/score/2026-02/model.yaml:")
    assert problem.endswith(": effective_on: 与另一版模型同日生效")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("# 同意书\n", "文件要以 --- 包住的说明（title 等）开头"),
        ("---\ntitle: 同意书\n", "文件要以 --- 包住的说明（title 等）开头"),
        ("---\ntitle: 甲\ntitle: 乙\n---\n正文", "title: 重复的键（第一次在第 2 行）"),
        ("---\ntitle: 同意书\n---\n正文", "effective_on: 缺少这一项"),
        (
            "---\ntitle: 甲\neffective_on: 2026-02-01\nrequired_for: 乙\nwithdrawal: 丙\n---\n\n",
            "说明之后没有正文",
        ),
    ],
)
def test_a_consent_text_without_proper_front_matter_is_named(
    city_copy: CityCopy, text: str, message: str
) -> None:
    city_copy.write("consents/scoring/2026-02.md", text)

    problems = city_copy.problems()

    assert any(problem.startswith("cities/luoyang/consents/scoring/2026-02.md:") for problem in problems)
    assert any(problem.endswith(message) for problem in problems)


def test_a_name_that_cannot_be_a_code_is_named(city_copy: CityCopy) -> None:
    text = (city_copy.folder / "consents/scoring/2026-01.md").read_text(encoding="utf-8")
    city_copy.write("consents/Partner Query/2026-01.md", text)

    assert city_copy.problems() == ["cities/luoyang/consents/Partner Query:1: 名称只用小写字母、数字、- 和 _"]


def test_a_city_that_does_not_exist_has_problems_and_no_traceback(tmp_path: Path) -> None:
    with pytest.raises(CityDataError, match=r"atlantis/city\.yaml:1: 缺少这个文件"):
        load_city(tmp_path / "atlantis")


def test_a_city_in_earnest_has_no_demonstration(city_copy: CityCopy) -> None:
    city_copy.remove("demonstration.yaml")

    assert city_copy.load().demonstration.people == ()
