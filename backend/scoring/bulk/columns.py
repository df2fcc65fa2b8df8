"""The files of a run: its people, its records in slices, its rules. Every engine reads these alone."""

from pathlib import Path

import pyarrow as pa
from pyarrow import parquet

from backend.scoring.bulk.expression import RECORDS, rules_of
from backend.scoring.engine.model import ScoreModel

PEOPLE = "people.parquet"
RULES = "rules.parquet"
NO_RECORDS = "no-records.parquet"
SLICES = "records"
_COMPLETE = "complete"


def write_rules(folder: Path, model: ScoreModel) -> None:
    parquet.write_table(rules_of(model), folder / RULES)
    parquet.write_table(RECORDS.empty_table(), folder / NO_RECORDS)


def mark_complete(folder: Path) -> None:
    """Said last: with this mark all is there."""
    (folder / _COMPLETE).touch()


def is_complete(folder: Path) -> bool:
    return (folder / _COMPLETE).exists()


def count_people(folder: Path) -> int:
    people: int = parquet.read_metadata(folder / PEOPLE).num_rows
    return people


def files_of_slice(folder: Path, number: int) -> list[Path]:
    """Where the records of a slice lie; an empty file when nobody in it has one."""
    files = sorted((folder / SLICES / f"slice={number}").glob("*.parquet"))
    return files or [folder / NO_RECORDS]


def names_of(folder: Path, number: int, *, per_slice: int) -> pa.Table:
    """Who the numbered people of a slice are: person, resident."""
    within = [("person", ">=", number * per_slice), ("person", "<", (number + 1) * per_slice)]
    return parquet.read_table(folder / PEOPLE, filters=within)
