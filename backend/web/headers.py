"""What every answer carries: a request id, security headers, and an ETag where it was read."""

import re
from uuid import uuid4

from flask import Flask, Response, g, request
from structlog.contextvars import bind_contextvars, clear_contextvars

from backend.web.console import COOKIE
from backend.web.transaction import READING

REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
SECURITY_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
}


def install(app: Flask) -> None:
    app.before_request(give_request_id)
    app.after_request(add_etag)
    app.after_request(add_headers)


def give_request_id() -> None:
    g.request_id = take_request_id(request.headers.get("X-Request-Id", ""))


def take_request_id(offered: str) -> str:
    """A well-formed id from the proxy in front, else a new one; what is logged from here on names it."""
    request_id = offered if REQUEST_ID.fullmatch(offered) else uuid4().hex
    clear_contextvars()
    bind_contextvars(request_id=request_id)
    return request_id


def add_headers(answer: Response) -> Response:
    answer.headers.setdefault("X-Request-Id", g.get("request_id", ""))
    for name, value in SECURITY_HEADERS.items():
        answer.headers.setdefault(name, value)
    is_somebodys = request.headers.get("Authorization") or COOKIE in request.cookies
    if is_somebodys or request.method not in READING:
        answer.headers.setdefault("Cache-Control", "no-store")
    return answer


def add_etag(answer: Response) -> Response:
    """Let a phone on a slow network ask again without loading again."""
    if request.method == "GET" and answer.status_code == 200 and answer.is_json:
        answer.add_etag(weak=True)
        answer.make_conditional(request)
    return answer
