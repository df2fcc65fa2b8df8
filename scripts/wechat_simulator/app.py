"""The simulator's web application."""

import re

from flask import Flask, Response, g, request
from pydantic import ValidationError

from scripts.wechat_simulator.code_calls import code_calls
from scripts.wechat_simulator.control_calls import control_calls
from scripts.wechat_simulator.face_calls import face_calls
from scripts.wechat_simulator.login_calls import login_calls
from scripts.wechat_simulator.message_calls import message_calls
from scripts.wechat_simulator.ncidas_calls import ncidas_calls
from scripts.wechat_simulator.phone_calls import phone_calls
from scripts.wechat_simulator.push_calls import push_calls
from scripts.wechat_simulator.text_calls import text_calls
from scripts.wechat_simulator.token_calls import token_calls
from scripts.wechat_simulator.wire import Refused, answer, refusal
from scripts.wechat_simulator.world import World

MOST_BYTES = 64 * 1024
LOCAL_PAGE = re.compile(r"http://(127\.0\.0\.1|localhost|\[::1\])(:\d{1,5})?")
PARTS = (
    login_calls,
    token_calls,
    phone_calls,
    face_calls,
    message_calls,
    code_calls,
    text_calls,
    ncidas_calls,
    push_calls,
    control_calls,
)


def create_app(world: World) -> Flask:
    """WeChat's calls, the control calls and the page, all on one `world`."""
    app = Flask(__name__, static_folder="page", static_url_path="/__sim/page")
    app.config["MAX_CONTENT_LENGTH"] = MOST_BYTES
    # A dropped connection is an exception, and only the server can treat it as one.
    app.config["PROPAGATE_EXCEPTIONS"] = True
    for calls in PARTS:
        app.register_blueprint(calls(world))
    app.register_error_handler(Refused, lambda refused: refusal(refused.errcode, text=refused.text))
    app.register_error_handler(ValidationError, explain)
    _watch_calls(app, world)
    _let_local_pages_ask(app)

    @app.get("/")
    def page() -> Response:
        response = app.send_static_file("index.html")
        response.headers["Content-Security-Policy"] = (
            "default-src 'self'; img-src data:; frame-ancestors 'self'"
        )
        return response

    return app


def _let_local_pages_ask(app: Flask) -> None:
    """The mobile web page of a trial stands on another port of this machine, and signs in here."""

    @app.after_request
    def allow(response: Response) -> Response:
        if not request.path.startswith("/__sim/"):
            return response
        response.vary.add("Origin")
        origin = request.headers.get("Origin", "")
        if LOCAL_PAGE.fullmatch(origin):
            response.headers["Access-Control-Allow-Origin"] = origin
            response.headers["Access-Control-Allow-Headers"] = "Content-Type"
        return response


def explain(error: ValidationError) -> tuple[Response, int]:
    """What is wrong with a control call."""
    wrong = {".".join(map(str, item["loc"])): item["msg"] for item in error.errors()}
    return answer({"errors": wrong}), 400


def _watch_calls(app: Flask, world: World) -> None:
    """Note every call of WeChat's own in the journal, and let the ordered fault happen to it."""

    @app.before_request
    def begin() -> Response | None:
        if request.path == "/" or request.path.startswith("/__sim/"):
            return None
        g.entry = world.journal.open(request, at=world.clock.now())
        g.fault = fault = world.faults.take(request.path)
        if fault is None:
            return None
        g.entry.fault = fault.mode
        return fault.response()

    @app.after_request
    def finish(response: Response) -> Response:
        if "entry" in g:
            g.entry.note_answer(response)
            if g.fault is not None and g.fault.mode == "delay":
                g.fault.wait()
        return response
