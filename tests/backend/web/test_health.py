"""Whether the service is alive and ready, and what its figures tell."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from secrets import token_hex
from uuid import uuid4

import pytest
from alembic import command
from flask.testing import FlaskClient

from backend.core.clock import ShiftedClock
from backend.core.database import connect
from backend.core.scopes import SYSTEM
from backend.main import Parts, alembic_config, readiness_checks
from backend.web.application import Application
from tests.factories.journey import API, Visitor

NewVisitor = Callable[[], Visitor]


@pytest.fixture
def client(app: Application) -> FlaskClient:
    return app.test_client()


def unready(client: FlaskClient) -> set[str]:
    """What /readyz says is not ready; the answer has to fit."""
    answer = client.get("/readyz")
    checks = answer.json["checks"]
    assert set(checks) == {"database", "migrations", "guards", "keys"}
    failing = {name for name, outcome in checks.items() if outcome != "ok"}
    expected = (503, "unavailable") if failing else (200, "ok")
    assert (answer.status_code, answer.json["status"]) == expected
    assert ("Retry-After" in answer.headers) == bool(failing)
    return failing


def test_a_running_service_is_alive_and_ready(client: FlaskClient) -> None:
    assert client.get("/healthz").json == {"status": "ok"}
    assert unready(client) == set()


def test_without_its_database_the_service_is_alive_but_not_ready(
    app: Application, client: FlaskClient, parts: Parts, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    away = connect(database_url.replace("city?", "no_such_database?"), pool_size=1)
    monkeypatch.setitem(app.extensions, "readiness", readiness_checks(replace(parts, engine=away)))
    assert unready(client) == {"database", "migrations", "guards"}
    assert client.get("/healthz").status_code == 200
    assert "no_such_database" not in client.get("/readyz").text
    away.dispose()


@pytest.mark.parametrize("revision", ["base", "0002"])
def test_behind_its_migrations_the_service_is_not_ready(
    app: Application,
    client: FlaskClient,
    parts: Parts,
    new_database: Callable[[str], str],
    monkeypatch: pytest.MonkeyPatch,
    revision: str,
) -> None:
    url = new_database("behind")
    config = alembic_config(url)
    if revision != "base":
        command.upgrade(config, revision)
    behind = connect(url, pool_size=1)
    monkeypatch.setitem(app.extensions, "readiness", readiness_checks(replace(parts, engine=behind)))
    assert unready(client) == {"migrations"}
    command.upgrade(config, "head")
    assert unready(client) == set()
    behind.dispose()


def test_on_connections_that_pass_the_row_guards_by_the_service_is_not_ready(
    app: Application, client: FlaskClient, parts: Parts, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for role in (SYSTEM, "none"):
        unguarded = connect(database_url, pool_size=1, role=role)
        monkeypatch.setitem(app.extensions, "readiness", readiness_checks(replace(parts, engine=unguarded)))
        assert unready(client) == {"guards"}
        unguarded.dispose()


def test_without_a_ticket_key_in_force_the_service_is_not_ready(
    client: FlaskClient, clock: ShiftedClock
) -> None:
    clock.ahead = timedelta(days=91)
    assert unready(client) == {"keys"}


def test_figures_are_counted_by_route_and_never_by_id(client: FlaskClient, visitor: NewVisitor) -> None:
    resident, voucher, word = visitor(), uuid4(), token_hex(6)
    resident.sign_in()
    resident.get(f"/resident/vouchers/{voucher}")
    client.get(f"/{word}")
    client.get(f"{API}/public/units/{word}")
    figures = client.get("/metrics").text
    route = f"{API}/resident/vouchers/<uuid:voucher_id>"
    counted = f'http_requests_total{{method="GET",route="{route}",status="404"}}'
    assert counted in figures
    for secret in (str(voucher), word, resident.tokens["resident"]["id"], resident.user):
        assert secret not in figures


def test_every_label_of_the_figures_is_one_of_few(app: Application, client: FlaskClient) -> None:
    client.open("/healthz", method=f"X{token_hex(4)}".upper())
    client.open(f"/{token_hex(4)}", method="BREW")
    figures = client.get("/metrics").text
    routes, methods = labels(figures, "route"), labels(figures, "method")
    assert routes <= {rule.rule for rule in app.url_map.iter_rules()} | {"unknown"} | probes(routes)
    assert methods <= {"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE", "other"}


def labels(figures: str, name: str) -> set[str]:
    return set(re.findall(rf'http_request[a-z_]*{{[^}}]*{name}="([^"]*)"', figures))


def probes(routes: set[str]) -> set[str]:
    """Routes of the small application of other tests, which counts in the same process."""
    return {route for route in routes if "/probes/" in route}


def test_every_answer_is_counted_once_as_it_was_sent(client: FlaskClient) -> None:
    path = f"{API}/public/city"
    etag = client.get(path).headers["ETag"]
    before = [count(client, path, status) for status in (200, 304)]
    for headers in ({}, {}, {}, {"If-None-Match": etag}, {"If-None-Match": etag}):
        client.get(path, headers=headers)
    after = [count(client, path, status) for status in (200, 304)]
    assert [late - early for early, late in zip(before, after, strict=True)] == [3, 2]


def count(client: FlaskClient, path: str, status: int) -> float:
    line = f'http_requests_total{{method="GET",route="{path}",status="{status}"}}'
    found = re.search(re.escape(line) + r" ([0-9.]+)", client.get("/metrics").text)
    return float(found[1]) if found else 0
