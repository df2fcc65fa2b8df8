"""The database session of a request: opened when first asked for, closed at the end."""

from typing import Any

import structlog
from flask import current_app, g, request
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session, sessionmaker

READING = {"GET", "HEAD", "OPTIONS"}

log = structlog.get_logger(__name__)


def act_as_system() -> None:
    """Let this request see everybody's rows: for signing in and proving who one is, before which it is
    nobody's. To be said before the session is first asked for."""
    assert not has_session()
    g.acts_as_system = True


def request_session() -> Session:
    """The session of this request. A reading request gets a transaction that cannot write."""
    if not has_session():
        source = "system_sessions" if g.get("acts_as_system") else "sessions"
        sessions: sessionmaker[Session] = current_app.extensions[source]
        session = sessions()
        if request.method in READING:
            session.connection(execution_options={"postgresql_readonly": True})
        g.session = session
    opened: Session = g.session
    return opened


def has_session() -> bool:
    return "session" in g


def commit_session() -> None:
    if has_session():
        request_session().commit()


def close_session(_error: Any = None) -> None:
    """At the end of the request; rolls back whatever was not committed."""
    session: Session | None = g.pop("session", None)
    if session is None:
        return
    try:
        session.close()
    except DBAPIError as error:
        # The connection died after the answer was made. The answer stands: what it tells was committed.
        log.warning("connection lost at the end", kind=type(error).__name__)
        session.invalidate()
