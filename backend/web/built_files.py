"""The files of a front-end as it was built: each with its compressed forms beside it.

Nothing in them is secret and nothing is anybody's own.
"""

import mimetypes
import re
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from flask import Response, request, send_from_directory
from werkzeug.exceptions import NotFound

START_PAGE = "index.html"
ENCODINGS = {"br": ".br", "gzip": ".gz"}
# The build names these files after what is in them, so a browser never has to ask again.
NAMED_BY_CONTENT = "assets/"
FOR_GOOD = "public, max-age=31536000, immutable"
ASK_EACH_TIME = "no-cache"
SCRIPT_WITHIN = re.compile(rb"<script>(.*?)</script>", re.DOTALL)


@dataclass(frozen=True)
class BuiltFiles:
    """Where the files are, and whom besides the own service their page may ask."""

    folder: Path
    may_ask: tuple[str, ...] = ()

    def content_security(self, *, within: bytes = b"") -> str:
        """Own scripts only. Those the page holds itself (`within`) are named by what is in them, so that
        none can be slipped in."""
        scripts = " ".join(["'self'", *_named_by_content(within)])
        asked = " ".join(("'self'", *self.may_ask))
        return (
            f"default-src 'none'; script-src {scripts}; style-src 'self' 'unsafe-inline'; "
            f"img-src 'self' data: blob:; font-src 'self' data:; connect-src {asked}; "
            "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
        )

    def serve(self, name: str = START_PAGE) -> Response:
        if Path(name).suffix in ENCODINGS.values():
            raise NotFound
        encoding = self._best_encoding(name)
        answer = send_from_directory(self.folder, name + ENCODINGS.get(encoding, ""), etag=True)
        # The files are small; read at once, none stays open when an answer is not taken to its end.
        answer.direct_passthrough = False
        answer.make_sequence()
        answer.close()
        if encoding:
            answer.headers["Content-Encoding"] = encoding
            answer.headers["Content-Type"] = _content_type(name)
        answer.vary.add("Accept-Encoding")
        answer.headers["Cache-Control"] = FOR_GOOD if name.startswith(NAMED_BY_CONTENT) else ASK_EACH_TIME
        start = (self.folder / START_PAGE).read_bytes() if name == START_PAGE else b""
        answer.headers["Content-Security-Policy"] = self.content_security(within=start)
        return answer

    def _best_encoding(self, name: str) -> str:
        """The smallest form there is that the browser takes, or none."""
        for encoding, suffix in ENCODINGS.items():
            if request.accept_encodings[encoding] > 0 and (self.folder / (name + suffix)).is_file():
                return encoding
        return ""


def _named_by_content(page: bytes) -> Iterator[str]:
    for script in SCRIPT_WITHIN.findall(page):
        yield f"'sha256-{b64encode(sha256(script).digest()).decode()}'"


def _content_type(name: str) -> str:
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    return f"{kind}; charset=utf-8" if kind.startswith("text/") else kind
