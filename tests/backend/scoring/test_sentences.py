"""Every record is told in one plain sentence, and the weightiest come first."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from backend.city import City, load_city
from backend.scoring.city_model import own_model
from backend.scoring.engine.compute import compute_score
from backend.scoring.engine.model import Record, RecordStatus
from backend.scoring.explanation import explain
from backend.scoring.sentences import MOST_REASONS, points_in_words

CITIES = Path(__file__).resolve().parents[3] / "cities"
ON = date(2026, 11, 29)


@pytest.fixture(scope="module")
def huangshi() -> City:
    return load_city(CITIES / "huangshi")


@pytest.mark.parametrize(
    ("record", "sentence"),
    [
        (
            Record("1", "social-insurance-year", date(2026, 3, 12)),
            "2026年3月按时缴社会保险满 1 年，加 1.5 分，到 2030年3月11日为止计分。",
        ),
        (
            Record("1", "blood-donation", date(2026, 11, 29), 2),
            "2026年11月无偿献血 2 次，现在加 3 分，以后慢慢减少，2029年11月28日起不再计分。",
        ),
        (
            Record("1", "skill-level", date(2024, 2, 29)),
            "2024年2月取得技能等级证书 1 项，加 1.5 分，长期计分。",
        ),
        (
            Record("1", "judgment-debtor-listed", date(2026, 1, 1)),
            "2026年1月被列为失信被执行人 1 次，减 20 分，到 2027年12月31日为止计分。",
        ),
        (
            Record("1", "charity-donation", date(2024, 12, 1)),
            "2024年12月慈善捐赠 1 次，现在加 不到 0.1 分，以后慢慢减少，2026年12月1日起不再计分。",
        ),
        (
            Record("1", "penalty", date(2025, 1, 1)),
            "2025年1月有 1 条行政处罚记录：已过有效期，不再计分。",
        ),
        (
            Record("1", "penalty", date(2026, 9, 1), status=RecordStatus.OBJECTED),
            "2026年9月有 1 条行政处罚记录：您提出了异议，核实期间不计分。",
        ),
        (
            Record("1", "skill-level", date(2026, 1, 1), expires_on=date(2027, 1, 1)),
            "2026年1月取得技能等级证书 1 项，加 1.5 分，到 2026年12月31日为止计分。",
        ),
    ],
)
def test_a_record_is_told_with_what_it_brings_and_until_when(
    huangshi: City, record: Record, sentence: str
) -> None:
    [line] = _lines(_explained(huangshi, record))
    assert line["sentence"] == sentence


def test_records_of_one_kind_are_one_reason_as_large_as_its_bound_leaves_it(huangshi: City) -> None:
    donations = [Record(str(n), "blood-donation", ON - timedelta(days=n * 100), 2) for n in range(4)]
    explained = _explained(huangshi, *donations)
    [reason] = explained["reasons"]
    assert sum(line["points_milli"] for line in _lines(explained)) > 9_000
    assert reason["points_milli"] == 9_000
    assert reason["sentence"] == "2026年2月至2026年11月无偿献血 8 次，一共加 9 分，这一项已经到了上限。"


def test_a_single_record_above_its_bound_says_what_the_bound_leaves(huangshi: City) -> None:
    [reason] = _explained(huangshi, Record("1", "volunteer-hours", ON, 500))["reasons"]
    assert (reason["points"], reason["sentence"]) == (
        "8.0",
        "2026年11月做志愿服务 500 小时，一共加 8 分，这一项已经到了上限。",
    )


def test_what_adds_stands_first_and_each_by_its_effect(huangshi: City) -> None:
    codes = ["penalty", "power-on-time", "major-penalty", "skill-level", "provincial-commendation"]
    explained = _explained(huangshi, *[Record(code, code, ON) for code in codes])
    assert [reason["points_milli"] for reason in explained["reasons"]] == [6_000, 1_500, 500, -5_000, -2_000]


def test_of_many_reasons_the_weightiest_are_kept(huangshi: City) -> None:
    gains = [each for each in own_model(huangshi, ON).indicators if each.points_milli > 0]
    fine = Record("fine", "judgment-debtor-listed", ON)
    explained = _explained(huangshi, fine, *[Record(each.code, each.code, ON) for each in gains])
    kept = [reason["points_milli"] for reason in explained["reasons"]]
    heaviest = sorted((each.points_milli for each in gains), reverse=True)
    assert kept == [*heaviest[: MOST_REASONS - 1], -20_000]


def test_what_no_longer_counts_is_no_reason(huangshi: City) -> None:
    assert _explained(huangshi, Record("1", "penalty", date(2020, 1, 1)))["reasons"] == []


def test_a_bound_says_how_far_it_lets_points_go(huangshi: City) -> None:
    records = [
        Record("1", "volunteer-hours", ON, 500),
        Record("2", "good-samaritan", ON, 2),
        Record("3", "judgment-debtor-listed", ON),
        Record("4", "refused-enforcement", ON),
    ]
    texts = [
        cut["text"] for part in _explained(huangshi, *records)["dimensions"] for cut in part["adjustments"]
    ]
    assert texts == [
        "这一方面最多减 30 分，再多也不减",
        "“志愿服务时长”最多加 8 分，多出来的不算",
        "这一方面最多加 20 分，多出来的不算",
    ]


@pytest.mark.parametrize("code", ["huangshi", "luoyang", "xiqing"])
def test_every_indicator_of_every_city_has_a_sentence_of_its_own(code: str) -> None:
    city = load_city(CITIES / code)
    for model in city.score_models:
        assert {each.code for each in model.indicators} == set(city.sentences.what)
    records = [Record(each.code, each.code, ON, 2) for each in own_model(city, ON).indicators]
    sentences = [line["sentence"] for line in _lines(_explained(city, *records))]
    assert len(set(sentences)) == len(records)
    assert all(sentence.startswith("2026年11月") and sentence.endswith("。") for sentence in sentences)
    assert all("{" not in sentence and len(sentence) < 70 for sentence in sentences)


@pytest.mark.parametrize(
    ("milli", "words"),
    [(0, "不到 0.1"), (49, "不到 0.1"), (50, "0.1"), (-1_500, "1.5"), (20_000, "20"), (19_999, "20")],
)
def test_points_are_said_without_needless_figures(milli: int, words: str) -> None:
    assert points_in_words(milli) == words


def _explained(city: City, *records: Record) -> Any:
    model = own_model(city, ON)
    return explain(model, city.sentences, compute_score(model, records, ON), records)


def _lines(explained: Any) -> Any:
    return [line for part in explained["dimensions"] for line in part["lines"]]
