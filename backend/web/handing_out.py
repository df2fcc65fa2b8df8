"""Giving an answer that stands ready, without Flask: what is asked for most is answered so."""

from collections.abc import Callable, Iterable, Sequence
from http import HTTPStatus
from typing import Any

from werkzeug.http import parse_etags, quote_etag

Environ = dict[str, Any]
Answerer = Callable[..., Any]
WsgiApp = Callable[[Environ, Answerer], Iterable[bytes]]
Headers = Sequence[tuple[str, str]]

STATUS_LINES = {status: f"{status.value} {status.phrase}" for status in HTTPStatus}


def hand_out(
    environ: Environ,
    start_response: Answerer,
    body: bytes,
    headers: Headers,
    *,
    status: HTTPStatus = HTTPStatus.OK,
    etag: str | None = None,
) -> tuple[HTTPStatus, list[bytes]]:
    """The status sent, and the content: none when the caller has this very page, by its (weak) ETag."""
    if etag:
        headers = [*headers, ("ETag", quote_etag(etag, weak=True))]
        known = environ.get("HTTP_IF_NONE_MATCH")
        if known and parse_etags(known).contains_weak(etag):
            kept = [header for header in headers if header[0] != "Content-Type"]
            start_response(STATUS_LINES[HTTPStatus.NOT_MODIFIED], kept)
            return HTTPStatus.NOT_MODIFIED, []
    start_response(STATUS_LINES[status], [*headers, ("Content-Length", str(len(body)))])
    return status, [body]
