"""How a record is told: what a city may write about it."""

import pytest

from tests.backend.city.conftest import CityCopy

FILE = "sentences.yaml"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("加 {points} 分", "加 {point} 分", "gain: {point} 不存在（可用：points）"),
        ("减 {points} 分", "减分", "loss: 要有 {points}"),
        ("，长期计分", "，到 {last_day}", "lasting: {last_day} 不存在"),
        ("{month}{what}：{why}", "{month}{why}", "not_counted: 要有 {what}"),
        ("“{name}”", "一项", "anything: 要有 {name}"),
        ("无偿献血 {amount}", "无偿献血 {times}", "what.blood-donation: {times} 不存在"),
        ("无偿献血 {amount}", "无偿献血 {amount", "what.blood-donation: 花括号不成对"),
        ("无偿献血 {amount}", "无偿献血 {quantity:05}", "what.blood-donation: 花括号里只写名称"),
        ('"无偿献血 {amount}"', '""', "what.blood-donation: 不能为空"),
        ("  blood-donation", "  blod-donation", "what.blod-donation: 指标 blod-donation 不存在"),
        ("several:", "severals:", "severals: 没有这个字段，是不是 several？"),
    ],
)
def test_a_wrong_sentence_is_named_with_its_place(city_copy: CityCopy, old: str, new: str, said: str) -> None:
    line = city_copy.replace(FILE, old, new)
    assert f"cities/luoyang/{FILE}:{line}: {said}" in "\n".join(city_copy.problems())


def test_an_indicator_without_a_sentence_of_its_own_is_told_by_its_name(city_copy: CityCopy) -> None:
    city_copy.replace(FILE, '  blood-donation: "无偿献血 {amount}"\n', "")
    sentences = city_copy.load().sentences
    assert sentences.what_of("blood-donation") == sentences.anything


def test_a_city_without_sentences_cannot_be_used(city_copy: CityCopy) -> None:
    city_copy.remove(FILE)
    assert city_copy.problems() == [f"cities/luoyang/{FILE}:1: 缺少这个文件"]
