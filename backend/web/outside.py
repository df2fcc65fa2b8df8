"""Asking another system in the middle of a request, without holding a database connection meanwhile."""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import g

from backend.web import console
from backend.web.audience import find_caller
from backend.web.idempotency import KeyedRequest
from backend.web.transaction import request_session


@contextmanager
def outside_transaction() -> Iterator[None]:
    """A pause in the request's transaction, in which a slow answer keeps nobody else waiting.

    What was written before it is undone, and rows read before it must not be used after it. The
    caller is looked at anew, since the session may have ended; a keyed request takes its key anew,
    since its repeat may have been faster.
    """
    request_session().rollback()
    yield
    if "caller" in g:
        console.find_caller()
    else:
        find_caller()
    keyed: KeyedRequest | None = g.get("keyed")
    if keyed:
        keyed.take_again()
