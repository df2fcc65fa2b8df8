"""Indexes built while their tables are read and written: a lock would stop the tills."""

from collections.abc import Iterable

import sqlalchemy as sa
from alembic import op

HALF_BUILT = sa.text("SELECT 1 FROM pg_index WHERE indexrelid = to_regclass(:name) AND NOT indisvalid")


def build_indexes(indexes: Iterable[tuple[str, str]], *, instead_of: str | None = None) -> None:
    """Build each (name, columns) that is not there yet; `instead_of` names one that they make needless.

    It must be the first thing of a migration. It commits what stands before it and works outside of any
    transaction, so all that follows, with the number of the migration, then comes about wholly or not at all:
    a migration that breaks off anywhere is simply run again. One that broke off while it built an index has
    left it half-built, where IF NOT EXISTS would find it.
    """
    with op.get_context().autocommit_block():
        for name, columns in indexes:
            if op.get_bind().scalar(HALF_BUILT, {"name": name}):
                op.execute(f"DROP INDEX CONCURRENTLY {name}")
            op.execute(f"CREATE INDEX CONCURRENTLY IF NOT EXISTS {name} ON {columns}")
        if instead_of:
            op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {instead_of}")
