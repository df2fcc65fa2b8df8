"""How PostgreSQL would run a query if the tables were large: reading all of one is made dear."""

from typing import Any

from sqlalchemy import Select, text
from sqlalchemy.orm import Session


def plan_of(db: Session, query: Select[Any]) -> str:
    db.execute(text("SET LOCAL enable_seqscan = off"))
    db.execute(text("SET LOCAL enable_sort = off"))
    sql = query.compile(db.connection(), compile_kwargs={"literal_binds": True})
    return "\n".join(db.scalars(text(f"EXPLAIN {sql}".replace(":", r"\:"))))
