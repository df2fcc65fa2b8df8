"""The mini-program as a mobile web page at `/m/`: the built files, and one page for all its addresses.

The files come from `miniprogram/`. `config.json` tells the page of a trial where the simulator is.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Response, current_app
from flask.views import MethodView

from backend.core.actor import Audience
from backend.web.audience import audience_blueprint
from backend.web.built_files import ASK_EACH_TIME, START_PAGE, BuiltFiles

blueprint = audience_blueprint(Audience.SERVICE, "mobile_page")


@dataclass(frozen=True)
class MobilePage:
    """Where the built files are, and in a trial the simulator that signs people in."""

    folder: Path
    simulator: str | None

    @property
    def files(self) -> BuiltFiles:
        return BuiltFiles(self.folder, may_ask=(self.simulator,) if self.simulator else ())


@blueprint.route("/m/")
class MobileStart(MethodView):
    @blueprint.doc(responses={200: {"description": "HTML"}})
    def get(self) -> Response:
        """Open the mobile web page"""
        return _page().files.serve()


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
        return _page().files.serve(name if Path(name).suffix else START_PAGE)


def _page() -> MobilePage:
    page: MobilePage = current_app.extensions["mobile_page"]
    return page
