"""Quick ways: tried before Flask, and for the calls that come most nearly always enough.

A quick way gets the word of the access token only and looks at the session itself, together with
everything else. Where it gives None it has done nothing, and the request goes the plain way as if
nothing had been: session, idempotency key, limits, shapes, and the view.
"""

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from http import HTTPStatus
from io import BytesIO
from typing import Any, TypeVar

from flask import Flask, request
from werkzeug.http import generate_etag

from backend.core.actor import Actor, ActorKind
from backend.core.clock import Clock
from backend.core.errors import DomainError
from backend.web.audience import WHO_MAY, AudienceBlueprint, TokenReader, bearer_token_of
from backend.web.handing_out import Answerer, Environ, WsgiApp, hand_out
from backend.web.headers import SECURITY_HEADERS, take_request_id
from backend.web.health import note_answer

MOST_BODY = 8 * 1024
JSON = "application/json"
HEADERS = [("Content-Type", JSON), ("Cache-Control", "no-store"), *SECURITY_HEADERS.items()]
TROUBLE = "backend.quick_trouble"


@dataclass(frozen=True, slots=True)
class Asked:
    """A request to a quick way. `key` is its Idempotency-Key, not yet looked at."""

    actor: Actor
    now: datetime
    method: str
    path: str
    body: bytes
    key: str | None
    request_id: str


View = TypeVar("View", bound=Callable[..., Any])
QuickWay = Callable[[Flask, Asked], str | None]


def quick_way(attempt: QuickWay) -> Callable[[View], View]:
    """Mark a view of a fixed address: `attempt` is tried first. It gives the JSON text of the answer (201
    to a POST, else 200), or None."""

    def mark(view: View) -> View:
        view._quick_way = attempt  # type: ignore[attr-defined]
        return view

    return mark


@dataclass(frozen=True, slots=True)
class _Way:
    kind: ActorKind
    attempt: Callable[[Asked], str | None]


def install(app: Flask, *, clock: Clock, read_token: TokenReader) -> None:
    """Put the quick ways of the application's views before it; to be called when it has all of them."""
    app.before_request(_tell_trouble)
    app.wsgi_app = QuickFront(app.wsgi_app, _find_ways(app), clock, read_token)  # type: ignore[method-assign]


@dataclass(frozen=True)
class QuickFront:
    app: WsgiApp
    ways: Mapping[tuple[str, str], _Way]
    clock: Clock
    read_token: TokenReader

    def __call__(self, environ: Environ, start_response: Answerer) -> Iterable[bytes]:
        started = time.perf_counter()
        method, path = environ["REQUEST_METHOD"], environ["PATH_INFO"]
        way = self.ways.get((method, path))
        if way is None or (asked := self._read(environ, way)) is None:
            return self.app(environ, start_response)
        try:
            body = way.attempt(asked)
        except Exception as error:
            # Only the application makes error answers.
            environ[TROUBLE], environ["HTTP_X_REQUEST_ID"] = error, asked.request_id
            return self.app(environ, start_response)
        if body is None:
            return self.app(environ, start_response)
        content = body.encode()
        answer = hand_out(
            environ,
            start_response,
            content,
            [*HEADERS, ("X-Request-Id", asked.request_id)],
            status=HTTPStatus.CREATED if method == "POST" else HTTPStatus.OK,
            etag=generate_etag(content) if method == "GET" else None,
        )
        note_answer(path, method, answer[0], time.perf_counter() - started)
        return answer[1]

    def _read(self, environ: Environ, way: _Way) -> Asked | None:
        """None for whatever is not plainly such a request; the application then tells what is wrong."""
        body = _take_body(environ)
        if body is None or environ.get("QUERY_STRING"):
            return None
        try:
            actor = self.read_token(bearer_token_of(environ.get("HTTP_AUTHORIZATION", "")))
        except DomainError:
            return None
        # Another kind of account is turned away when its session is known to be open.
        if actor.kind is not way.kind:
            return None
        return Asked(
            actor,
            self.clock.now(),
            environ["REQUEST_METHOD"],
            environ["PATH_INFO"],
            body,
            environ.get("HTTP_IDEMPOTENCY_KEY"),
            take_request_id(environ.get("HTTP_X_REQUEST_ID", "")),
        )


def _take_body(environ: Environ) -> bytes | None:
    """The body, left where the application finds it again; None where there is none that we want."""
    if environ["REQUEST_METHOD"] == "GET":
        return b""
    length, kind = environ.get("CONTENT_LENGTH", ""), environ.get("CONTENT_TYPE", "")
    if kind.partition(";")[0] != JSON or not length.isdecimal() or int(length) > MOST_BODY:
        return None
    body: bytes = environ["wsgi.input"].read(int(length))
    environ["wsgi.input"] = BytesIO(body)
    return body


def _tell_trouble() -> None:
    """Let the application answer for what a quick way could not end."""
    if trouble := request.environ.get(TROUBLE):
        raise trouble


def _find_ways(app: Flask) -> dict[tuple[str, str], _Way]:
    """The ways by method and address."""
    ways = {}
    for rule in app.url_map.iter_rules():
        view_class = getattr(app.view_functions[rule.endpoint], "view_class", None)
        for method in rule.methods or ():
            attempt = getattr(getattr(view_class, method.lower(), None), "_quick_way", None)
            if attempt:
                blueprint = app.blueprints[rule.endpoint.rpartition(".")[0]]
                assert isinstance(blueprint, AudienceBlueprint)
                ways[method, rule.rule] = _Way(WHO_MAY[blueprint.audience], partial(attempt, app))
    return ways
