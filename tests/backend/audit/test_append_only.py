"""What happened stays written: the database itself refuses to change or delete it."""

from collections.abc import Callable

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from backend.core.scopes import REQUEST, SYSTEM, act_as_owner
from tests.factories.catalogue import new_incentive, new_shop
from tests.factories.journey import Visitor

NewVisitor = Callable[[], Visitor]
COLUMNS = {"audit_events": "action", "consent_events": "decision", "access_log": "purpose"}


@pytest.fixture
def _something_happened(visitor: NewVisitor, db: Session) -> None:
    """A row in each of the tables."""
    shop = new_shop(db)
    resident, clerk = visitor(), visitor()
    resident.become_scored(db)
    clerk.become_clerk(db, shop)
    voucher = resident.claim(new_incentive(db, shops=[shop]).id).json["id"]
    assert clerk.redeem(resident.show(voucher_id=voucher)).status_code == 201


@pytest.mark.usefixtures("_something_happened")
@pytest.mark.parametrize("table", COLUMNS)
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE {table} SET {column} = {column}",
        "DELETE FROM {table}",
        "DELETE FROM {table} WHERE {column} IS NOT NULL",
        "TRUNCATE {table} CASCADE",
    ],
)
def test_nothing_written_is_changed_or_deleted(db: Session, table: str, statement: str) -> None:
    everything = text(f"SELECT count(*), md5(string_agg(t::text, '|' ORDER BY t::text)) FROM {table} AS t")
    before = db.execute(everything).one()
    assert before[0] > 0
    act_as_owner(db)
    with pytest.raises(DBAPIError, match=f"rows of {table} are never changed or deleted"):
        db.execute(text(statement.format(table=table, column=COLUMNS[table])))
    db.rollback()
    assert db.execute(everything).one() == before


@pytest.mark.parametrize("role", [REQUEST, SYSTEM])
@pytest.mark.parametrize("table", COLUMNS)
@pytest.mark.parametrize("statement", ["UPDATE {table} SET {column} = {column}", "DELETE FROM {table}"])
def test_the_application_has_no_right_to_try(db: Session, role: str, table: str, statement: str) -> None:
    db.execute(text(f"SET LOCAL ROLE {role}"))
    with pytest.raises(DBAPIError, match=f"permission denied for table {table}"):
        db.execute(text(statement.format(table=table, column=COLUMNS[table])))


def test_events_are_numbered_by_the_database_alone(db: Session) -> None:
    columns = "id, occurred_at, action, actor_kind, subject_kind, subject_id, data"
    values = "1, now(), 'forged', 'system', 'probe', '1', '{}'"
    with pytest.raises(DBAPIError, match="id"):
        db.execute(text(f"INSERT INTO audit_events ({columns}) VALUES ({values})"))
