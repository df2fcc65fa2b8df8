"""Points as people read them: integers in thousandths, shown in tenths."""


def format_points(milli: int) -> str:
    """Tenths of a point, half up: 82449 reads "82.4" and 82450 reads "82.5".

    Halves are rounded away from zero on both sides (-50 reads "-0.1"), so that a point lost looks
    as large as a point gained. Zero has no sign.
    """
    tenths = (abs(milli) + 50) // 100
    sign = "-" if milli < 0 and tenths else ""
    return f"{sign}{tenths // 10}.{tenths % 10}"


def format_missing(milli: int) -> str:
    """What is still missing, rounded up to tenths: whoever is not there yet never reads "0.0"."""
    return format_points(-(-milli // 100) * 100)
