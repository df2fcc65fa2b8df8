"""A small application with views that misbehave, around the same web layer as the real one."""

from collections.abc import Iterator
from uuid import uuid4

import pytest
from flask.testing import FlaskClient
from flask.views import MethodView
from flask_smorest import Api
from sqlalchemy import text

from backend.audit import service as audit
from backend.core.actor import SYSTEM, Audience
from backend.main import LARGEST_BODY, Parts
from backend.web import headers, openapi, problems
from backend.web.application import Application
from backend.web.audience import AudienceBlueprint, audience_blueprint
from backend.web.context import request_time
from backend.web.transaction import request_session

INNER = "inner-text-of-the-error"


def record(action: str) -> None:
    """Change the database, so that a test can see whether the change stayed."""
    db = request_session()
    audit.record(db, action, subject=("probe", uuid4()), actor=SYSTEM, now=request_time())
    db.flush()


def misbehaving_views() -> AudienceBlueprint:
    blueprint = audience_blueprint(Audience.PUBLIC, "probes")

    @blueprint.route("/probes/writes-while-reading/<word>")
    class WritesWhileReading(MethodView):
        @blueprint.response(200)
        def get(self, word: str) -> None:
            record(f"probe.{word}")

    @blueprint.route("/probes/writes/<word>")
    class Writes(MethodView):
        @blueprint.response(204)
        def post(self, word: str) -> None:
            record(f"probe.{word}")

    @blueprint.route("/probes/breaks/<word>")
    class Breaks(MethodView):
        @blueprint.response(204)
        def post(self, word: str) -> None:
            record(f"probe.{word}")
            raise RuntimeError(INNER)

    @blueprint.route("/probes/violates/<constraint>")
    class Violates(MethodView):
        @blueprint.response(204)
        def post(self, constraint: str) -> None:
            violation = (
                "DO $$ BEGIN RAISE EXCEPTION USING "
                f"ERRCODE = 'unique_violation', CONSTRAINT = '{constraint}', MESSAGE = '{INNER}'; END $$"
            )
            request_session().execute(text(violation))

    @blueprint.route("/probes/breaks-at-the-commit/<word>")
    class BreaksAtTheCommit(MethodView):
        @blueprint.response(201)
        def post(self, word: str) -> None:
            record(f"probe.{word}")
            late = "UNIQUE DEFERRABLE INITIALLY DEFERRED"
            request_session().execute(text(f"CREATE TEMP TABLE twice (n int {late}) ON COMMIT DROP"))
            request_session().execute(text("INSERT INTO twice VALUES (1), (1)"))

    @blueprint.route("/probes/takes-too-long")
    class TakesTooLong(MethodView):
        @blueprint.response(204)
        def post(self) -> None:
            request_session().execute(text("SET LOCAL statement_timeout = '10ms'"))
            request_session().execute(text("SELECT pg_sleep(5)"))

    return blueprint


@pytest.fixture(scope="package")
def misbehaving_app(parts: Parts) -> Application:
    app = Application("misbehaving")
    app.config["MAX_CONTENT_LENGTH"] = LARGEST_BODY
    app.extensions.update(sessions=parts.sessions, clock=parts.clock)
    headers.install(app)
    Api(app, spec_kwargs=openapi.SPEC).register_blueprint(misbehaving_views())
    problems.install(app)
    return app


@pytest.fixture
def misbehaving(misbehaving_app: Application) -> Iterator[FlaskClient]:
    with misbehaving_app.test_client() as client:
        yield client
