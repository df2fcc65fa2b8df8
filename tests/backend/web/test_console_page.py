"""The console: its files, what it may load, and that nothing else lies at its address."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask.testing import FlaskClient

from backend.main import Parts, create_app
from tests.factories.answers import refusal

SCRIPT = "assets/index-1a2b3c.js"


@pytest.fixture(scope="module")
def client(parts: Parts, tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    folder = tmp_path_factory.mktemp("console")
    (folder / "assets").mkdir()
    (folder / "index.html").write_text("<!doctype html><title>工作台</title>")
    for suffix, content in {"": "plain", ".br": "brotli"}.items():
        (folder / (SCRIPT + suffix)).write_text(content)
    settings = parts.settings.model_copy(update={"console_page_dir": folder})
    with create_app(parts=replace(parts, settings=settings)).test_client() as client:
        yield client


def test_the_console_opens_and_is_asked_for_each_time(client: FlaskClient) -> None:
    answer = client.get("/admin/", buffered=True)
    assert (answer.status_code, answer.mimetype) == (200, "text/html")
    assert answer.headers["Cache-Control"] == "no-cache"
    assert "工作台" in answer.text


def test_its_files_come_compressed_and_are_kept_for_good(client: FlaskClient) -> None:
    answer = client.get(f"/admin/{SCRIPT}", headers={"Accept-Encoding": "br"}, buffered=True)
    assert (answer.text, answer.headers["Content-Encoding"]) == ("brotli", "br")
    assert "immutable" in answer.headers["Cache-Control"]


def test_it_loads_from_here_and_asks_nobody_else(client: FlaskClient) -> None:
    policy = client.get("/admin/", buffered=True).headers["Content-Security-Policy"]
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert (rules["default-src"], rules["script-src"], rules["connect-src"]) == ("'none'", "'self'", "'self'")


@pytest.mark.parametrize("name", ["staff", "assets/gone.js", f"{SCRIPT}.br", "../secret.html"])
def test_nothing_else_is_served(client: FlaskClient, name: str) -> None:
    refusal(client.get(f"/admin/{name}", buffered=True, follow_redirects=True), 404, "not_found")
