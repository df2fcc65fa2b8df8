"""Codes that people read out and type."""

import pytest

from backend.core.readable_codes import CHARACTERS, LENGTH, draw_code, read_code


def test_no_two_of_the_31_characters_look_alike() -> None:
    assert len(set(CHARACTERS)) == 31
    assert not set(CHARACTERS) & set("01ILO")


def test_a_drawn_code_is_read_as_it_was_drawn() -> None:
    drawn = {draw_code() for _ in range(200)}
    assert len(drawn) == 200
    assert {read_code(code) for code in drawn} == drawn
    assert {len(code) for code in drawn} == {LENGTH}


@pytest.mark.parametrize(
    "typed",
    [
        "7KMP3XQW",
        "7kmp-3xqw",
        " 7KMP 3XQW ",
        "７ＫＭＰ－３ＸＱＷ",
        "７kmp　3xqw",
        "7KMP–3XQW",
        "7KMP——3XQW",
        "7-K-M-P 3xQw",
    ],
)
def test_however_it_is_typed_it_is_the_same_code(typed: str) -> None:
    assert read_code(typed) == "7KMP3XQW"


@pytest.mark.parametrize(
    "typed", ["", "7KMP3XQ", "7KMP3XQW2", "7KMP3XQO", "7KMP3XQ1", "7KMP.3XQW", "七KMP3XQW", "HS1:7KMP3XQW"]
)
def test_what_cannot_be_a_code_is_none(typed: str) -> None:
    assert read_code(typed) is None
