"""The page to browse the interface: complete, and loading nothing from anywhere else."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from backend.web.application import Application
from tests.factories.answers import refusal

DOCUMENT = Path(__file__).resolve().parents[3] / "backend" / "openapi.json"


@pytest.fixture
def client(app: Application) -> Iterator[FlaskClient]:
    with app.test_client() as client:
        yield client


def load(client: FlaskClient, path: str) -> str:
    answer = client.get(path, buffered=True)
    assert answer.status_code == 200, path
    policy = answer.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; script-src 'self';")
    assert "http" not in policy
    assert "*" not in policy
    return answer.text


def files_of(client: FlaskClient) -> list[str]:
    return re.findall(r'(?:src|href)="([^"]*)"', load(client, "/docs"))


def test_the_page_and_all_its_files_come_from_here(client: FlaskClient) -> None:
    files = files_of(client)
    assert len(files) == 3
    for path in files:
        assert path.startswith("/docs/")
        assert load(client, path)


def test_page_start_and_styles_refer_to_no_other_host(client: FlaskClient) -> None:
    own = load(client, "/docs") + load(client, "/docs/start.js")
    assert "//" not in own
    styles = load(client, "/docs/swagger-ui.css")
    assert "@import" not in styles
    assert not re.search(r"url\(['\"]?(https?:)?//", styles)


def test_the_badge_of_a_checking_service_elsewhere_is_left_out(client: FlaskClient) -> None:
    assert "validatorUrl: null" in load(client, "/docs/start.js")


@pytest.mark.parametrize(
    "name", ["nothing.js", "../__init__.py", "..%2f__init__.py", "%00", "/etc/passwd", "%2fetc%2fpasswd", "."]
)
def test_nothing_else_is_served_from_the_folder(client: FlaskClient, name: str) -> None:
    refusal(client.get(f"/docs/{name}", buffered=True, follow_redirects=True), 404, "not_found")


def test_the_served_document_is_the_tracked_one(client: FlaskClient) -> None:
    assert client.get("/openapi.json").json == json.loads(DOCUMENT.read_text())


def test_the_document_names_every_route_but_no_other(app: Application, client: FlaskClient) -> None:
    documented = {
        (path, method.upper())
        for path, operations in client.get("/openapi.json").json["paths"].items()
        for method in operations
        if method != "parameters"
    }
    routed = {
        (re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule), method)
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert documented == routed


def test_every_operation_may_answer_with_a_problem(client: FlaskClient) -> None:
    for path, operations in client.get("/openapi.json").json["paths"].items():
        for method, operation in operations.items():
            if method != "parameters":
                content = operation["responses"]["default"]["content"]
                assert list(content) == ["application/problem+json"], (path, method)
