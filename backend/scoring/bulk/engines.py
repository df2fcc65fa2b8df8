"""What the expression runs on: DuckDB in this process, or another engine that Ibis knows."""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import ibis
import pyarrow as pa
from ibis.expr.types import Table

from backend.scoring.bulk.columns import PEOPLE, RULES, files_of_slice
from backend.scoring.bulk.expression import largest_lines, lines_of, scores_of
from backend.scoring.engine.model import ScoreModel


@dataclass(frozen=True, slots=True)
class Results:
    """Of some people, in any order: `scores` as `scores_of` gives them, `heaviest` as `largest_lines`."""

    scores: pa.Table
    heaviest: pa.Table


class Engine(ABC):
    """Scores the people of one slice from the columns in a folder."""

    def score(self, folder: Path, number: int, *, per_slice: int, model: ScoreModel, on: date) -> Results:
        """`model` is the one whose rules lie in the folder."""
        first = number * per_slice
        with self._backend() as backend:
            everybody = backend.read_parquet(folder / PEOPLE).select("person")
            people = everybody.filter((everybody.person >= first) & (everybody.person < first + per_slice))
            rules = backend.read_parquet(folder / RULES)
            records = self._read(backend, files_of_slice(folder, number))
            lines = self._keep(backend, lines_of(records, rules, on))
            return Results(
                scores=self._fetch(backend, scores_of(people, lines, rules, model)),
                heaviest=self._fetch(backend, largest_lines(lines)),
            )

    @contextmanager
    @abstractmethod
    def _backend(self) -> Iterator[ibis.BaseBackend]:
        """The backend for one slice; what was kept in it is gone afterwards."""

    @abstractmethod
    def _read(self, backend: ibis.BaseBackend, files: list[Path]) -> Table: ...

    @abstractmethod
    def _keep(self, backend: ibis.BaseBackend, lines: Table) -> Table:
        """The same lines, computed once though asked for twice."""

    @abstractmethod
    def _fetch(self, backend: ibis.BaseBackend, table: Table) -> pa.Table: ...


class DuckDB(Engine):
    """On this machine, in this process."""

    @contextmanager
    def _backend(self) -> Iterator[ibis.BaseBackend]:
        backend = ibis.duckdb.connect()
        try:
            yield backend
        finally:
            backend.disconnect()

    def _read(self, backend: ibis.BaseBackend, files: list[Path]) -> Table:
        return backend.read_parquet(files)

    def _keep(self, backend: ibis.BaseBackend, lines: Table) -> Table:
        return backend.create_table("lines", lines)

    def _fetch(self, backend: ibis.BaseBackend, table: Table) -> pa.Table:
        return backend.to_pyarrow(table)
