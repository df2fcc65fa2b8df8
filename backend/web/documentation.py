"""The OpenAPI document and a page to browse it, served from a package and not from elsewhere."""

from pathlib import Path
from typing import Any

import flask_swagger_ui
from flask import Response, current_app, send_from_directory
from flask.views import MethodView

from backend.core.actor import Audience
from backend.web.audience import audience_blueprint

blueprint = audience_blueprint(Audience.SERVICE, "documentation")

SWAGGER_UI = Path(flask_swagger_ui.__file__).parent / "dist"
CONTENT_SECURITY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; connect-src 'self'; frame-ancestors 'none'"
)
PAGE = """<!doctype html>
<html lang="zh-CN">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>接口文档</title>
<link rel="stylesheet" href="/docs/swagger-ui.css">
<div id="swagger-ui"></div>
<script src="/docs/swagger-ui-bundle.js"></script>
<script src="/docs/start.js"></script>
"""
START = """SwaggerUIBundle({ url: "/openapi.json", dom_id: "#swagger-ui", deepLinking: true,
  docExpansion: "list", defaultModelsExpandDepth: 0, tryItOutEnabled: true, validatorUrl: null });
"""


@blueprint.route("/openapi.json")
class OpenApi(MethodView):
    @blueprint.doc(responses={200: {"description": "The OpenAPI document"}})
    def get(self) -> Any:
        """Show the OpenAPI document"""
        return current_app.json.response(current_app.extensions["openapi"]())


@blueprint.route("/docs")
class Docs(MethodView):
    @blueprint.doc(responses={200: {"description": "HTML"}})
    def get(self) -> Response:
        """Browse the interface"""
        return _page(Response(PAGE, content_type="text/html; charset=utf-8"))


@blueprint.route("/docs/<path:name>")
class DocsFile(MethodView):
    @blueprint.doc(responses={200: {"description": "A file of the page"}})
    def get(self, name: str) -> Response:
        """Serve a file of the page"""
        if name == "start.js":
            return _page(Response(START, content_type="text/javascript; charset=utf-8"))
        return _page(send_from_directory(SWAGGER_UI, name, max_age=86_400))


def _page(answer: Response) -> Response:
    answer.headers["Content-Security-Policy"] = CONTENT_SECURITY
    return answer
