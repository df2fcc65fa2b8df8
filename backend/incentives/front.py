"""Before the application: pages of the public catalogue handed out without troubling it.

What is handed out is an answer the application gave before, with its headers. Made anew are only the
request id, and whether the caller has the page already. Whatever is not plainly such a page goes on to
the application as if nothing stood here.
"""

import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from sqlalchemy.exc import SQLAlchemyError

from backend.incentives.pages import CataloguePages, Pulse
from backend.web.handing_out import Answerer, Environ, WsgiApp, hand_out
from backend.web.headers import take_request_id
from backend.web.health import note_answer

PATH = "/api/v1/public/incentives"
# Of the answer that was kept, or of the content, which a 304 does not bring.
MADE_ANEW = {"X-Request-Id", "ETag", "Content-Length"}


@dataclass(frozen=True)
class CatalogueFront:
    app: WsgiApp
    pages: CataloguePages

    def __call__(self, environ: Environ, start_response: Answerer) -> Iterable[bytes]:
        started = time.perf_counter()
        if not _is_public_list(environ):
            return self.app(environ, start_response)
        try:
            pulse = self.pages.take_pulse()
        except SQLAlchemyError:  # The application meets the same trouble, and knows what to say.
            return self.app(environ, start_response)
        page = self.pages.find(environ["QUERY_STRING"], pulse)
        if page is None:
            return self._ask(environ, start_response, pulse)
        request_id = take_request_id(environ.get("HTTP_X_REQUEST_ID", ""))
        headers = [*page.headers, ("X-Request-Id", request_id)]
        status, content = hand_out(environ, start_response, page.body, headers, etag=page.etag)
        note_answer(PATH, "GET", status, time.perf_counter() - started)
        return content

    def _ask(self, environ: Environ, start_response: Answerer, pulse: Pulse) -> Iterable[bytes]:
        """Let the application answer, and keep the answer if it may be shown to others."""
        told: list[Any] = []

        def note(status: str, headers: list[tuple[str, str]], *trouble: Any) -> Any:
            told[:] = status, headers
            return start_response(status, headers, *trouble)

        answer = self.app(environ, note)
        body = b"".join(answer)
        if hasattr(answer, "close"):
            answer.close()
        status, headers = told
        if status.startswith("200 ") and not _asks_what_is_near(environ["QUERY_STRING"]):
            self.pages.keep(
                environ["QUERY_STRING"],
                pulse,
                body,
                [header for header in headers if header[0] not in MADE_ANEW],
            )
        return [body]


def _is_public_list(environ: Environ) -> bool:
    return (
        environ["PATH_INFO"] == PATH
        and environ["REQUEST_METHOD"] == "GET"
        # Answers to those who say who they are are told not to be stored.
        and "HTTP_AUTHORIZATION" not in environ
    )


def _asks_what_is_near(query: str) -> bool:
    """There are too many places to keep a page for each, and shops may change without the catalogue."""
    return any(name == "near" for name, _ in parse_qsl(query, keep_blank_values=True))
