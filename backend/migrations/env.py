"""How Alembic reaches the database and the models."""

from typing import Any

from alembic import context
from sqlalchemy import create_engine, pool

import backend.accounts.models
import backend.audit.models
import backend.consents.models
import backend.identity.models
import backend.incentives.models
import backend.incentives.sheets.models
import backend.notices.models
import backend.office.models
import backend.partners.models
import backend.reports.models
import backend.scoring.models
import backend.scoring.versions.models
import backend.sources.models
import backend.vouchers.models
import backend.web.idempotency
import backend.wechat.models  # noqa: F401
from backend.core.database import SEARCH_PATH, Base


def is_ours(_object: Any, name: str | None, kind: str, reflected: bool, _compare_to: Any) -> bool:
    """The job queue's tables come with its package, not from our models."""
    return not (kind == "table" and reflected and (name or "").startswith("procrastinate_"))


def run() -> None:
    url = context.config.attributes["url"].replace("postgresql://", "postgresql+psycopg://", 1)
    options = f"-c search_path={SEARCH_PATH} -c lock_timeout=5000"
    engine = create_engine(url, poolclass=pool.NullPool, connect_args={"options": options})
    with engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            compare_type=True,
            include_object=is_ours,
        )
        with context.begin_transaction():
            context.run_migrations()


run()
