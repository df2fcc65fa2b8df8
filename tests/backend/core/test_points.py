import pytest

from backend.core.points import format_missing, format_points


@pytest.mark.parametrize(
    ("milli", "text"),
    [
        (82_449, "82.4"),
        (82_450, "82.5"),
        (0, "0.0"),
        (49, "0.0"),
        (50, "0.1"),
        (949, "0.9"),
        (950, "1.0"),
        (59_999, "60.0"),
        (100_000, "100.0"),
        (-49, "0.0"),
        (-50, "-0.1"),
        (-82_449, "-82.4"),
        (-82_450, "-82.5"),
    ],
)
def test_points_are_shown_in_tenths_rounded_half_up_on_both_sides_of_zero(milli, text):
    assert format_points(milli) == text


@pytest.mark.parametrize(
    ("score_milli", "needed_milli", "text"),
    [
        (67_973, 80_000, "12.0"),  # the score reads 68.0
        (68_000, 80_000, "12.0"),
        (52_449, 60_000, "7.6"),
        (59_999, 60_000, "0.1"),  # the score reads 60.0, and is not there yet
        (0, 60_000, "60.0"),
    ],
)
def test_what_is_missing_fits_the_figures_as_they_read(
    score_milli: int, needed_milli: int, text: str
) -> None:
    assert format_missing(score_milli, needed_milli) == text
