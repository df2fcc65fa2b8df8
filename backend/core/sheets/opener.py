"""A program of its own that opens a sheet: it reads a file from standard input and writes a line with the
number of rows, a line for each row, and `end`; or a line with why the file is refused. `reading` runs it,
and says which sheet is meant and how many rows there may be.

It is apart from the rest because it hands a stranger's bytes to parsers: here there are no keys, no
database and little memory, and after some minutes the kernel ends it.
"""

import json
import resource
import sys
from collections.abc import Iterator

from backend.core.sheets.cells import Row
from backend.core.sheets.delimited import read_delimited
from backend.core.sheets.verdicts import Refused, Verdict
from backend.core.sheets.workbook import read_workbook

MEMORY = 1024**3
SECONDS = 300
ZIP = b"PK"
OLD_OR_LOCKED = b"\xd0\xcf\x11\xe0"


def keep_within_limits() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def open_sheet(content: bytes, *, sheet_name: str, most_rows: int) -> tuple[int, Iterator[Row]]:
    """What the file is, its bytes say; its name is not even asked for."""
    if content.startswith(OLD_OR_LOCKED):
        raise Refused(Verdict.OLD_OR_LOCKED)
    count, rows = (
        read_workbook(content, sheet_name=sheet_name) if content.startswith(ZIP) else read_delimited(content)
    )
    # With the heading.
    if count > most_rows + 1:
        raise Refused(Verdict.TOO_MANY_ROWS)
    return count, rows


def tell(content: bytes, *, sheet_name: str, most_rows: int) -> Iterator[str]:
    try:
        count, rows = open_sheet(content, sheet_name=sheet_name, most_rows=most_rows)
        yield json.dumps({"rows": count})
        for row in rows:
            yield row.to_line()
        yield json.dumps({"end": True})
    except Refused as refusal:
        yield json.dumps({"refused": refusal.verdict})
    except (MemoryError, RecursionError):
        yield json.dumps({"refused": Verdict.TOO_COMPLEX})
    # Parsers raise whatever they like at broken files.
    except Exception:
        yield json.dumps({"refused": Verdict.UNREADABLE})


def main() -> None:
    keep_within_limits()
    sheet_name, most_rows = sys.argv[1:]
    for line in tell(sys.stdin.buffer.read(), sheet_name=sheet_name, most_rows=int(most_rows)):
        sys.stdout.write(line + "\n")


if __name__ == "__main__":
    main()
