"""What each engine is really asked, kept as files, so that a review sees a change in it.

After a change that is meant: `python -m tests.backend.scoring.bulk.test_sql`.
"""

from importlib import import_module
from pathlib import Path

import ibis
import pytest

from backend.scoring.bulk.expression import PEOPLE, RECORDS, largest_lines, lines_of, rules_of, scores_of
from tests.backend.scoring.engine.builders import a_model, an_indicator
from tests.backend.scoring.engine.strategies import TODAY

FOLDER = Path(__file__).parent / "sql"
ENGINES = ("duckdb", "pyspark")


@pytest.mark.parametrize("engine", ENGINES)
def test_the_sql_of_each_engine_is_the_one_that_was_looked_through(engine: str) -> None:
    assert sql_of(engine) == (FOLDER / f"{engine}.sql").read_text()


def sql_of(engine: str) -> str:
    """Compiled without the engine, which need not be there."""
    model = a_model(an_indicator())
    people, records, rules = (
        ibis.table(ibis.Schema.from_pyarrow(schema), name=name)
        for name, schema in (("people", PEOPLE), ("records", RECORDS), ("rules", rules_of(model).schema))
    )
    lines = lines_of(records, rules, TODAY)
    kept = ibis.table(lines.schema(), name="lines")
    asked = {"lines": lines, "scores": scores_of(people, kept, rules, model), "heaviest": largest_lines(kept)}
    compiler = import_module(f"ibis.backends.sql.compilers.{engine}").compiler
    texts = {
        name: compiler.to_sqlglot(table).sql(compiler.dialect, pretty=True) for name, table in asked.items()
    }
    return "\n\n".join(f"-- {name}\n{text}" for name, text in texts.items()) + "\n"


if __name__ == "__main__":
    for engine in ENGINES:
        (FOLDER / f"{engine}.sql").write_text(sql_of(engine))
