"""A database that goes away after the answer was made does not take the answer with it."""

import psycopg
from sqlalchemy import text

from backend.web.application import Application
from backend.web.transaction import close_session, request_session


def test_a_connection_that_dies_before_the_end_of_the_request_spoils_nothing(
    app: Application, database_url: str
) -> None:
    with app.test_request_context("/"):
        number = request_session().scalar(text("SELECT pg_backend_pid()"))
        with psycopg.connect(database_url, autocommit=True) as operator:
            operator.execute("SELECT pg_terminate_backend(%s::int, 5000)", [number])
        close_session()
        assert request_session().scalar(text("SELECT 1")) == 1
