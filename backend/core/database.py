"""The database base: declarative models, names of constraints, the engine and its sessions."""

from collections.abc import Callable, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar, TypeVar
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Connection,
    DateTime,
    Engine,
    LargeBinary,
    MetaData,
    Text,
    Uuid,
    create_engine,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import DeclarativeBase, Session, sessionmaker

from backend.core import scopes
from backend.core.ids import new_id

# Tables of the job queue live in a schema of their own.
SEARCH_PATH = "public,jobs"

Result = TypeVar("Result")


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


def connect(
    url: str,
    *,
    pool_size: int,
    role: str = scopes.REQUEST,
    settings: Mapping[str, str] | None = None,
    commits_each_statement: bool = False,
    asks_before_use: bool = True,
) -> Engine:
    """An engine with time-outs on every wait, so that a stuck database answers 503 and not never.

    Its transactions start in `role`; see `backend.core.scopes`. `settings` are PostgreSQL's, for all
    its connections. A connection is asked before use whether it still lives, or else the engine is for
    `read_on_living_connection` only.
    """
    options = {"search_path": SEARCH_PATH, "statement_timeout": "15000", "timezone": "UTC"}
    return create_engine(
        url.replace("postgresql://", "postgresql+psycopg://", 1),
        isolation_level="AUTOCOMMIT" if commits_each_statement else "READ COMMITTED",
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=10,
        pool_pre_ping=asks_before_use,
        # The text of a database error reaches the log; the values of the statement must not.
        hide_parameters=True,
        connect_args={
            "connect_timeout": 5,
            "options": " ".join(
                [scopes.role_option(role)]
                + [f"-c {name}={value}" for name, value in {**options, **(settings or {})}.items()]
            ),
        },
    )


def read_on_living_connection(engine: Engine, read: Callable[[Connection], Result]) -> Result:
    """Read something, on an engine that does not ask before use.

    That a connection died while it lay idle shows at the first statement, and reading is begun once more on
    a new one. Not for changes: of a connection that dies nobody knows how far it came.
    """
    for is_last in (False, True):
        with engine.connect() as connection:
            try:
                return read(connection)
            except DBAPIError as error:
                if is_last or not error.connection_invalidated:
                    raise
    raise AssertionError("the last try gives a result or raises")


def request_sessions(engine: Engine) -> sessionmaker[Session]:
    """For requests: the guarded tables are empty until the session enters a scope.

    Loaded values are kept after the commit: the answer is made from them.
    """
    return sessionmaker(engine, class_=scopes.ScopedSession, expire_on_commit=False)


def system_sessions(engine: Engine) -> sessionmaker[Session]:
    """For the system itself, which sees all rows: jobs, commands, signing in, batches of requests."""
    return sessionmaker(engine, class_=scopes.SystemSession, expire_on_commit=False)


__all__ = [
    "SEARCH_PATH",
    "Base",
    "connect",
    "new_id",
    "one_of",
    "read_on_living_connection",
    "request_sessions",
    "system_sessions",
]
