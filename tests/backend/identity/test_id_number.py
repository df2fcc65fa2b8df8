"""What people type for their ID number, the age it tells, and how a name is masked."""

from datetime import date

import pytest
from stdnum.cn import ric

from backend.identity.errors import InvalidIdNumber
from backend.identity.id_number import born_on, is_adult, mask_name, read_id_number
from tests.factories.people import new_person

TODAY = date(2026, 3, 1)


def number(body: str) -> str:
    """Seventeen digits with the check digit that belongs to them."""
    return body + ric.calc_check_digit(body + "0")


ENDING_IN_X = next(
    number(f"42020219850520{order:03}")
    for order in range(1000)
    if number(f"42020219850520{order:03}").endswith("X")
)
GOOD = number("42020219850520123")
TYPED = {
    "as printed": GOOD,
    "with spaces": f" {GOOD[:6]} {GOOD[6:14]}  {GOOD[14:]}\t",
    "with full-width spaces": f"{GOOD[:6]}\u3000{GOOD[6:]}",
    "in full-width digits": GOOD.translate({ord(digit): ord(digit) + 0xFEE0 for digit in "0123456789X"}),
}


@pytest.mark.parametrize("typed", TYPED.values(), ids=TYPED)
def test_a_number_is_read_however_it_is_typed(typed: str) -> None:
    assert read_id_number(typed, today=TODAY) == GOOD


@pytest.mark.parametrize("letter", ["x", "X", "ｘ", "Ｘ"])
def test_the_last_letter_may_be_small_or_wide(letter: str) -> None:
    assert read_id_number(ENDING_IN_X[:-1] + letter, today=TODAY) == ENDING_IN_X


def test_a_card_of_daye_from_before_its_present_code_is_good() -> None:
    """Daye became a city in 1994 and older cards were issued anew with 420281, birth years unchanged."""
    genuine = number("42028119800101001")
    assert not ric.is_valid(genuine), "the library judges the district by the year of birth"
    assert read_id_number(genuine, today=TODAY) == genuine


WRONG = {
    "nothing": "",
    "spaces only": " " * 18,
    "a digit short": GOOD[:-1],
    "a digit too many": GOOD + "0",
    "an old number of 15 digits": "420202850520123",
    "another check digit": GOOD[:-1] + ("0" if GOOD[-1] != "0" else "1"),
    "two digits swapped": GOOD[:15] + GOOD[16] + GOOD[15] + GOOD[17],
    "a letter inside": GOOD[:16] + "X" + GOOD[17],
    "a region that begins with zero": number("02020219850520123"),
    "30 February": number("42020219850230123"),
    "29 February of a common year": number("42020219850229123"),
    "month 13": number("42020219851301123"),
    "day 0": number("42020219850500123"),
    "born tomorrow": number("42020220260302123"),
    "born in the year 1800": number("42020218000101123"),
    "born in the year 0": number("42020200000101123"),
    "arabic digits": GOOD.translate({ord(digit): 0x660 + int(digit) for digit in "0123456789"}),
}


@pytest.mark.parametrize("typed", WRONG.values(), ids=WRONG)
def test_a_wrong_number_is_refused_by_its_field(typed: str) -> None:
    with pytest.raises(InvalidIdNumber) as refused:
        read_id_number(typed, today=TODAY)
    assert set(refused.value.errors or {}) == {"id_number"}
    assert typed not in str(refused.value) or not typed


def test_every_single_wrong_digit_is_noticed() -> None:
    for position in range(18):
        for digit in set("0123456789") - {GOOD[position]}:
            with pytest.raises(InvalidIdNumber):
                read_id_number(GOOD[:position] + digit + GOOD[position + 1 :], today=TODAY)


def test_the_oldest_people_are_welcome() -> None:
    assert born_on(read_id_number(number("42020219100101123"), today=TODAY)) == date(1910, 1, 1)


@pytest.mark.parametrize(
    ("born", "today", "adult"),
    [
        (date(2008, 3, 1), date(2026, 2, 28), False),
        (date(2008, 3, 1), date(2026, 3, 1), True),
        (date(2008, 3, 2), date(2026, 3, 1), False),
        (date(2007, 12, 31), date(2025, 12, 30), False),
        (date(2007, 12, 31), date(2025, 12, 31), True),
        (date(2008, 2, 29), date(2026, 2, 28), False),
        (date(2008, 2, 29), date(2026, 3, 1), True),
        (date(2026, 3, 1), date(2026, 3, 1), False),
    ],
)
def test_one_is_an_adult_from_the_eighteenth_birthday_on(born: date, today: date, adult: bool) -> None:
    assert is_adult(new_person(born_on=born).id_number, today=today) is adult


@pytest.mark.parametrize(
    ("name", "masked"),
    [
        ("张三", "张*"),
        ("张", "张*"),
        ("王小明", "王*明"),
        ("欧阳娜娜", "欧**娜"),
        ("阿依古丽·买买提", "阿****提"),
        ("A" * 50, "A****A"),
    ],
)
def test_a_masked_name_shows_enough_to_recognise_oneself(name: str, masked: str) -> None:
    assert mask_name(name) == masked
