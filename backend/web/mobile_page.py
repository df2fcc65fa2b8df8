"""The mini-program as a mobile web page at `/m/`: files that were built, and one page for all its addresses.

The files come from `miniprogram/`, each with its compressed forms beside it. Nothing in them is secret
and nothing is anybody's own. `config.json` tells the page of a trial where the simulator is.
"""

import mimetypes
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Response, current_app, request, send_from_directory
from flask.views import MethodView
from werkzeug.exceptions import NotFound

from backend.core.actor import Audience
from backend.web.audience import audience_blueprint

blueprint = audience_blueprint(Audience.SERVICE, "mobile_page")

START_PAGE = "index.html"
ENCODINGS = {"br": ".br", "gzip": ".gz"}
# The build names these files after what is in them, so a browser never has to ask again.
NAMED_BY_CONTENT = "assets/"
FOR_GOOD = "public, max-age=31536000, immutable"
ASK_EACH_TIME = "no-cache"


@dataclass(frozen=True)
class MobilePage:
    """Where the built files are, and in a trial the simulator that signs people in."""

    folder: Path
    simulator: str | None

    @property
    def content_security(self) -> str:
        """Own scripts only; besides the own service, a trial's page may ask the simulator."""
        asked = f"'self' {self.simulator}" if self.simulator else "'self'"
        return (
            "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
            f"img-src 'self' data:; font-src 'self' data:; connect-src {asked}; "
            "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
        )


@blueprint.route("/m/")
class MobileStart(MethodView):
    @blueprint.doc(responses={200: {"description": "HTML"}})
    def get(self) -> Response:
        """Open the mobile web page"""
        return _serve(START_PAGE)


@blueprint.route("/m/config.json")
class MobileConfig(MethodView):
    @blueprint.doc(responses={200: {"description": "`{simulator}`: its address in a trial, else null"}})
    def get(self) -> Any:
        """Tell the mobile web page how one signs in"""
        answer = current_app.json.response({"simulator": _page().simulator})
        answer.headers["Cache-Control"] = ASK_EACH_TIME
        return answer


@blueprint.route("/m/<path:name>")
class MobileFile(MethodView):
    @blueprint.doc(responses={200: {"description": "A file, or the page for an address within it"}})
    def get(self, name: str) -> Response:
        """Serve a file of the mobile web page"""
        # The page's own addresses have no suffix; it finds out by itself what they mean.
        return _serve(name if Path(name).suffix else START_PAGE)


def _page() -> MobilePage:
    page: MobilePage = current_app.extensions["mobile_page"]
    return page


def _serve(name: str) -> Response:
    if Path(name).suffix in ENCODINGS.values():
        raise NotFound
    page = _page()
    encoding = _best_encoding(page.folder, name)
    answer = send_from_directory(page.folder, name + ENCODINGS.get(encoding, ""), etag=True)
    # The files are small; read at once, none stays open when an answer is not taken to its end.
    answer.direct_passthrough = False
    answer.make_sequence()
    answer.close()
    if encoding:
        answer.headers["Content-Encoding"] = encoding
        answer.headers["Content-Type"] = _content_type(name)
    answer.vary.add("Accept-Encoding")
    answer.headers["Cache-Control"] = FOR_GOOD if name.startswith(NAMED_BY_CONTENT) else ASK_EACH_TIME
    answer.headers["Content-Security-Policy"] = page.content_security
    return answer


def _best_encoding(folder: Path, name: str) -> str:
    """The smallest form there is that the browser takes, or none."""
    for encoding, suffix in ENCODINGS.items():
        if request.accept_encodings[encoding] > 0 and (folder / (name + suffix)).is_file():
            return encoding
    return ""


def _content_type(name: str) -> str:
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    return f"{kind}; charset=utf-8" if kind.startswith("text/") else kind
