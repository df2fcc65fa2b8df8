"""Invented people's records in columns, the same for the same seed, slice by slice.

Days lie close around every edge: the day itself, the day before and after, the last day of validity,
29 February. One record in a thousand has the largest quantity there can be.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pyarrow import compute, parquet

from backend.core.points import MOST_QUANTITY
from backend.scoring.bulk.columns import PEOPLE, SLICES, mark_complete, write_rules
from backend.scoring.bulk.expression import RECORDS, day_number
from backend.scoring.engine.model import RecordStatus, ScoreModel

STATUSES = tuple(RecordStatus)
SHARE_OF_STATUS = {
    RecordStatus.ACTIVE: 0.85,
    RecordStatus.OBJECTED: 0.07,
    RecordStatus.REPAIRED: 0.05,
    RecordStatus.WITHDRAWN: 0.03,
}
COUNTABLE = (RecordStatus.ACTIVE, RecordStatus.OBJECTED)
LEAP_DAY = day_number(date(2028, 2, 29))
OLDEST_DAYS = 2_500
Numbers = NDArray[np.int64]


@dataclass(frozen=True)
class InventedCity:
    """So many people with so many records on average, under a model on a day."""

    people: int
    records_each: int
    model: ScoreModel
    on: date
    per_slice: int
    seed: int = 20_260

    @property
    def slices(self) -> range:
        return range(-(-self.people // self.per_slice))

    def records_of(self, number: int) -> pa.Table:
        """All records of a slice as `RECORDS`, with their status as well, also those that never count."""
        draw = np.random.default_rng([self.seed, number])
        first = number * self.per_slice
        count = min(self.per_slice, self.people - first)
        each = draw.integers(0, 2 * self.records_each + 1, count)
        total = int(each.sum())
        indicator = draw.integers(0, len(self.model.indicators), total)
        status = draw.choice(len(STATUSES), total, p=[SHARE_OF_STATUS[one] for one in STATUSES])
        expires = day_number(self.on) + _around(draw, total, 400)
        never = draw.random(total) < 0.7
        columns = {
            "person": np.repeat(np.arange(first, first + count), each),
            "record": _ids(draw, total),
            "indicator": indicator,
            "occurred": self._days(draw, indicator),
            "quantity": _quantities(draw, total),
            "expires": pa.array(expires, mask=never),
            "objected": status == STATUSES.index(RecordStatus.OBJECTED),
        }
        table = pa.table({name: pa.array(column) for name, column in columns.items()}).cast(RECORDS)
        return table.append_column("status", pa.array(status))

    def _days(self, draw: np.random.Generator, indicator: Numbers) -> Numbers:
        """Half of them anywhere in the past, a quarter where validity ends, the others today or on 29 Feb."""
        today, total = day_number(self.on), len(indicator)
        valid = np.array([one.valid_days or OLDEST_DAYS for one in self.model.indicators])[indicator]
        anywhere = today - draw.integers(-2, OLDEST_DAYS, total)
        ending = today - valid + _around(draw, total, 2)
        calendar = np.where(draw.random(total) < 0.5, LEAP_DAY, today + _around(draw, total, 1))
        kind = draw.random(total)
        chosen: Numbers = np.where(kind < 0.5, anywhere, np.where(kind < 0.75, ending, calendar))
        return chosen


def write_columns(folder: Path, city: InventedCity) -> Iterator[int]:
    """The folder of a run, as an export would leave it; tells of each slice."""
    folder.mkdir(parents=True)
    write_rules(folder, city.model)
    residents = pa.array([f"{number:032x}" for number in range(city.people)])
    people = pa.table({"person": np.arange(city.people), "resident": residents})
    parquet.write_table(people, folder / PEOPLE)
    for number in city.slices:
        slice_folder = folder / SLICES / f"slice={number}"
        slice_folder.mkdir(parents=True)
        parquet.write_table(countable(city.records_of(number)), slice_folder / "records.parquet")
        yield number
    mark_complete(folder)


def countable(records: pa.Table) -> pa.Table:
    """What an export takes: repaired and withdrawn records stay behind."""
    codes = pa.array([STATUSES.index(status) for status in COUNTABLE])
    return records.filter(compute.is_in(records["status"], codes)).drop_columns("status")


def _around(draw: np.random.Generator, total: int, days: int) -> Numbers:
    """Half of them within a day, the others within so many days."""
    near, far = draw.integers(-1, 2, total), draw.integers(-days, days + 1, total)
    return np.where(draw.random(total) < 0.5, near, far)


def _quantities(draw: np.random.Generator, total: int) -> Numbers:
    kind = draw.random(total)
    few = np.where(kind < 0.6, 1, draw.integers(2, 61, total))
    return np.where(kind > 0.999, MOST_QUANTITY - draw.integers(0, 2, total), few)


def _ids(draw: np.random.Generator, total: int) -> pa.Array:
    width = 16
    buffer = pa.py_buffer(draw.bytes(width * total))
    fixed = pa.FixedSizeBinaryArray.from_buffers(pa.binary(width), total, [None, buffer])
    return fixed.cast(pa.binary())
