"""The same expression on Apache Spark: for a city whose records do not fit on one machine.

`pyspark` and Java are not among what everybody installs: `make engines` sets them up, from
requirements-spark.txt. Every executor must see the run's folder under the same path and as the same
user, since it is closed to all others; results come back to this process, slice by slice.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any

import ibis
import pyarrow as pa
from ibis.expr.types import Table

from backend.scoring.bulk.engines import Engine

SETTINGS = {
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.ansi.enabled": "true",
    # A slice is small for a cluster; the default of 200 parts is mostly waiting.
    "spark.sql.shuffle.partitions": "32",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
}


class Spark(Engine):
    """On the cluster of that address, such as `spark://host:7077`, or on `local[2]` to try it.

    The session is opened when it is first needed and ends with the process.
    """

    def __init__(self, master: str, *, memory: str = "4g") -> None:
        self._master = master
        self._memory = memory

    @cached_property
    def _session(self) -> Any:
        from pyspark.sql import SparkSession

        builder = SparkSession.builder.appName("city-credit").master(self._master)
        for name, value in {**SETTINGS, "spark.driver.memory": self._memory}.items():
            builder = builder.config(name, value)
        session = builder.getOrCreate()
        session.sparkContext.setLogLevel("ERROR")
        return session

    @contextmanager
    def _backend(self) -> Iterator[ibis.BaseBackend]:
        try:
            yield ibis.pyspark.connect(self._session)
        finally:
            self._session.catalog.clearCache()

    def _read(self, backend: ibis.BaseBackend, files: list[Path]) -> Table:
        # Ibis hands Spark one path: the only file, or the slice's folder.
        return backend.read_parquet(files[0] if len(files) == 1 else files[0].parent)

    def _keep(self, backend: ibis.BaseBackend, lines: Table) -> Table:
        self._session.sql(backend.compile(lines)).cache().createOrReplaceTempView("lines")
        return backend.table("lines")

    def _fetch(self, backend: ibis.BaseBackend, table: Table) -> pa.Table:
        # Ibis would take the way over pandas, where a whole number that may be missing becomes a float.
        return self._session.sql(backend.compile(table)).toArrow()
