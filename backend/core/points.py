"""Points as people read them: integers in thousandths, shown in tenths."""

# Engines for a whole city divide as floats, which is exact below 2**53 only: points, quantity and days of the
# largest record, multiplied, stay below that.
MOST_POINTS_MILLI = 200_000
MOST_QUANTITY = 1_000_000
MOST_VALID_DAYS = 36_525
# Of a cap, a range or a whole score.
MOST_SUM_MILLI = 1_000_000_000


def format_points(milli: int) -> str:
    """Tenths of a point, half up: 82449 reads "82.4" and 82450 reads "82.5".

    Halves are rounded away from zero on both sides (-50 reads "-0.1"), so that a point lost looks
    as large as a point gained. Zero has no sign.
    """
    return _format_tenths(_tenths(milli))


def format_missing(score_milli: int, needed_milli: int) -> str:
    """What is missing, so that it fits the two figures as they read: "68.0" and "80.0" leave "12.0".

    Whoever is not there yet never reads "0.0".
    """
    return _format_tenths(max(1, _tenths(needed_milli) - _tenths(score_milli)))


def _tenths(milli: int) -> int:
    size = (abs(milli) + 50) // 100
    return -size if milli < 0 else size


def _format_tenths(tenths: int) -> str:
    return f"{'-' if tenths < 0 else ''}{abs(tenths) // 10}.{abs(tenths) % 10}"


def format_exactly(milli: int) -> str:
    """Every thousandth, as rules are written: 2500 reads "2.5", 125 reads "0.125", 60000 reads "60.0"."""
    whole, thousandths = divmod(abs(milli), 1000)
    decimals = f"{thousandths:03}".rstrip("0") or "0"
    return f"{'-' if milli < 0 else ''}{whole}.{decimals}"
