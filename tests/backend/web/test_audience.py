"""Every route is for one audience; without one the application does not start."""

from collections.abc import Callable

import pytest
from flask import Blueprint
from flask.views import MethodView
from flask_smorest import Blueprint as SmorestBlueprint

from backend.core.actor import Audience
from backend.web import audience
from backend.web.application import Application
from backend.web.audience import audience_blueprint, refuse_unguarded_routes
from backend.web.console import permission
from tests.factories.answers import refusal
from tests.factories.journey import API, Visitor

NewVisitor = Callable[[], Visitor]


@pytest.mark.parametrize("kind", [Blueprint, SmorestBlueprint])
def test_a_route_of_an_ordinary_blueprint_stops_the_start(kind: type[Blueprint]) -> None:
    app, blueprint = Application("stray"), kind("stray", __name__)
    blueprint.add_url_rule("/stray", view_func=lambda: "open to all", endpoint="stray")
    app.register_blueprint(blueprint)
    with pytest.raises(RuntimeError, match="/stray"):
        refuse_unguarded_routes(app)


def test_a_route_of_the_application_itself_stops_the_start() -> None:
    app = Application("stray")
    app.add_url_rule("/stray", view_func=lambda: "open to all", endpoint="stray")
    with pytest.raises(RuntimeError, match="/stray"):
        refuse_unguarded_routes(app)


def test_a_route_of_an_audience_starts() -> None:
    app, blueprint = Application("proper"), audience_blueprint(Audience.RESIDENT, "proper")

    @blueprint.route("/proper")
    class Proper(MethodView):
        def get(self) -> str:
            return "for residents"

    app.register_blueprint(blueprint)
    refuse_unguarded_routes(app)
    assert [rule.rule for rule in app.url_map.iter_rules()] == ["/api/v1/resident/proper"]


def test_every_audience_that_belongs_to_somebody_has_a_guard() -> None:
    guarded = [*audience.WHO_MAY, *audience.WHO_MAY_BY_COOKIE]
    assert sorted(guarded) == sorted(set(Audience) - {Audience.PUBLIC, Audience.SERVICE})


def staff_app(side: Audience, view: Callable[..., str]) -> Application:
    app, blueprint = Application("proper"), audience_blueprint(side, "proper")
    blueprint.add_url_rule(
        "/proper", view_func=type("Proper", (MethodView,), {"get": view}).as_view("proper")
    )
    app.register_blueprint(blueprint)
    return app


@pytest.mark.parametrize("side", [Audience.OFFICE, Audience.PARTNER])
def test_a_route_of_the_office_or_a_unit_without_a_permission_stops_the_start(side: Audience) -> None:
    def view(_self: object) -> str:
        return "for whoever may"

    with pytest.raises(RuntimeError, match=f"GET /api/v1/{side}/proper"):
        refuse_unguarded_routes(staff_app(side, view), {"a.permission"})
    with pytest.raises(RuntimeError, match="without a permission"):
        refuse_unguarded_routes(staff_app(side, permission("mis.spelt")(view)), {"a.permission"})
    refuse_unguarded_routes(staff_app(side, permission("a.permission")(view)), {"a.permission"})


@pytest.mark.parametrize(
    "header",
    ["", "Bearer", "Bearer ", "Basic dTpw", "Token abc", "bearer\tabc", "编号".encode().decode("latin-1")],
)
def test_whoever_brings_no_token_is_asked_to_sign_in(app: Application, header: str) -> None:
    answer = app.test_client().get(f"{API}/resident/score", headers={"Authorization": header})
    refusal(answer, 401, "session.required")


def test_the_name_of_the_scheme_is_written_as_one_likes(visitor: NewVisitor) -> None:
    resident = visitor()
    resident.sign_in()
    token = resident.tokens["access_token"]
    headers = {"Authorization": f"bEARER {token}"}
    assert resident.call("GET", "/resident/identity", headers=headers).status_code == 200
