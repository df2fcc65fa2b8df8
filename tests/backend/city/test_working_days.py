from datetime import date

import pytest

from backend.city import City


def test_the_spring_festival_of_2026_is_nine_days_off(huangshi: City) -> None:
    days = [date(2026, 2, day) for day in range(15, 24)]

    assert not any(huangshi.working_days.is_working_day(day) for day in days)
    assert huangshi.working_days.is_working_day(date(2026, 2, 24))


@pytest.mark.parametrize(
    "day",
    [date(2026, 1, 4), date(2026, 2, 14), date(2026, 2, 28), date(2026, 9, 20), date(2026, 10, 10)],
)
def test_people_work_on_the_weekend_days_that_make_up_for_a_holiday(huangshi: City, day: date) -> None:
    assert day.weekday() >= 5
    assert huangshi.working_days.is_working_day(day)


def test_an_ordinary_weekend_is_off(huangshi: City) -> None:
    assert not huangshi.working_days.is_working_day(date(2026, 3, 7))
    assert not huangshi.working_days.is_working_day(date(2026, 3, 8))


@pytest.mark.parametrize(
    ("start", "count", "end"),
    [
        (date(2026, 3, 2), 3, date(2026, 3, 5)),
        (date(2026, 3, 6), 1, date(2026, 3, 9)),
        # The Saturday before the Spring Festival is worked, the nine days after it are not.
        (date(2026, 2, 13), 1, date(2026, 2, 14)),
        (date(2026, 2, 13), 3, date(2026, 2, 25)),
        (date(2026, 2, 18), 1, date(2026, 2, 24)),
        (date(2026, 2, 26), 2, date(2026, 2, 28)),
        # National Day: off until the 7th, and the Saturday after it is worked.
        (date(2026, 9, 30), 1, date(2026, 10, 8)),
        (date(2026, 9, 30), 3, date(2026, 10, 10)),
        (date(2026, 9, 30), 4, date(2026, 10, 12)),
        (date(2026, 9, 18), 1, date(2026, 9, 20)),
        (date(2025, 12, 31), 1, date(2026, 1, 4)),
        (date(2026, 3, 7), 0, date(2026, 3, 7)),
    ],
)
def test_a_deadline_counts_working_days_after_the_day_it_starts(
    huangshi: City, start: date, count: int, end: date
) -> None:
    assert huangshi.working_days.add(start, count) == end


def test_a_year_without_notice_counts_monday_to_friday_and_says_so(huangshi: City) -> None:
    new_year = date(2099, 1, 1)

    assert new_year.weekday() == 3
    assert huangshi.working_days.add(date(2098, 12, 31), 1) == new_year
    assert not huangshi.working_days.is_certain(new_year)
    assert huangshi.working_days.is_certain(date(2026, 12, 31))


def test_working_days_are_not_counted_backwards(huangshi: City) -> None:
    with pytest.raises(ValueError, match="forward"):
        huangshi.working_days.add(date(2026, 3, 2), -1)
