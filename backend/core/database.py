"""The database base: declarative models, names of constraints, the engine and its sessions."""

from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import BigInteger, DateTime, Engine, LargeBinary, MetaData, Text, Uuid, create_engine
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Session, sessionmaker

from backend.core.ids import new_id

# Tables of the job queue live in a schema of their own.
SEARCH_PATH = "public,jobs"


class Base(DeclarativeBase):
    """All models. A constraint's name tells the refusal it stands for, so each has one."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: DateTime(timezone=True),
        str: Text(),
        int: BigInteger(),
        bytes: LargeBinary(),
        UUID: Uuid(),
        dict[str, Any]: JSONB(),
        list[str]: JSONB(),
        list[dict[str, Any]]: JSONB(),
    }


def one_of(column: str, states: type[StrEnum]) -> str:
    """The text of a CHECK that keeps a column within its states."""
    return f"{column} IN ({', '.join(repr(state.value) for state in states)})"


def connect(url: str, *, pool_size: int) -> Engine:
    """An engine with time-outs on every wait, so that a stuck database answers 503 and not never."""
    return create_engine(
        url.replace("postgresql://", "postgresql+psycopg://", 1),
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=10,
        pool_pre_ping=True,
        # The text of a database error reaches the log; the values of the statement must not.
        hide_parameters=True,
        connect_args={
            "connect_timeout": 5,
            "options": f"-c search_path={SEARCH_PATH} -c statement_timeout=15000 -c timezone=UTC",
        },
    )


def session_factory(engine: Engine) -> sessionmaker[Session]:
    """Sessions that keep loaded values after the commit: the answer is made from them."""
    return sessionmaker(engine, expire_on_commit=False)


__all__ = ["SEARCH_PATH", "Base", "connect", "new_id", "one_of", "session_factory"]
