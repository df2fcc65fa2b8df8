"""Connections that die while they lie idle."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from backend.core.database import read_on_living_connection
from backend.core.scopes import act_as_owner
from backend.main import Parts, connect_batches


@pytest.fixture
def readings(parts: Parts) -> Iterator[Engine]:
    engine = connect_batches(parts.engine, for_reading=True)
    yield engine
    engine.dispose()


def process_of(connection: Connection) -> int:
    return connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one()


def end(db: Session, process: int) -> None:
    act_as_owner(db)
    db.execute(text("SELECT pg_terminate_backend(:process, 5000)"), {"process": process})
    db.commit()


def test_a_connection_that_died_meanwhile_is_replaced_unnoticed(readings: Engine, db: Session) -> None:
    first = read_on_living_connection(readings, process_of)
    assert read_on_living_connection(readings, process_of) == first, "it is used again"
    end(db, first)
    assert read_on_living_connection(readings, process_of) != first


def test_control_without_that_the_first_who_comes_would_fail(readings: Engine, db: Session) -> None:
    end(db, read_on_living_connection(readings, process_of))
    with readings.connect() as connection, pytest.raises(OperationalError):
        process_of(connection)


def test_a_reading_that_fails_on_a_new_connection_too_is_not_tried_for_ever(readings: Engine) -> None:
    tries = []

    def end_oneself(connection: Connection) -> None:
        tries.append(process_of(connection))
        connection.exec_driver_sql("SET ROLE NONE")  # its owner may end it
        connection.exec_driver_sql("SELECT pg_terminate_backend(pg_backend_pid())")

    with pytest.raises(OperationalError):
        read_on_living_connection(readings, end_oneself)
    assert len(set(tries)) == 2
