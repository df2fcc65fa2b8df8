"""Has a sheet opened by `opener`, and takes its rows as they come."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from subprocess import Popen
from typing import Any

from backend.core.sheets.cells import Row
from backend.core.sheets.verdicts import Refused, Verdict

PROJECT = Path(__file__).resolve().parents[3]
OPENER = [sys.executable, "-E", "-s", "-m", "backend.core.sheets.opener"]


@dataclass(frozen=True)
class OpenSheet:
    """`count` is how many rows there are with the heading; `rows` raises Refused when one goes wrong."""

    count: int
    rows: Iterator[Row]


@contextmanager
def opened(content: bytes, *, sheet_name: str, most_rows: int) -> Iterator[OpenSheet]:
    """`most_rows` is without the heading. Raises Refused. The program ends with the block, however far it
    has come."""
    # An empty environment: the settings hold passwords.
    program = Popen(  # noqa: S603 - our own program, and nothing of the request in the command
        [*OPENER, sheet_name, str(most_rows)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=PROJECT,
        env={},
        text=False,
    )
    try:
        assert program.stdin
        # It reads all of it before it says anything; one that has died is found out by what it did not say.
        with program.stdin as into:
            try:
                into.write(content)
            except BrokenPipeError:
                raise Refused(Verdict.TOO_COMPLEX) from None
        said = _said(program)
        first = next(said)
        yield OpenSheet(first["rows"], _rows(said))
    finally:
        program.kill()
        program.wait()
        if program.stdout:
            program.stdout.close()


def _said(program: "Popen[bytes]") -> Iterator[Any]:
    assert program.stdout
    for line in program.stdout:
        said = json.loads(line)
        if isinstance(said, dict) and "refused" in said:
            raise Refused(Verdict(said["refused"]))
        yield said
        if isinstance(said, dict) and "end" in said:
            return
    # Ended by its limits.
    raise Refused(Verdict.TOO_COMPLEX)


def _rows(said: Iterator[Any]) -> Iterator[Row]:
    for parts in said:
        if isinstance(parts, list):
            yield Row.from_parts(parts)
