"""Whose rows a transaction may see: PostgreSQL's row-level security behind the filters of our queries.

A connection starts in the role `REQUEST`, to which the guarded tables are empty until its transaction
has a scope: a resident, a shop, a unit, an account, a source of records, the office. What works for nobody
in particular (jobs, commands, signing in, batches of many people's requests) says so by acting in the role
`SYSTEM`.
Both end with the transaction, so a pooled connection never carries one over. The policies stand in
migrations 0008 and 0010.
"""

from dataclasses import dataclass, fields
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Connection,
    Function,
    Select,
    SQLColumnExpression,
    Text,
    cast,
    event,
    func,
    literal,
    select,
    text,
)
from sqlalchemy.orm import Session, SessionTransaction

REQUEST = "city_request"
SYSTEM = "city_system"
WHOLE_CITY = "*"


@dataclass(frozen=True, slots=True)
class Scope:
    """For whom a transaction works; each is None for nobody.

    A shop's transaction also gets a resident: the customer whose code was scanned. `office` is the
    district that somebody of the credit office works for, or `WHOLE_CITY`.
    """

    resident_id: UUID | None = None
    shop_id: UUID | None = None
    unit_id: UUID | None = None
    account_id: UUID | None = None
    office: str | None = None
    source: str | None = None


class ScopedSession(Session):
    """The session of one request. Its scope, once entered, holds for every transaction it begins."""


class SystemSession(Session):
    """Sessions of the system itself: they see all rows."""


def enter(db: Session, scope: Scope) -> None:
    """Work for somebody from here on, in this transaction and those that follow in this session."""
    remember(db, scope)
    db.execute(_entering(scope))


def remember(db: Session, scope: Scope) -> None:
    """As `enter`, for a scope that a statement has already set in the present transaction."""
    db.info["scope"] = scope


def serving(resident_id: SQLColumnExpression[UUID]) -> Function[Any]:
    """A column for the query that finds a shop's customer: from then on the transaction may see that
    person's rows. Only a code that the person showed leads here."""
    return func.set_config("app.resident_id", cast(resident_id, Text), True)


def act_as_owner(db: Session) -> None:
    """Lay the guards down until the transaction ends; for loading in bulk, since COPY knows none."""
    db.execute(text("SET LOCAL ROLE NONE"))


def act_as_request(db: Session, scope: Scope) -> None:
    """See no more than a request of this scope would, until the transaction ends: for jobs that work for
    somebody."""
    db.execute(text(f"SET LOCAL ROLE {REQUEST}"))
    db.execute(_entering(scope))


def check_guarded(connection: Connection) -> None:
    """Raise when a connection would pass the guards by: in another role, or in one they do not hold."""
    role = connection.execute(
        text("SELECT rolname, rolsuper OR rolbypassrls AS passes FROM pg_roles WHERE rolname = current_user")
    ).one()
    if role.rolname != REQUEST or role.passes:
        raise RuntimeError("the row guards do not hold this connection")


def role_option(role: str) -> str:
    """The connection option that makes a role the one every transaction starts in."""
    return f"-c role={role}"


def _entering(scope: Scope) -> Select[Any]:
    def value(name: str) -> str:
        entered: UUID | str | None = getattr(scope, name)
        return str(entered) if entered else ""

    names = [field.name for field in fields(scope)]
    return select(*(func.set_config(literal(f"app.{name}"), literal(value(name)), True) for name in names))


# A savepoint begins nothing anew: what its transaction has entered still holds.
@event.listens_for(ScopedSession, "after_begin")
def _enter_again(db: Session, transaction: SessionTransaction, connection: Connection) -> None:
    scope = db.info.get("scope")
    if scope and not transaction.nested:
        connection.execute(_entering(scope))


@event.listens_for(SystemSession, "after_begin")
def _act_as_system(_db: Session, transaction: SessionTransaction, connection: Connection) -> None:
    if not transaction.nested:
        connection.execute(text(f"SET LOCAL ROLE {SYSTEM}"))
