"""Looking for a text in every table of the database, the way somebody with a stolen dump would."""

from sqlalchemy import text
from sqlalchemy.orm import Session

TABLES = text(
    "SELECT format('%I.%I', schemaname, tablename) FROM pg_tables WHERE schemaname IN ('public', 'jobs')"
)


def tables_holding(db: Session, needle: str | bytes) -> list[str]:
    """The tables where it stands in any column of any row, as text or as bytes.

    Only good for what is long and rare: bytes are sought in the hexadecimal form that the dump has.
    """
    raw = needle.encode() if isinstance(needle, str) else needle
    forms = {"hex": f"%{raw.hex()}%", "plain": f"%{needle if isinstance(needle, str) else raw.hex()}%"}
    return [
        table
        for table in db.scalars(TABLES).all()
        if db.scalar(
            text(f"SELECT 1 FROM {table} AS t WHERE t::text LIKE :hex OR t::text LIKE :plain LIMIT 1"), forms
        )
    ]
