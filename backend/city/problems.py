"""What is wrong with a city folder, said so that the person who wrote it finds the place."""

from collections.abc import Iterable
from typing import NamedTuple

Where = tuple[str | int, ...]


def field_name(where: Where) -> str:
    """`("incentives", 3, "level")` as people write it: `incentives[3].level`."""
    name = ""
    for part in where:
        name += f"[{part}]" if isinstance(part, int) else f".{part}"
    return name.removeprefix(".")


class Problem(NamedTuple):
    """One thing to mend. `line` counts from 1; `field` is empty when the whole file is meant."""

    file: str
    line: int
    field: str
    message: str

    def __str__(self) -> str:
        field = f"{self.field}: " if self.field else ""
        return f"{self.file}:{self.line}: {field}{self.message}"


class CityDataError(Exception):
    """A city folder cannot be used; the message lists every problem found, one per line."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(set(problems)))
        super().__init__("\n".join(map(str, self.problems)))
