"""How PostgreSQL runs a query: its plan if the tables were large, and how much it really reads."""

from typing import Any

from sqlalchemy import Select, text
from sqlalchemy.orm import Session


def plan_of(db: Session, query: Select[Any]) -> str:
    """Reading all of a table, and sorting, are made dear."""
    db.execute(text("SET LOCAL enable_seqscan = off"))
    db.execute(text("SET LOCAL enable_sort = off"))
    sql = query.compile(db.connection(), compile_kwargs={"literal_binds": True})
    return "\n".join(db.scalars(text(f"EXPLAIN {sql}".replace(":", r"\:"))))


def blocks_read(db: Session, query: Select[Any]) -> int:
    """How many blocks of 8 KiB it touches, whether they were in memory or not: what time stands for, without
    the machine's part in it."""
    compiled = query.compile(db.connection(), compile_kwargs={"render_postcompile": True})
    explain = "EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) " + str(compiled)
    (told,) = db.connection().exec_driver_sql(explain, compiled.params).scalar_one()
    plan = told["Plan"]
    blocks: int = plan["Shared Hit Blocks"] + plan["Shared Read Blocks"]
    return blocks
