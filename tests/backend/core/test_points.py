import pytest

from backend.core.points import format_points


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
