"""The console at `/admin/`: the built files of `admin/`. Its own addresses stand behind a `#`."""

from flask import Response, current_app
from flask.views import MethodView

from backend.core.actor import Audience
from backend.web.audience import audience_blueprint
from backend.web.built_files import BuiltFiles

blueprint = audience_blueprint(Audience.SERVICE, "console_page")


@blueprint.route("/admin/")
class ConsoleStart(MethodView):
    @blueprint.doc(responses={200: {"description": "HTML"}})
    def get(self) -> Response:
        """Open the console"""
        return _files().serve()


@blueprint.route("/admin/<path:name>")
class ConsoleFile(MethodView):
    @blueprint.doc(responses={200: {"description": "A file"}})
    def get(self, name: str) -> Response:
        """Serve a file of the console"""
        return _files().serve(name)


def _files() -> BuiltFiles:
    files: BuiltFiles = current_app.extensions["console_page"]
    return files
