"""Routes with a quick way: tried before the request has a transaction, and mostly enough.

The quick way gets the word of the access token only and looks at the session itself, together with
everything else. Where it gives None it has done nothing, and the request goes the plain way as if
nothing had been: session, idempotency key, limits, shapes, and the view.
"""

from collections.abc import Callable
from contextlib import suppress
from http import HTTPStatus
from typing import Any, TypeVar

import orjson
from flask import Response, g, request
from marshmallow import Schema, ValidationError
from werkzeug.exceptions import HTTPException

from backend.core.actor import Actor

View = TypeVar("View", bound=Callable[..., Any])
QuickWay = Callable[[Actor], str | None]


def quick_way(attempt: QuickWay) -> Callable[[View], View]:
    """Mark a view: `attempt` is tried first. It gives the JSON text of the answer (201 to a POST, else
    200), or None."""

    def mark(view: View) -> View:
        view._quick_way = attempt  # type: ignore[attr-defined]
        return view

    return mark


def find_quick_way(view: Callable[..., Any] | None) -> QuickWay | None:
    return getattr(view, "_quick_way", None)


def try_quick_way(attempt: QuickWay, actor: Actor) -> Response | None:
    body = None if request.args else attempt(actor)
    if body is None:
        return None
    g.actor = actor
    status = HTTPStatus.CREATED if request.method == "POST" else HTTPStatus.OK
    return Response(body, status=status, content_type="application/json")


def read_body(schema: Schema) -> dict[str, Any] | None:
    """The body in this shape; None when it is anything else, which the plain way then tells."""
    if not request.is_json:
        return None
    with suppress(orjson.JSONDecodeError, ValidationError, HTTPException):
        body: dict[str, Any] = schema.load(orjson.loads(request.get_data()))
        return body
    return None
